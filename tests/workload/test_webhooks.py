"""Which admission webhooks the pods of a Deployment serve."""

from typing import Any

import pytest

from chaosimagecorrupt.workload.webhooks import ServedWebhook, webhooks_served

from ..manifests import a_deployment


def a_service(name: str, **selector: str) -> Any:
    return {"metadata": {"name": name}, "spec": {"selector": selector} if selector else {}}


def a_configuration(service: str | None, namespace: str = "shop", **webhook: str) -> Any:
    client = {"service": {"name": service, "namespace": namespace}} if service else {"url": "https://elsewhere"}
    return {"metadata": {"name": "conf"}, "webhooks": [{"name": "w.example.com", "clientConfig": client, **webhook}]}


def served(services: list[dict[str, Any]], configuration: dict[str, Any]) -> list[ServedWebhook]:
    return webhooks_served(a_deployment(), services, [("ValidatingWebhookConfiguration", configuration)])


def test_a_webhook_served_by_its_pods_is_found() -> None:
    assert served([a_service("hook", app="web")], a_configuration("hook", failurePolicy="Ignore")) == [
        {
            "kind": "ValidatingWebhookConfiguration",
            "configuration": "conf",
            "webhook": "w.example.com",
            "service": "hook",
            "failure_policy": "Ignore",
        }
    ]


def test_a_webhook_without_a_policy_fails_as_the_api_has_it() -> None:
    assert served([a_service("hook", app="web")], a_configuration("hook"))[0]["failure_policy"] == "Fail"


@pytest.mark.parametrize(
    ("services", "configuration"),
    [
        # of another Deployment
        ([a_service("hook", app="other")], a_configuration("hook")),
        # asks for a label more than the pods have
        ([a_service("hook", app="web", tier="x")], a_configuration("hook")),
        # without a selector, so its endpoints are made by hand
        ([a_service("hook")], a_configuration("hook")),
        ([{"metadata": {"name": "hook"}}], a_configuration("hook")),
        # of that name in another namespace
        ([a_service("hook", app="web")], a_configuration("hook", namespace="other")),
        ([a_service("hook", app="web")], a_configuration("unheard-of")),
        ([a_service("hook", app="web")], a_configuration(None)),
        ([], a_configuration("hook")),
        ([a_service("hook", app="web")], {"metadata": {"name": "conf"}}),
    ],
)
def test_other_webhooks_are_not(services: list[dict[str, Any]], configuration: dict[str, Any]) -> None:
    assert served(services, configuration) == []
