"""The status of a Deployment (kubernetes/pkg/controller/deployment: sync.go, progress.go)."""

from collections.abc import Sequence

from ...timestamps import seconds_of
from ...types import Object
from .conditions import (
    condition_of,
    deadline_of,
    new_condition,
    with_condition,
    without_condition,
)
from .replica_counts import (
    desired_of,
    max_unavailable,
    sum_of_sizes,
    sum_of_status,
)

__all__ = ["calculate_status", "is_complete", "rollout_status", "seconds_to_deadline"]


def calculate_status(now: float, deployment: Object, all_sets: Sequence[Object], new: Object | None) -> Object:
    """Return the status without any judgement of the rollout's progress (calculateStatus).

    Args:
        now: seconds since 1970.
        deployment: the Deployment as read.
        all_sets: all its ReplicaSets.
        new: the newest one, `None` when there is none yet.
    """
    available = sum_of_status(all_sets, "availableReplicas")
    numbers = {
        "replicas": sum_of_status(all_sets, "replicas"),
        "updatedReplicas": sum_of_status([new], "replicas") if new else 0,
        "readyReplicas": sum_of_status(all_sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(0, sum_of_sizes(all_sets) - available),
    }
    status: Object = {"observedGeneration": deployment["metadata"]["generation"]}
    status.update({name: number for name, number in numbers.items() if number})
    status["terminatingReplicas"] = sum_of_status(all_sets, "terminatingReplicas")
    if conditions := deployment.get("status", {}).get("conditions"):
        status["conditions"] = conditions
    if available >= desired_of(deployment) - max_unavailable(deployment):
        verdict = ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    else:
        verdict = ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    return with_condition(status, new_condition(now, "Available", *verdict))


def is_complete(deployment: Object, status: Object) -> bool:
    """Return whether all replicas are of the newest template and available (DeploymentComplete).

    Args:
        deployment: the Deployment.
        status: its status.
    """
    numbers = ("updatedReplicas", "replicas", "availableReplicas")
    return all(status.get(number, 0) == desired_of(deployment) for number in numbers) and bool(
        status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    )


def rollout_status(now: float, deployment: Object, all_sets: Sequence[Object], new: Object | None) -> Object:
    """Return the status during or after a rollout (syncRolloutStatus).

    Args:
        now: seconds since 1970.
        deployment: the Deployment as read.
        all_sets: all its ReplicaSets.
        new: the newest one, `None` when there is none yet.
    """
    status = calculate_status(now, deployment, all_sets, new)
    if deadline_of(deployment) is None:
        status = without_condition(status, "Progressing")
    else:
        status = _with_progress(now, deployment, status, new)
    failure = _replica_failure(all_sets, new)
    if failure is None:
        return without_condition(status, "ReplicaFailure")
    return with_condition(status, failure)


def seconds_to_deadline(now: float, deployment: Object, status: Object) -> float | None:
    """Return in how many seconds to check again whether a rollout timed out, or `None` (requeueStuckDeployment).

    Args:
        now: seconds since 1970.
        deployment: the Deployment as read.
        status: its newest status.
    """
    deadline = deadline_of(deployment)
    condition = condition_of(deployment.get("status", {}), "Progressing")
    if deadline is None or condition is None or condition["reason"] == "ProgressDeadlineExceeded":
        return None
    if is_complete(deployment, status):
        return None
    return seconds_of(condition["lastUpdateTime"]) + deadline - now


def _with_progress(now: float, deployment: Object, status: Object, new: Object | None) -> Object:
    before = deployment.get("status", {})
    condition = condition_of(before, "Progressing")
    settled = status.get("replicas", 0) == status.get("updatedReplicas", 0)
    if settled and condition is not None and condition["reason"] == "NewReplicaSetAvailable":
        return status
    what = f'ReplicaSet "{new["metadata"]["name"]}"' if new else f'Deployment "{deployment["metadata"]["name"]}"'
    if is_complete(deployment, status):
        message = f"{what} has successfully progressed."
        found = new_condition(now, "Progressing", "True", "NewReplicaSetAvailable", message)
    elif _progresses(before, status):
        message = f"{what} is progressing."
        found = new_condition(now, "Progressing", "True", "ReplicaSetUpdated", message)
        if condition is not None and condition["status"] == "True":
            found["lastTransitionTime"] = condition["lastTransitionTime"]
        # removed first, because the same reason once more has to move lastUpdateTime
        status = without_condition(status, "Progressing")
    elif _timed_out(now, deployment, status):
        message = f"{what} has timed out progressing."
        found = new_condition(now, "Progressing", "False", "ProgressDeadlineExceeded", message)
    else:
        return status
    return with_condition(status, found)


def _progresses(before: Object, after: Object) -> bool:
    """Return whether something moved in the right direction (DeploymentProgressing)."""

    def old(status: Object) -> int:
        return int(status.get("replicas", 0)) - int(status.get("updatedReplicas", 0))

    more = ("updatedReplicas", "readyReplicas", "availableReplicas")
    return old(after) < old(before) or any(after.get(each, 0) > before.get(each, 0) for each in more)


def _timed_out(now: float, deployment: Object, status: Object) -> bool:
    """Return whether nothing has moved for longer than the deadline (DeploymentTimedOut)."""
    condition = condition_of(status, "Progressing")
    deadline = deadline_of(deployment)
    if condition is None or deadline is None or condition["reason"] == "NewReplicaSetAvailable":
        return False
    if condition["reason"] == "ProgressDeadlineExceeded":
        return True
    return seconds_of(condition["lastUpdateTime"]) + deadline < now


def _replica_failure(all_sets: Sequence[Object], new: Object | None) -> Object | None:
    """Return the failure to report, the newest ReplicaSet's before others' (getReplicaFailures)."""
    for replica_set in ([new] if new else []) + list(all_sets):
        failure = condition_of(replica_set.get("status", {}), "ReplicaFailure")
        if failure is not None:
            return {
                "type": "ReplicaFailure",
                "status": failure["status"],
                "lastUpdateTime": failure["lastTransitionTime"],
                "lastTransitionTime": failure["lastTransitionTime"],
                "reason": failure["reason"],
                "message": failure["message"],
            }
    return None
