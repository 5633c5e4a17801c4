"""The admission webhooks of a cluster are read with the Services of one namespace."""

from collections.abc import Iterator
from typing import Any

import pytest

from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.resources import MUTATING_WEBHOOKS, SERVICES, VALIDATING_WEBHOOKS
from chaosimagecorrupt.workload.admission import admission_configurations, read_admission, served_webhooks
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop

KINDS = {"ValidatingWebhookConfiguration": VALIDATING_WEBHOOKS, "MutatingWebhookConfiguration": MUTATING_WEBHOOKS}


@pytest.fixture
def target(shop: Shop, cluster: Cluster) -> Iterator[Target]:
    """A Deployment whose pods serve a webhook of each kind; all of that is named like it."""
    name = shop.name
    service = {"metadata": {"name": name}, "spec": {"selector": {"app": name}, "ports": [{"port": 443}]}}
    cluster.send(Request("POST", SERVICES.path(NS), "create a Service", body=service))
    webhook: Any = {
        "name": "web.example.com",
        "clientConfig": {"service": {"name": name, "namespace": NS}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    for resource in KINDS.values():
        body = {"metadata": {"name": name}, "webhooks": [webhook]}
        cluster.send(Request("POST", resource.path(None), "create a configuration", body=body))
    yield Target(name, NS, cluster)
    for resource in KINDS.values():
        cluster.send(Request("DELETE", resource.path(None, name), "delete a configuration"))
    cluster.send(Request("DELETE", SERVICES.path(NS, name), "delete a Service"))


def test_configurations_of_both_kinds_are_read(target: Target) -> None:
    found = admission_configurations(target)
    assert {kind for kind, each in found if each["metadata"]["name"] == target.name} == set(KINDS)


def test_services_are_those_of_the_namespace(target: Target) -> None:
    services, configurations = read_admission(target)
    assert target.name in [each["metadata"]["name"] for each in services]
    assert {each["metadata"]["namespace"] for each in services} == {NS}
    assert configurations == admission_configurations(target)


def test_what_its_pods_serve_is_found(target: Target) -> None:
    assert {each["kind"] for each in served_webhooks(target, target.get())} == set(KINDS)
