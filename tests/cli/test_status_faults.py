"""The faults of a cluster, and which of them is the worst."""

from copy import deepcopy
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from chaosimagecorrupt.cli.status_faults import FaultStatus, fault_of, json_rows, waiting_reason, worst_first
from chaosimagecorrupt.kube.types import Pod
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.workload.view import View

from ..manifests import NOW, a_deployment, a_pod, a_replica_set, corrupted
from .faults import a_fault, an_entry

EXPIRED = a_fault("expired", left=-8, ready=3)
LONG_EXPIRED = a_fault("long-expired", left=-80, ready=3)
NO_TTL = a_fault("no-ttl", left=None, ready=3)
NONE_READY = a_fault("none-ready", left=300, ready=0)
SOON = a_fault("soon", left=10)
LATER = a_fault("later", left=100)
LATER_IN_ANOTHER = a_fault("later", "zoo", left=100)
WORST_FIRST = [LONG_EXPIRED, EXPIRED, NO_TTL, NONE_READY, SOON, LATER, LATER_IN_ANOTHER]


def test_expired_come_first_then_those_without_a_ttl_then_those_with_the_fewest_ready_pods() -> None:
    assert worst_first(reversed(WORST_FIRST), NOW) == WORST_FIRST


def test_the_order_is_the_same_however_they_are_read() -> None:
    some = WORST_FIRST[:4]
    assert all(worst_first(order, NOW) == some for order in permutations(some))


def test_one_that_is_scaled_to_zero_lacks_no_pod() -> None:
    zero = a_fault("zero", ready=0, replicas=0)
    assert worst_first([zero, a_fault()], NOW) == [a_fault(), zero]


def test_a_fault_is_read_from_the_deployment_and_its_record() -> None:
    deployment = corrupted(a_deployment(replicas=3), now=NOW)
    deployment["status"]["readyReplicas"] = 2
    found = fault_of(Snapshot(deployment), "ErrImagePull", "2/3 ready", None)
    assert (found.namespace, found.name, found.ready, found.replicas) == ("shop", "web", 2, 3)
    assert (found.since, found.expires) == (NOW, NOW + 300)


def images_set(deployment: Any, image: str) -> Any:
    """Return the Deployment after another client has set the image of its container."""
    after = deepcopy(deployment)
    after["spec"]["template"]["spec"]["containers"][0]["image"] = image
    return after


@pytest.mark.parametrize(
    ("image", "in_place"), [(DEFAULT_IMAGE, ("app",)), ("localhost/app:v1", ()), ("localhost/app:v2", ())]
)
def test_a_recorded_fault_is_undone_once_its_containers_have_other_images(
    image: str, in_place: tuple[str, ...]
) -> None:
    found = fault_of(Snapshot(images_set(corrupted(a_deployment(), now=NOW), image)), None, "", None)
    assert (found.in_place, found.is_undone, found.entries[0].container) == (in_place, not in_place, "app")


@pytest.mark.parametrize(("image", "in_place"), [("registry.corp/app:bad", ("app",)), ("localhost/app:v1", ())])
def test_where_only_the_label_is_left_the_replica_sets_tell_whether_the_fault_is_in_place(
    image: str, in_place: tuple[str, ...]
) -> None:
    before = a_deployment()
    during = corrupted(before, image="registry.corp/app:bad", now=NOW)
    good, bad = (a_replica_set(d, hash=h, annotations=a) for d, h, a in replica_sets_of(before, during))
    labelled = images_set(a_deployment(labels=during["metadata"]["labels"]), image)
    assert fault_of(Snapshot(labelled), None, "", None).in_place is None
    found = fault_of(Snapshot(labelled, [good, bad]), None, "", None)
    assert (found.entries, found.in_place) == ((), in_place)


def replica_sets_of(before: Any, during: Any) -> list[tuple[Any, str, Any]]:
    return [(before, "good", {}), (during, "bad", during["metadata"]["annotations"])]


def test_those_that_are_undone_come_last() -> None:
    undone = a_fault("a", left=-5, ready=0, in_place=())
    assert worst_first([undone, LATER], NOW) == [LATER, undone]


def test_without_ready_pods_the_status_has_no_number() -> None:
    deployment = corrupted(a_deployment(), now=NOW)
    del deployment["status"]["readyReplicas"]
    assert fault_of(Snapshot(deployment), None, "", None).ready == 0


def test_of_two_containers_the_first_times_count() -> None:
    fault = a_fault(entries=(an_entry("app", since=5, left=50), an_entry("sidecar", since=9, left=70)))
    assert (fault.since, fault.expires) == (NOW - 9, NOW + 50)


def test_the_json_has_a_row_for_each_container_and_null_for_what_is_not_known() -> None:
    two = a_fault(entries=(an_entry("app"), an_entry("sidecar")))
    label_only = a_fault("api", entries=())
    rows = json_rows([two, label_only], NOW)
    assert [(row["deployment"], row["container"]) for row in rows] == [
        ("web", "app"),
        ("web", "sidecar"),
        ("api", None),
    ]
    assert rows[0] == {
        "namespace": "shop",
        "deployment": "web",
        "container": "app",
        "original_image": "quay.io/shop/app:v1",
        "corrupt_image": "registry.invalid/nonexistent:chaos",
        "cause": "dns",
        "since": "2026-11-22T14:59:15Z",
        "by": "me@here",
        "expires_in": 192.0,
        "pods": "1/3 ready",
        "id": "id1",
        "ready": 1,
        "replicas": 3,
        "waiting": "ErrImagePull",
        "in_place": True,
    }
    assert rows[1]["in_place"] is False
    assert [key for key, value in rows[2].items() if value is None] == [
        "container",
        "original_image",
        "corrupt_image",
        "cause",
        "since",
        "by",
        "expires_in",
        "id",
    ]


def test_the_json_says_that_operator_chaos_made_a_record_only_where_it_did() -> None:
    theirs, damaged = Entry("app", "quay.io/shop/app:v1"), replace(an_entry(), by="")
    assert [row["by"] for row in json_rows([a_fault(entries=(theirs, damaged))], NOW)] == ["operator-chaos", None]


def view_with(pods: list[Pod], **failure: str) -> View:
    deployment = a_deployment()
    if failure:
        deployment["status"]["conditions"].append({"type": "ReplicaFailure", **failure})
    return View(deployment, [], pods, NOW)


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (None, None),
        (view_with([]), None),
        (view_with([a_pod("app", "a:b", "ContainerCreating")]), None),
        (view_with([a_pod("app", "a:b", "ImagePullBackOff")]), "ImagePullBackOff"),
        (view_with([], status="True", reason="FailedCreate"), "FailedCreate"),
        (view_with([], status="False", reason="FailedCreate"), None),
        (view_with([a_pod("app", "a:b", "ErrImagePull")], status="True", reason="FailedCreate"), "ErrImagePull"),
    ],
)
def test_new_pods_wait_for_their_image_or_are_not_created(view: View | None, reason: str | None) -> None:
    assert waiting_reason(view) == reason


@pytest.mark.parametrize(("left", "expired"), [(1, False), (0, True), (None, False)])
def test_a_ttl_that_is_over_has_expired(left: float | None, expired: bool) -> None:
    fault: FaultStatus = a_fault(left=left)
    assert fault.is_expired(NOW) == expired
