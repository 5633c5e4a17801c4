"""The objects around the Deployment."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.probes import collateral, resource_condition

from ..fixtures_http import NS, Shop

SERVING = ("operator.knative.dev/v1beta1", "KnativeServing", "seed", "Ready")


@pytest.mark.parametrize(("status", "expected"), [("True", True), ("False", False)])
def test_the_condition_of_a_resource(shop: Shop, monkeypatch: pytest.MonkeyPatch, status: str, expected: bool) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    assert resource_condition(*SERVING, status=status, ns=NS) is expected


def test_a_namespaced_kind_needs_a_namespace(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    with pytest.raises(Refused, match="ns: KnativeServing lives in a namespace"):
        resource_condition(*SERVING)


def test_the_collateral_of_a_deployment(slow: Shop) -> None:
    found = collateral(slow.name, NS)
    assert (found["strategy"], found["replicas"], found["ready_replicas"]) == ("Recreate", 2, 0)
    assert (found["webhooks"], found["not_observed"]) == ([], [])
