"""The status of a Deployment, from its ReplicaSets."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.deployment.conditions import condition_of, new_condition
from chaosimagecorrupt.simulator.controllers.deployment.status import (
    calculate_status,
    is_complete,
    rollout_status,
    seconds_to_deadline,
)
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import deployment

NOW = 1_700_000_000.0


def web(status: Object | None = None, **spec: Any) -> Object:
    found = deployment(**spec)
    return {**found, "metadata": {**found["metadata"], "generation": 3}, "status": status or {}}


def replica_set(replicas: int, available: int, **status: Any) -> Object:
    numbers = {"replicas": replicas, "readyReplicas": available, "availableReplicas": available}
    return {"metadata": {"name": "web-1"}, "spec": {"replicas": replicas}, "status": {**numbers, **status}}


def progressing(reason: str, status: str = "True", at: float = NOW) -> Object:
    return {"conditions": [new_condition(at, "Progressing", status, reason, "")]}


def test_the_replica_sets_are_added_up_and_zeros_are_left_out() -> None:
    found = calculate_status(NOW, web(), [replica_set(1, 0), replica_set(2, 2)], replica_set(1, 0))
    numbers = ("replicas", "updatedReplicas", "availableReplicas", "unavailableReplicas", "observedGeneration")
    assert [found[each] for each in numbers] == [3, 1, 2, 1, 3]
    assert "availableReplicas" not in calculate_status(NOW, web(), [], None)


@pytest.mark.parametrize(("available", "expected"), [(2, "True"), (1, "False")])
def test_it_is_available_with_as_many_as_the_strategy_demands(available: int, expected: str) -> None:
    found = condition_of(calculate_status(NOW, web(), [replica_set(2, available)], None), "Available")
    assert found is not None and found["status"] == expected


def test_it_is_complete_when_all_replicas_are_new_available_and_observed() -> None:
    done = {"updatedReplicas": 2, "replicas": 2, "availableReplicas": 2, "observedGeneration": 3}
    assert is_complete(web(), done)
    assert not any(is_complete(web(), {**done, name: 1}) for name in done)


PROGRESS = {
    "complete": (web(), replica_set(2, 2), "NewReplicaSetAvailable"),
    "more are ready": (web(progressing("ReplicaSetUpdated")), replica_set(2, 1), "ReplicaSetUpdated"),
    "stuck": (
        web({**progressing("NewReplicaSetCreated", at=NOW - 601), "updatedReplicas": 2}),
        replica_set(2, 0),
        "ProgressDeadlineExceeded",
    ),
    "not yet stuck": (
        web({**progressing("NewReplicaSetCreated", at=NOW - 599), "updatedReplicas": 2}),
        replica_set(2, 0),
        "NewReplicaSetCreated",
    ),
}


@pytest.mark.parametrize(("obj", "new", "reason"), PROGRESS.values(), ids=list(PROGRESS))
def test_the_progress_is_judged(obj: Object, new: Object, reason: str) -> None:
    found = condition_of(rollout_status(NOW, obj, [new], new), "Progressing")
    assert found is not None and found["reason"] == reason


def test_without_a_deadline_no_progress_is_told() -> None:
    obj = web(progressing("ReplicaSetUpdated"), progressDeadlineSeconds=None)
    assert condition_of(rollout_status(NOW, obj, [replica_set(2, 1)], None), "Progressing") is None


def test_pods_that_cannot_be_created_are_a_condition_until_they_can() -> None:
    failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "quota"}
    failing = replica_set(0, 0, conditions=[{**failure, "lastTransitionTime": "2023-11-14T22:13:20Z"}])
    status = rollout_status(NOW, web(), [failing], failing)
    assert (condition_of(status, "ReplicaFailure") or {})["message"] == "quota"
    assert condition_of(rollout_status(NOW, web(status), [replica_set(2, 2)], None), "ReplicaFailure") is None


@pytest.mark.parametrize(
    ("reason", "seconds"),
    [("NewReplicaSetCreated", 590), ("ProgressDeadlineExceeded", None)],
)
def test_the_deadline_is_checked_when_it_passes(reason: str, seconds: float | None) -> None:
    assert seconds_to_deadline(NOW + 10, web(progressing(reason)), {}) == seconds
    assert seconds_to_deadline(NOW, web(), {}) is None
