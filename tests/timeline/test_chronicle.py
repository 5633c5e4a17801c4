"""Recordings of a real cluster become timelines that show the same rollout."""

import gc
import json
import tracemalloc
from collections.abc import Sequence
from typing import cast

import pytest

from chaosimagecorrupt.kube.types import Deployment, Json, ManagedFieldsEntry
from chaosimagecorrupt.timeline.chronicle import Chronicle, compact, whole
from chaosimagecorrupt.timeline.reduce import deployment_state
from chaosimagecorrupt.timeline.timeline import Timeline, changes
from chaosimagecorrupt.workload.pull_failures import pull_failure

from ..manifests import a_deployment, a_pod, a_replica_set
from ..recorded import NAMES, OTHER_KINDS, flips, moments
from ..timelines import STARTED, events_of, of_recording
from .objects import an_event


@pytest.mark.parametrize("name", [*NAMES, *OTHER_KINDS])
def test_a_recording_is_complete_when_the_rollout_is(name: str) -> None:
    timeline, facts = of_recording(name)
    seen = [(c.at, c.state["complete"]) for c in changes(timeline, facts.kind)]
    flipped = [at for n, (at, found) in enumerate(seen) if found != (seen[n - 1][1] if n else False)]
    assert flipped == flips(name, lambda m: facts.workload.recovered(m.deployment, m.replica_sets))


@pytest.mark.parametrize("name", [*NAMES, *OTHER_KINDS])
def test_the_pods_of_a_recording_wait_for_the_same_reasons(name: str) -> None:
    expected = {(p["metadata"]["name"], f.reason) for m in moments(name) for p in m.pods if (f := pull_failure(p))}
    pods = [c for c in changes(of_recording(name).timeline, "Pod") if not c.state.get("deleting")]
    waits = {(c.name, v) for c in pods for k, v in c.state.items() if k.startswith("waiting:")}
    assert {w for w in waits if w[1] not in ("ContainerCreating", "PodInitializing")} == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_takes_some_kilobytes(name: str) -> None:
    assert len(json.dumps(of_recording(name).timeline)) < 16_000


def test_who_wrote_the_spec_of_a_workload_is_kept_and_who_wrote_a_status_or_a_revision_is_not() -> None:
    image: Json = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"app"}': {"f:image": {}}}}}}}
    kubectl = {"manager": "kubectl", "operation": "Update", "time": "2026-11-22T13:49:34Z", "fieldsV1": image}
    hpa = {"manager": "hpa", "subresource": "scale", "fieldsV1": {"f:spec": {"f:replicas": {}}}}
    status = {"manager": "controller", "subresource": "status", "fieldsV1": {"f:status": {}}}
    deployment = cast(Deployment, a_deployment())
    deployment["metadata"]["managedFields"] = cast(list[ManagedFieldsEntry], [kubectl, hpa, status])
    before = deployment_state(deployment, None)
    kept = whole(compact("Deployment", deployment))
    assert deployment_state(kept, None) == before and before["writer:app"][0] == "kubectl"  # type: ignore[typeddict-item]
    assert kept["metadata"]["managedFields"] == [kubectl, hpa]
    assert whole(compact("ReplicaSet", cast(Json, deployment)))["metadata"]["managedFields"] == []


def _replay(events: Sequence[bytes]) -> list[object]:
    """Return what stays in memory of what happened: the chronicle, and the latest of each object."""
    chronicle, latest = Chronicle(Timeline(STARTED)), dict[str, Json]()
    for event in map(json.loads, events):
        found = compact(event["kind"], event["object"])
        latest[found["metadata"]["name"]] = found
        chronicle.take(event["t"], event["kind"], found)
    return [chronicle, latest]


def test_a_deployment_that_is_followed_takes_few_kilobytes_of_memory() -> None:
    events, times = [json.dumps(event).encode() for event in events_of("paused")], 20
    first = _replay(events)
    gc.collect()
    tracemalloc.start()
    try:
        kept = [_replay(events) for _ in range(times)]
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] / times
    finally:
        tracemalloc.stop()
    assert len(kept[0]) == len(first) and taken < 16_000  # 9,000; with whole objects 23,000


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_a_pod_names_the_controller_revision_that_has_its_template(name: str) -> None:
    timeline = of_recording(name).timeline
    revisions = {c.name for c in changes(timeline, "ControllerRevision")}
    pods = [c.state for c in changes(timeline, "Pod") if not c.state.get("gone")]
    assert {state["controllerRevision"] for state in pods} == revisions and len(revisions) == 2


def test_the_replica_sets_of_others_are_left_out() -> None:
    chronicle, deployment = Chronicle(Timeline(STARTED)), a_deployment()
    chronicle.take(1, "Deployment", compact("Deployment", deployment))
    chronicle.take(2, "ReplicaSet", compact("ReplicaSet", a_replica_set(a_deployment(uid="other"))))
    assert [c.kind for c in changes(chronicle.timeline.to_json(9))] == ["Deployment"]


def test_events_of_other_pods_are_left_out() -> None:
    chronicle = Chronicle(Timeline(STARTED))
    for pod in ("web-1", "other-1"):
        chronicle.take(1, "Event", compact("Event", an_event(pod)))
    chronicle.take(2, "Pod", compact("Pod", a_pod("app", "x", "ErrImagePull")))
    assert [c.name for c in changes(chronicle.timeline.to_json(9), "Event")] == ["web-1.1"]
