"""Conditions of a Deployment's status (kubernetes/pkg/controller/deployment/util)."""

from ...timestamps import timestamp
from ...types import MAX_INT32, Object

__all__ = ["NO_DEADLINE", "condition_of", "deadline_of", "new_condition", "with_condition", "without_condition"]

# The progressDeadlineSeconds that means none (HasProgressDeadline)
NO_DEADLINE = MAX_INT32


def deadline_of(deployment: Object) -> int | None:
    """Return the progress deadline in seconds, `None` when there is none.

    Args:
        deployment: the Deployment.
    """
    seconds = deployment["spec"].get("progressDeadlineSeconds", 600)
    return None if seconds is None or seconds == NO_DEADLINE else int(seconds)


def condition_of(status: Object, type: str) -> Object | None:
    """Return a condition of a status, or `None`.

    Args:
        status: the status.
        type: the condition's type.
    """
    for condition in status.get("conditions", ()):
        if condition["type"] == type:
            return dict(condition)
    return None


def new_condition(now: float, type: str, status: str, reason: str, message: str) -> Object:
    """Return a condition that has just come about (NewDeploymentCondition).

    Args:
        now: seconds since 1970.
        type: its type.
        status: `True`, `False` or `Unknown`.
        reason: the reason, one word.
        message: the message, for people.
    """
    return {
        "type": type,
        "status": status,
        "lastUpdateTime": timestamp(now),
        "lastTransitionTime": timestamp(now),
        "reason": reason,
        "message": message,
    }


def without_condition(status: Object, type: str) -> Object:
    """Return a status without a condition.

    Args:
        status: the status.
        type: the condition's type.
    """
    kept = [condition for condition in status.get("conditions", ()) if condition["type"] != type]
    rest: Object = {name: value for name, value in status.items() if name != "conditions"}
    return {**rest, "conditions": kept} if kept else rest


def with_condition(status: Object, condition: Object) -> Object:
    """Return a status with a condition; one of the same status and reason stays as it is (SetDeploymentCondition).

    That goes for its message too: it may name a ReplicaSet of long ago.

    Args:
        status: the status.
        condition: the condition.
    """
    present = condition_of(status, condition["type"])
    if present and (present["status"], present["reason"]) == (condition["status"], condition["reason"]):
        return status
    if present and present["status"] == condition["status"]:
        condition = {**condition, "lastTransitionTime": present["lastTransitionTime"]}
    rest = without_condition(status, condition["type"])
    return {**rest, "conditions": [*rest.get("conditions", ()), condition]}
