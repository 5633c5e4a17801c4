"""What stood in the way of a fault or of a recovery, in the words of what says so."""

from typing import Any

import pytest

from chaosimagecorrupt.report.obstacle import Moments, find_obstacle, first_pull_error
from chaosimagecorrupt.timeline.states import State
from chaosimagecorrupt.timeline.timeline import Change

from ..timelines import state_of

IMAGE = {"image:app": "quay.io/shop/web:v1"}
QUOTA = 'pods "web-2" is forbidden: exceeded quota: q'
NODES = "0/3 nodes are available: 3 Insufficient cpu."
NOT_RECOVERED = Moments(10.0, 11.0, 70.0, None)
NO_EFFECT = Moments(10.0, None, 70.0, 71.0)


def deployment(at: float = 0.0, **state: Any) -> Change:
    return Change(at, "Deployment", "web", state_of({"replicas": 2, **IMAGE, **state}))


def pod(at: Any = 80.0, **state: Any) -> Change:
    return Change(at, "Pod", "web-1", state_of({"phase": "Pending", "ready": False, **IMAGE, **state}))


def failed_pull(at: float, message: str) -> Change:
    state: State = {"pod": "web-1", "reason": "Failed", "message": f'Failed to pull image "i": {message}'}
    return Change(at, "Event", "web-1.1", state)


def failing(reason: str, message: str = "") -> dict[str, Any]:
    return {f"condition:{reason}": ["True" if reason == "ReplicaFailure" else "False", "Why", None, message]}


def obstacle_of(*changes: Change, moments: Moments = NOT_RECOVERED, slow: bool = False) -> str:
    return str(find_obstacle(changes, moments, slow=slow) or "")


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ([deployment(**failing("ReplicaFailure", QUOTA))], f"ReplicaFailure: {QUOTA}"),
        ([deployment(), pod(unscheduled=f"Unschedulable: {NODES}")], f"Unschedulable: {NODES}"),
        (
            [deployment(), pod(**{"waiting:app": "ErrImagePull"}), failed_pull(81.0, "429 Too Many Requests")],
            "ErrImagePull: rate limited (429 Too Many Requests)",
        ),
        ([deployment(), pod(**{"waiting:app": "CrashLoopBackOff"})], "CrashLoopBackOff: Pod web-1, container app"),
        ([deployment(), pod(phase="Running")], "Pod web-1: Running, but not Ready"),
        ([deployment(**failing("Progressing", "It has timed out."))], "Why: It has timed out."),
        ([deployment()], ""),
        ([], ""),
    ],
    ids=["quota", "no node", "pull", "crash", "not ready", "deadline", "nothing", "no timeline"],
)
def test_what_stops_a_recovery_is_named(changes: list[Change], obstacle: str) -> None:
    assert obstacle_of(*changes) == obstacle


@pytest.mark.parametrize(
    "passed",
    [
        pod(deleting=True),
        pod(**{"image:app": "registry.invalid/nonexistent:chaos", "waiting:app": "ErrImagePull"}),
        pod(gone=True),
    ],
    ids=["being deleted", "of the corrupt template", "deleted"],
)
def test_a_pod_that_is_to_go_stops_nothing(passed: Change) -> None:
    assert obstacle_of(deployment(), passed) == ""


def test_a_cause_that_was_gone_in_the_end_is_none() -> None:
    assert obstacle_of(deployment(**failing("ReplicaFailure", QUOTA)), deployment(80.0)) == ""


def test_a_slow_recovery_has_the_cause_that_lasted() -> None:
    changes = (deployment(), pod(75.0, unscheduled=f"Unschedulable: {NODES}"), pod(129.0, ready=True))
    moments = Moments(10.0, 11.0, 70.0, 130.0)
    assert obstacle_of(*changes, moments=moments, slow=True) == f"Unschedulable: {NODES}"
    assert obstacle_of(*changes, moments=moments) == ""


def test_a_fault_without_effect_has_the_cause_at_its_end() -> None:
    changes = (deployment(11.0, **failing("ReplicaFailure", QUOTA)), deployment(71.0))
    assert obstacle_of(*changes, moments=NO_EFFECT) == f"ReplicaFailure: {QUOTA}"


def test_pods_from_before_the_fault_do_not_stop_it() -> None:
    changes = (deployment(), pod(1.0, unscheduled=f"Unschedulable: {NODES}"))
    assert obstacle_of(*changes, moments=NO_EFFECT) == ""


@pytest.mark.parametrize("moments", [NO_EFFECT, NOT_RECOVERED])
def test_a_pull_that_hangs_is_named(moments: Moments) -> None:
    begin = 12.0 if moments is NO_EFFECT else 72.0
    pulling: State = {"pod": "web-1", "reason": "Pulling", "message": 'Pulling image "quay.io/shop/web:v1"'}
    changes = (
        deployment(),
        pod(begin, **{"waiting:app": "ContainerCreating"}),
        Change(begin, "Event", "web-1.1", pulling),
        deployment(begin + 40),
    )
    assert obstacle_of(*changes, moments=moments).startswith(
        "Pod web-1: nothing has come of its pull for 40 s: it hangs"
    )


def test_without_a_corruption_there_is_no_cause() -> None:
    assert obstacle_of(deployment(**failing("ReplicaFailure")), moments=Moments(None, None, None, None)) == ""


def test_the_first_pull_that_failed_after_the_corruption_is_told() -> None:
    early, late = failed_pull(5.0, "i: not found"), failed_pull(12.0, "dial tcp: lookup r: no such host")
    assert first_pull_error([early, late], 10.0).startswith("Pod web-1: name does not resolve (")
    assert first_pull_error([early], 10.0) == first_pull_error([late], None) == ""


@pytest.mark.parametrize(
    "state",
    [
        {"waiting:app": ["ErrImagePull"]},
        {"unscheduled": 5},
        {"condition:ReplicaFailure": "True"},
        {"condition:Progressing": [None, 1]},
        {"condition:Available": ["False", "Why", None, {"a": 1}]},
    ],
)
@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "Pod", "Event"])
def test_a_damaged_state_has_no_traceback(kind: str, state: dict[str, Any]) -> None:
    changes = [deployment(), Change(80.0, kind, "web", state_of({"replicas": 2, **IMAGE, **state}))]
    for moments in (NOT_RECOVERED, NO_EFFECT):
        assert "\n" not in str(find_obstacle(changes, moments, slow=True))
