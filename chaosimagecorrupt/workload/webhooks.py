"""Which admission webhooks the pods of a Deployment serve."""

from collections.abc import Iterable
from typing import TypedDict

from ..kube.labels import pod_labels
from ..kube.types import Deployment, Json

__all__ = ["ServedWebhook", "webhooks_served"]


class ServedWebhook(TypedDict):
    """An admission webhook whose backends are a Deployment's pods.

    `kind` and `configuration` name the object that configures it. The failure policy `Fail` means that requests which
    match are refused when no backend answers.
    """

    kind: str
    configuration: str
    webhook: str
    service: str
    failure_policy: str


def webhooks_served(
    deployment: Deployment, services: Iterable[Json], configurations: Iterable[tuple[str, Json]]
) -> list[ServedWebhook]:
    """Find the admission webhooks whose backends are this Deployment's pods.

    Args:
        deployment: the Deployment.
        services: the Services of its namespace.
        configurations: kind and object of every ValidatingWebhookConfiguration and MutatingWebhookConfiguration.
    """
    namespace, serving = deployment["metadata"]["namespace"], _services_of(deployment, services)
    found: list[ServedWebhook] = []
    for kind, configuration in configurations:
        for webhook in configuration.get("webhooks") or []:
            service = (webhook.get("clientConfig") or {}).get("service") or {}
            if service.get("namespace") == namespace and service.get("name") in serving:
                found.append(
                    {
                        "kind": kind,
                        "configuration": configuration["metadata"]["name"],
                        "webhook": webhook.get("name", ""),
                        "service": service["name"],
                        "failure_policy": webhook.get("failurePolicy", "Fail"),
                    }
                )
    return found


def _services_of(deployment: Deployment, services: Iterable[Json]) -> set[str]:
    """Return the names of the Services that select this Deployment's pods; one without a selector selects none."""
    labels = pod_labels(deployment).items()
    selectors = {s["metadata"]["name"]: (s.get("spec") or {}).get("selector") for s in services}
    return {name for name, selector in selectors.items() if selector and selector.items() <= labels}
