"""A hundred Deployments, with an API server that is in trouble now and then."""

from collections.abc import Iterator
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_images
from chaosimagecorrupt.errors import ImageCorruptError
from chaosimagecorrupt.probes import deployments_recovered
from chaosimagecorrupt.rollbacks import restore_images

from ..faulty_simulator import FaultySimulator
from .conftest import E2E, IMAGE

pytestmark = pytest.mark.skipif(E2E is not None, reason="no real cluster is given a hundred Deployments, nor faults")

NUMBER = 100
SHOP = "part-of=shop"


def manifest(number: Any) -> Any:
    labels = {"app": f"web-{number}"}
    pod = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": IMAGE}]}
    template = {"metadata": {"labels": labels}, "spec": pod}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    metadata = {"name": f"web-{number}", "namespace": "shop", "labels": {**labels, "part-of": "shop"}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


@pytest.fixture(scope="module")
def crowd() -> Iterator[Any]:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    with FaultySimulator([namespace, *(manifest(n) for n in range(NUMBER))]) as simulator:
        yield simulator


@pytest.fixture
def simulator(crowd: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("KUBECONFIG", str(crowd.kubeconfig))
    yield crowd
    crowd.faults.clear()


def deployments(simulator: Any) -> Any:
    return simulator.world.store.list("deployments.apps", "shop")


def images(simulator: Any) -> Any:
    return {d["spec"]["template"]["spec"]["containers"][0]["image"] for d in deployments(simulator)}


def traces(simulator: Any) -> Any:
    """What of the fault is left on Deployments and ReplicaSets."""
    found = [*deployments(simulator), *simulator.world.store.list("replicasets.apps", "shop")]
    marks = ("operatorchaos", "chaosimagecorrupt", "registry.invalid")
    return [o["metadata"]["name"] for o in found if any(mark in str(o) for mark in marks)]


def test_all_are_corrupted_and_restored_whatever_is_answered_now_and_then(simulator: Any) -> None:
    simulator.faults.answer(429, "PATCH", nth=5, times=40, retry_after=1)
    simulator.faults.answer(503, nth=150, times=10)
    simulator.faults.drop("after", "PATCH", nth=60, times=5)
    done = corrupt_images(SHOP, "shop", max_targets=NUMBER, guard=False)
    assert (len(done["targets"]), images(simulator)) == (NUMBER, {"registry.invalid/nonexistent:chaos"})
    simulator.faults.answer(429, "PATCH", nth=20, times=40, retry_after=1)
    simulator.faults.drop("after", "PATCH", nth=80, times=5)
    result = restore_images(SHOP, "shop")
    assert (result["restored"], result["failed"]) == (NUMBER, 0)
    assert deployments_recovered(SHOP, "shop", timeout=120)
    assert (images(simulator), traces(simulator)) == ({IMAGE}, [])


def test_one_that_cannot_be_corrupted_leaves_all_as_they_were(simulator: Any) -> None:
    def label(_: Any) -> None:
        store = simulator.world.store
        found = store.get("deployments.apps", "shop", "web-75")
        labels = {**found["metadata"]["labels"], "chaos.operatorchaos.io/type": "AnotherFault"}
        changed = {**found, "metadata": {**found["metadata"], "labels": labels}}
        store.update("deployments.apps", changed, manager="someone")

    simulator.faults.hook("before", label, "PATCH", r"deployments/web-75\?")
    with pytest.raises(ImageCorruptError, match=f"1 of {NUMBER} Deployments could not be corrupted.*AnotherFault"):
        corrupt_images(SHOP, "shop", max_targets=NUMBER, guard=False)
    assert images(simulator) == {IMAGE}
    assert traces(simulator) == ["web-75"]
