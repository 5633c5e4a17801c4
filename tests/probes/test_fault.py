"""Whether a fault of this run is still in place."""

import copy
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.waiting import WatchSet
from chaosimagecorrupt.probes._fault import (
    fault_of,
    no_longer_in_place,
    no_pods_any_longer,
    no_recovery_possible,
    original_image_is_back,
    over_for,
    over_for_all,
)
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop
from .restores import restored

ORIGINAL = "registry.k8s.io/pause:3.10"


@pytest.fixture
def faulty(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A Deployment that was corrupted by this run."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    corrupt_image(shop.name, NS, guard=False)
    return shop


@pytest.fixture
def target(shop: Shop, cluster: Cluster) -> Target:
    return Target(shop.name, NS, cluster)


def container(deployment: Any) -> Any:
    return deployment["spec"]["template"]["spec"]["containers"][0]


ENDS: dict[str, tuple[Callable[[Any], object], str | None]] = {
    "in place": (lambda d: None, None),
    "an admission webhook changed the image": (lambda d: container(d).update(image="mirror.example/app"), None),
    "scaled to 0": (lambda d: d["spec"].update(replicas=0), "the Deployment has 0 replicas"),
    "created again": (lambda d: d["metadata"].update(uid="x"), "the Deployment was deleted and created again"),
    "renamed": (lambda d: container(d).update(name="main"), "the container app was removed or renamed"),
    "healed": (
        lambda d: (container(d).update(image=ORIGINAL), d["metadata"].pop("managedFields")),
        f"another client put the original image back: app has '{ORIGINAL}'",
    ),
    "superseded": (
        lambda d: (container(d).update(image="app:v2"), d["metadata"].pop("managedFields")),
        "another client set another image: app has 'app:v2'",
    ),
}


@pytest.mark.parametrize(("end", "why"), ENDS.values(), ids=list(ENDS))
def test_why_a_fault_has_no_effect_any_longer(
    faulty: Shop, target: Target, end: Callable[[Any], object], why: str | None
) -> None:
    fault, deployment = fault_of(target), copy.deepcopy(faulty.get())
    assert fault is not None
    end(deployment)
    assert no_longer_in_place(deployment, fault) == why


def test_a_deployment_that_is_gone_has_no_fault(faulty: Shop, target: Target) -> None:
    assert over_for(target)(None) == "the Deployment is gone"


def test_without_a_fault_of_this_run_no_wait_is_in_vain(shop: Shop, target: Target, cluster: Cluster) -> None:
    assert fault_of(target) is None and over_for(target)(None) is None and no_pods_any_longer(target)(None) is None
    assert not original_image_is_back(target) and over_for_all(WatchSet(cluster))() is None


def test_a_fault_that_this_run_restored_is_none(faulty: Shop, target: Target) -> None:
    assert fault_of(target) is not None
    restored(faulty)
    assert fault_of(target) is None


def test_the_original_image_is_back_once_others_put_it_back(faulty: Shop, target: Target) -> None:
    assert not original_image_is_back(target)
    faulty.set_image(ORIGINAL)
    assert original_image_is_back(target)
    faulty.delete()
    assert not original_image_is_back(target)


def test_of_several_faults_all_have_to_be_over(faulty: Shop, cluster: Cluster) -> None:
    other = Shop(faulty.simulator, faulty.cluster)
    corrupt_image(other.name, NS, guard=False)
    faulty.scale(0)
    with closing(WatchSet(cluster)) as one:
        assert over_for_all(one)() is None
    other.scale(0)
    with closing(WatchSet(cluster)) as both:
        assert str(over_for_all(both)()).count("has 0 replicas") == 2


@pytest.mark.parametrize(("replicas", "possible"), [(0, False), (1, True)])
def test_no_pod_shows_a_recovery_without_replicas(replicas: int, possible: bool) -> None:
    deployment: Any = {"spec": {"replicas": replicas}}
    assert (no_recovery_possible(deployment) is None) == possible


def test_a_deployment_that_is_gone_may_be_created_again() -> None:
    assert no_recovery_possible(None) is None
