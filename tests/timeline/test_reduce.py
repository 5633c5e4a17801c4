"""Which part of an object a timeline keeps, whatever the object contains."""

import json
from typing import Any

import pytest

from chaosimagecorrupt.fault.events import corrupted_event
from chaosimagecorrupt.kube.events import event_of
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.simulator.api.conversion import as_stored
from chaosimagecorrupt.simulator.kinds import Kinds
from chaosimagecorrupt.timeline.fields import condition_in, writer_in
from chaosimagecorrupt.timeline.reduce import (
    deployment_state,
    event_state,
    pod_state,
    replica_set_state,
    resource_state,
)
from chaosimagecorrupt.timeline.states import State

from ..manifests import a_deployment, a_pod, a_replica_set, corrupted
from ..recorded import managed_fields
from .objects import an_event, an_object

HOSTILE = "\x1b[31m<script>alert(1)</script>\n"


def test_one_object_cannot_take_much() -> None:
    assert len(json.dumps(resource_state(an_object(conditions=5_000)))) < 25_000


def test_the_record_and_who_wrote_the_image_are_kept() -> None:
    state = deployment_state(corrupted(a_deployment()), [])
    assert state["record"] == {"app": "id1"} and "complete" in state
    writers = [writer_in(deployment_state(d, []), "app") for d in managed_fields()]
    assert [w.manager for w in writers if w] == ["installer", "chaosimagecorrupt", "my-operator"]


def test_who_wrote_the_spec_and_the_replicas_last_is_kept() -> None:
    def entry(manager: str, time: str, fields: dict[str, Any], subresource: str = "") -> dict[str, Any]:
        written = {"manager": manager, "operation": "Update", "time": time, "fieldsV1": fields}
        return {**written, "subresource": subresource} if subresource else written

    first, second, third = (f"2026-11-22T15:00:0{n}Z" for n in range(3))
    deployment: Any = a_deployment()
    deployment["metadata"]["managedFields"] = [
        entry("installer", first, {"f:spec": {"f:paused": {}}}),
        entry("chaosimagecorrupt", second, {"f:metadata": {}}),
        entry("keda", second, {"f:spec": {"f:replicas": {}}}, "scale"),
        entry("kube-controller-manager", third, {"f:status": {}}, "status"),
    ]
    state = deployment_state(deployment, [])
    assert (state["lastWriter"], state["replicasWriter"]) == (("keda", second), ("keda", second))
    assert state["uid"] == deployment["metadata"]["uid"]
    deployment["metadata"]["managedFields"] = []
    without = deployment_state(deployment, [])
    assert "lastWriter" not in without and "replicasWriter" not in without


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}, "Unschedulable: 0/1 nodes"),
        ({"status": "False", "reason": "SchedulingGated"}, "SchedulingGated"),
        ({"status": "True"}, None),
    ],
)
def test_why_no_node_takes_a_pod_is_kept_in_the_schedulers_words(
    condition: dict[str, str], expected: str | None
) -> None:
    pod = a_pod("app", "x", "ContainerCreating")
    pod["status"]["conditions"] = [{"type": "PodScheduled", **condition}]
    assert pod_state(pod).get("unscheduled") == expected


def test_why_a_replica_set_cannot_create_pods_is_kept() -> None:
    failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota"}
    found = a_replica_set(a_deployment())
    found["status"] = {**(found.get("status") or {}), "conditions": [failure]}
    kept = condition_in(replica_set_state(found), "ReplicaFailure")
    assert kept == ("True", "FailedCreate", None, "exceeded quota")


def test_without_replica_sets_a_deployment_is_complete_by_its_own_status() -> None:
    deployment = a_deployment()
    assert [deployment_state(deployment, sets)["complete"] for sets in (None, [], [a_replica_set(deployment)])] == [
        True,
        False,
        True,
    ]
    assert not deployment_state(a_deployment(replicas=0), None)["complete"]


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": "Scheduled"},
        {"reason": "FailedCreate"},
        {"involvedObject": {"kind": "Node", "name": "n"}},
        {"involvedObject": {"kind": "ReplicaSet", "name": "web-1"}},
        {"involvedObject": {"kind": "Job", "name": "web"}, "reason": "FailedCreate"},
        {"involvedObject": None},
    ],
)
def test_events_that_tell_of_no_pull_and_of_no_refusal_are_left_out(changed: dict[str, Any]) -> None:
    assert event_state(an_event("web-1", **changed)) is None


def test_our_own_events_are_taken_for_nothing_else() -> None:
    text = corrupted_event(Entry("web-1", "a", "b"), a_deployment(), guarded=True)
    ours = event_of(a_deployment(), text, "Deployment", now=0.0, instance="me", unique="0")
    assert event_state(as_stored(Kinds().named("events.events.k8s.io"), ours)) is None


def test_an_event_of_a_pod_that_was_refused_belongs_to_its_replica_set() -> None:
    about, message = {"kind": "ReplicaSet", "name": "web-1"}, "Error creating: exceeded quota"
    found = event_state(an_event("", involvedObject=about, reason="FailedCreate", message=message, count=1))
    assert found == {"replicaSet": "web-1", "reason": "FailedCreate", "message": message, "count": 1}


def test_events_of_the_newer_kind_are_read_too() -> None:
    times = {
        "count": None,
        "series": {"count": 4, "lastObservedTime": "2026-11-22T15:00:09.500000Z"},
        "eventTime": "2026-11-22T15:00:00Z",
    }
    found = event_state(an_event("web-1", **times))
    assert found is not None and (found["count"], found["last"]) == (4, "2026-11-22T15:00:09.500000Z")


def test_what_is_hostile_is_kept_as_plain_data() -> None:
    event = event_state(an_event("web-1", message=HOSTILE * 100))
    pod = pod_state(a_pod("app", "x", HOSTILE))
    shop = an_object(0) | {
        "status": {"conditions": [{"type": HOSTILE, "status": HOSTILE, "reason": HOSTILE, "message": HOSTILE}]}
    }
    written = json.dumps([event, pod, resource_state(shop)], ensure_ascii=False)
    assert (
        "<script>" in written
        and "\x1b" not in written
        and "\\u001b" not in written
        and "\\n" not in written.replace("\\\\n", "")
    )


@pytest.mark.parametrize(
    "status", [None, "x", {}, {"conditions": None}, {"conditions": "x"}, {"conditions": ["x", None, 1]}]
)
def test_a_status_of_odd_shape_is_no_status(status: Any) -> None:
    assert resource_state({"metadata": {"name": "x"}, "status": status}) == {}


@pytest.mark.parametrize("time", ["yesterday", 5, None, "2026-11-22", "9999-99-99T00:00:00Z", {}])
def test_a_time_that_is_none_is_left_out(time: Any) -> None:
    conditions = [{"type": "Ready", "status": "True", "lastTransitionTime": time}]
    state = resource_state({"metadata": {"name": "x"}, "status": {"conditions": conditions}})
    assert condition_in(state, "Ready") == ("True", "", None, "")


def test_a_state_has_the_keys_that_its_type_names() -> None:
    deployment: Any = next(d for d in managed_fields() if "managedFields" in d["metadata"])
    states = [
        deployment_state(corrupted(deployment), None),
        replica_set_state(a_replica_set(deployment)),
        pod_state(a_pod("app", "x", "ContainerCreating")),
        resource_state(an_object(1)),
        event_state(an_event("web-1")) or {},
        event_state(an_event("", involvedObject={"kind": "ReplicaSet", "name": "w"}, reason="FailedCreate")) or {},
    ]
    assert {k for s in states for k in s if ":" not in k} <= State.__annotations__.keys()
