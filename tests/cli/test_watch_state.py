"""The state of a rollout."""

from collections.abc import Mapping
from typing import Any

import pytest

from chaosimagecorrupt.cli.json_types import WatchState
from chaosimagecorrupt.cli.watch_state import FaultHistory, no_rollout, state_of
from chaosimagecorrupt.duration import rfc3339
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE, read_record
from chaosimagecorrupt.workload.view import View

from ..manifests import NOW, a_deployment, a_pod, a_replica_set, corrupted

Object = Any

RECORD = read_record(corrupted(a_deployment(), now=NOW))


def test_a_record_that_appears_starts_the_corruption() -> None:
    history = FaultHistory()
    history.update(RECORD, NOW + 5)
    assert (history.is_corrupted, history.corrupted_at, history.restored_at) == (True, NOW, None)


def test_a_record_that_disappears_is_the_restore() -> None:
    history = FaultHistory()
    history.update(RECORD, NOW + 5)
    history.update({}, NOW + 50)
    history.update({}, NOW + 60)
    assert (history.is_corrupted, history.corrupted_at, history.restored_at) == (False, NOW, NOW + 50)


@pytest.mark.parametrize("is_corrupted", [True, False])
def test_without_a_rollout_the_last_known_fault_is_kept(is_corrupted: bool) -> None:
    state = no_rollout("the Deployment is gone", FaultHistory(is_corrupted=is_corrupted))
    assert (state["corrupted"], state["recovered"], state["text"]) == (is_corrupted, False, "the Deployment is gone")


def pulling(count: int, last: float, container: str = "app", pod: str = "web-1") -> Object:
    path = f"spec.containers{{{container}}}"
    return {"involvedObject": {"name": pod, "fieldPath": path}, "count": count, "lastTimestamp": rfc3339(last)}


def state_at(
    seconds: float, deployment: Object, history: FaultHistory, *events: Object, reason: str = ""
) -> WatchState:
    pods = [a_pod("app", DEFAULT_IMAGE, reason)] if reason else []
    return state_of(View(deployment, [a_replica_set(deployment)], pods, NOW + seconds), "1/2 ready", events, history)


def corrupted_web(*conditions: Mapping[str, str]) -> Object:
    web = corrupted(a_deployment(), now=NOW)
    web["status"] |= {"observedGeneration": web["metadata"]["generation"], "conditions": list(conditions)}
    return web


def test_before_the_fault_it_waits_and_afterwards_it_says_how_long_the_recovery_took() -> None:
    history, before = FaultHistory(), a_deployment()
    assert (state_at(0, before, history)["waiting"], history.has_fault) == (True, False)
    assert state_at(5, corrupted_web(), history, reason="ErrImagePull")["corrupted"]
    degraded = a_deployment()
    degraded["status"]["readyReplicas"] = 1
    still_degraded = state_at(20, degraded, history)
    assert (still_degraded["recovered"], still_degraded["recovery_seconds"]) == (False, None)
    recovered = state_at(23.46, before, history)
    assert (recovered["recovered"], recovered["recovery_seconds"]) == (True, 3.5)
    assert state_at(60, before, history)["recovery_seconds"] == 3.5


def test_a_second_fault_begins_anew() -> None:
    history = FaultHistory()
    for seconds, deployment in ((0, corrupted_web()), (5, a_deployment()), (50, corrupted_web())):
        found = state_at(seconds, deployment, history)
    assert (found["corrupted"], found["seconds_since_restore"], found["recovery_seconds"]) == (True, None, None)


def test_a_fault_that_was_restored_before_has_no_known_recovery_time() -> None:
    history = FaultHistory()
    state_at(0, a_deployment(), history, reason="ImagePullBackOff")
    found = state_at(5, a_deployment(), history)
    assert (found["recovered"], found["recovery_seconds"]) == (True, None)


def test_the_ttl_that_is_left_is_that_of_the_record() -> None:
    assert state_at(60, corrupted_web(), FaultHistory())["expires_in"] == 240
    assert state_at(301, corrupted_web(), FaultHistory())["expires_in"] == -1
    assert state_at(60, a_deployment(), FaultHistory())["expires_in"] is None


def test_conditions_that_are_not_well_have_their_reason() -> None:
    quota = 'pods "web-1" is forbidden: exceeded quota'
    web = corrupted_web(
        {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
        {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"},
        {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": quota},
    )
    found = state_at(0, web, FaultHistory())
    assert found["conditions"] == {"Available": "True", "Progressing": "False", "ReplicaFailure": "True"}
    assert found["problems"] == ["Progressing: ProgressDeadlineExceeded", f"ReplicaFailure: FailedCreate: {quota}"]


@pytest.mark.parametrize(
    ("events", "next_pull_in"),
    [
        ([], None),
        ([pulling(1, NOW)], 5),
        ([pulling(3, NOW)], 35),
        ([pulling(3, NOW, "sidecar")], None),
        ([pulling(3, NOW, pod="other")], None),
        ([pulling(50, NOW)], 295),
        ([pulling(1, NOW - 60)], 0),
        ([pulling(4, NOW), pulling(2, NOW)], 15),
    ],
)
def test_the_next_pull_comes_after_a_back_off_that_doubles_up_to_five_minutes(
    events: list[Object], next_pull_in: float | None
) -> None:
    found = state_at(5, corrupted_web(), FaultHistory(), *events, reason="ImagePullBackOff")
    assert found["next_pull_in"] == next_pull_in


def test_the_pulls_of_the_fault_stay_counted_after_the_restore_and_others_are_not() -> None:
    history, events = FaultHistory(), [pulling(3, NOW), pulling(9, NOW, pod="other")]
    assert state_at(5, corrupted_web(), history, *events, reason="ErrImagePull")["pulls"] == 3
    assert state_at(9, a_deployment(), history, *events)["pulls"] == 3
