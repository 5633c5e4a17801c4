"""Reads the admission webhooks of a cluster, and which of them the pods of a Deployment serve."""

from typing import NamedTuple

from ..kube.requests import list_request
from ..kube.resources import MUTATING_WEBHOOKS, SERVICES, VALIDATING_WEBHOOKS
from ..kube.types import Deployment, Object
from .target import Target
from .webhooks import ServedWebhook, webhooks_served

__all__ = ["Admission", "admission_configurations", "read_admission", "served_webhooks"]

_KINDS = {
    "ValidatingWebhookConfiguration": VALIDATING_WEBHOOKS,
    "MutatingWebhookConfiguration": MUTATING_WEBHOOKS,
}


class Admission(NamedTuple):
    """What tells which admission webhooks the pods of a namespace serve.

    Attributes:
        services: the Services of the namespace.
        configurations: kind and object of every ValidatingWebhookConfiguration and MutatingWebhookConfiguration.
    """

    services: list[Object]
    configurations: list[tuple[str, Object]]


def admission_configurations(target: Target) -> list[tuple[str, Object]]:
    """Read all admission webhook configurations of the cluster, each with its kind.

    Raises:
        Forbidden: the role does not allow it.
    """
    return [
        (kind, configuration)
        for kind, resource in _KINDS.items()
        for configuration in target.cluster.send(list_request(resource, None))["items"]
    ]


def read_admission(target: Target) -> Admission:
    """Read what tells which admission webhooks the pods of a namespace serve: its services and all configurations.

    Raises:
        Forbidden: the role does not allow it.
    """
    services = list(target.cluster.send(list_request(SERVICES, target.namespace))["items"])
    return Admission(services, admission_configurations(target))


def served_webhooks(target: Target, deployment: Deployment) -> list[ServedWebhook]:
    """Read which admission webhooks the pods of a Deployment serve, as `webhooks_served` returns them.

    Raises:
        Forbidden: the role does not allow it.
    """
    return webhooks_served(deployment, *read_admission(target))
