"""Many Deployments are corrupted at once: all of them, or none."""

import time
from typing import Any

import pytest

from chaosimagecorrupt.errors import ImageCorruptError, Refused
from chaosimagecorrupt.fault.consent import Consent
from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.many import corrupt_all, corrupt_selected
from chaosimagecorrupt.fault.result import InjectionResult
from chaosimagecorrupt.fault.selection import check_selection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import SETTLE, InProcessClient, Place
from ..restricted_client import RestrictedClient
from ..simulated_cluster import CORRUPT, IMAGE, NS
from ..traces import images, traces

NAMES = ("a", "b", "c")

Object = Any


class Group:
    """Three Deployments, and a process that corrupts them one after another."""

    def __init__(self, **paused: bool) -> None:
        self.place = Place(time.time(), [_manifest(name, paused=paused.get(name, False)) for name in NAMES])
        self.clients: dict[str, InProcessClient] = {name: InProcessClient(self.place, "process") for name in NAMES}

    def corrupt(self, **arguments: Any) -> list[InjectionResult]:
        injections = [Injection(Target(n, NS, c), FaultSpec(None, CORRUPT, 60.0)) for n, c in self.clients.items()]
        return corrupt_all(injections, self.found(), guard_handle=None, concurrency=1, **arguments)

    def found(self) -> list[Object]:
        found = [self.place.world.store.get("deployments.apps", NS, name) for name in NAMES]
        return [deployment for deployment in found if deployment is not None]

    def images(self) -> list[str]:
        return [images(deployment)["app"] for deployment in self.found()]

    def traces(self) -> list[str]:
        sets = self.place.world.store.list("replicasets.apps", NS)
        return [trace for deployment in self.found() for trace in traces(deployment, sets, [CORRUPT])]

    def writes(self) -> list[int]:
        return [client.writes for client in self.clients.values()]


def _manifest(name: str, *, paused: bool) -> Object:
    labels = {"app": name}
    pod = {"containers": [{"name": "app", "image": IMAGE}]}
    template = {"metadata": {"labels": labels}, "spec": pod}
    spec = {"replicas": 1, "paused": paused, "selector": {"matchLabels": labels}, "template": template}
    metadata = {"name": name, "namespace": NS, "labels": labels}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def test_all_are_corrupted_and_returned_in_the_order_asked_for() -> None:
    group = Group()
    done = group.corrupt()
    assert group.images() == [CORRUPT] * 3
    assert [(each["deployment"], each["original_image"]) for each in done] == [(name, IMAGE) for name in NAMES]


def test_one_refusal_and_none_is_touched() -> None:
    group = Group(b=True)
    with pytest.raises(Refused, match=r"1 of 3 Deployments are refused, so none was touched: .*shop/b is paused"):
        group.corrupt()
    assert (group.writes(), group.images()) == ([0, 0, 0], [IMAGE] * 3)


def test_one_failure_is_named_and_the_others_are_restored_without_a_trace() -> None:
    group = Group()
    group.clients["b"].troubles = ["422"]
    failed = r'^1 of 3 Deployments could not be corrupted: .* "b" .*: 422, trouble. The others are as they were$'
    with pytest.raises(ImageCorruptError, match=failed):
        group.corrupt()
    assert (group.images(), group.traces(), MEMORY.faults()) == ([IMAGE] * 3, [], [])
    assert group.clients["a"].writes > 0


def test_after_a_failure_no_further_one_is_corrupted() -> None:
    group = Group()
    group.clients["b"].troubles = ["422"]
    with pytest.raises(ImageCorruptError):
        group.corrupt()
    assert group.writes()[1:] == [0, 0]


def test_the_error_names_those_that_could_not_be_restored() -> None:
    group = Group()
    group.clients["a"].troubles = [None, None, "403"]  # the answers to the patch, the Event, and what undoes it
    group.clients["b"].troubles = ["422"]
    with pytest.raises(ImageCorruptError, match=r"STILL CORRUPTED, restore them: shop/a \("):
        group.corrupt()
    assert group.images() == [CORRUPT, IMAGE, IMAGE]


def test_the_error_names_the_traces_that_the_role_does_not_allow_to_remove() -> None:
    group = Group()
    group.clients["a"] = RestrictedClient(group.place, "process", "delete replicasets")
    group.clients["b"].troubles = ["422"]
    group.clients["b"].meanwhile = {1: lambda: group.place.clock.advance(SETTLE)}  # the corrupt ReplicaSet is made
    left = r'"b" .*: 422, trouble. The others have their images back, but: shop/a: the corrupt ReplicaSet a-\S+ stays'
    with pytest.raises(ImageCorruptError, match=left):
        group.corrupt()
    assert group.images() == [IMAGE] * 3


def test_a_dry_run_of_all_stores_nothing() -> None:
    group = Group()
    done = group.corrupt(dry_run=True)
    assert [each["corrupt_image"] for each in done] == [CORRUPT] * 3
    assert (group.images(), MEMORY.faults()) == ([IMAGE] * 3, [])


def test_of_those_that_match_the_chosen_ones_are_corrupted() -> None:
    group = Group()
    done = corrupt_selected(
        group.clients["a"],
        NS,
        check_selection("app in (a, b)", 1, None, 0.5, "seed"),
        FaultSpec(None, CORRUPT, 60.0),
        Consent(),
        guard_handle=None,
    )
    [target] = done["targets"]
    assert (done["matched"], done["seed"], done["guard_log"]) == (2, "seed", None)
    assert target["deployment"] in ("a", "b") and target["original_image"] == IMAGE
    assert sorted(group.images()) == sorted([CORRUPT, IMAGE, IMAGE])
