"""The objects around the Deployment."""

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS, Resource
from chaosimagecorrupt.probes import collateral, resource_condition, resource_exists

from ..fixtures_http import NS, Shop

SERVING = Resource("operator.knative.dev", "v1beta1", "knativeservings")
READY = ("operator.knative.dev/v1beta1", "KnativeServing", "seed", "Ready")


def write_status(cluster: Cluster, status: str) -> None:
    """Write the operator's condition; tests share its resource."""
    body = {"status": {"conditions": [{"type": "Ready", "status": status}]}}
    path = SERVING.path(NS, "seed") + "/status"
    cluster.send(Request("PATCH", path, "patch", body=body, content_type="application/merge-patch+json"))


@pytest.mark.parametrize(("status", "expected"), [("True", True), ("False", False)])
def test_the_condition_of_a_resource(
    shop: Shop, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, status: str, expected: bool
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    write_status(cluster, "True")
    assert resource_condition(*READY, status=status, ns=NS) is expected


def test_a_namespaced_kind_needs_a_namespace(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    with pytest.raises(Refused, match="ns: KnativeServing lives in a namespace"):
        resource_condition(*READY)


@pytest.mark.parametrize(
    ("kind", "name", "ns", "expected"),
    [
        (READY[:2], "seed", NS, True),
        (READY[:2], "nope", NS, False),
        (READY[:2], "seed", "nope", False),
        (("v1", "Namespace"), NS, None, True),
        (("v1", "Namespace"), NS, "ignored", True),
        (("v1", "Namespace"), "nope", None, False),
    ],
)
def test_whether_a_resource_exists(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: tuple[str, str], name: str, ns: str | None, expected: bool
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    assert resource_exists(*kind, name, ns) is expected


def test_whether_a_resource_exists_is_not_answered_for_an_unknown_kind_or_without_a_namespace(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    with pytest.raises(Refused, match="ns: KnativeServing lives in a namespace"):
        resource_exists(*READY[:3])
    with pytest.raises(Refused, match="kind: v1 has no 'Nope'"):
        resource_exists("v1", "Nope", "x", NS)


def test_the_collateral_of_a_deployment(slow: Shop) -> None:
    found = collateral(slow.name, NS)
    assert (found["strategy"], found["replicas"], found["ready_replicas"]) == ("Recreate", 2, 0)
    assert (found["webhooks"], found["autoscalers"], found["not_observed"]) == ([], [], [])


def test_the_collateral_names_who_owned_the_image_before_the_fault(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    image = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "registry.k8s.io/pause:3.9"}]}}}}
    query, kind = {"fieldManager": "web-operator"}, "application/strategic-merge-patch+json"
    shop.cluster.send(Request("PATCH", DEPLOYMENTS.path(NS, shop.name), "patch", query, image, kind))
    corrupt_image(shop.name, NS, guard=False)
    assert collateral(shop.name, NS)["owners"] == ["manager web-operator (owns the image of app)"]
