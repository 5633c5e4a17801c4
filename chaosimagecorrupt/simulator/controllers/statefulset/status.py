"""The status of a StatefulSet (stateful_set_control.go: updateStatus; stateful_set_utils.go)."""

from collections.abc import Iterable

from ...types import Object
from .pods import is_created, is_running_and_available, is_running_and_ready, is_terminating, revision_of

__all__ = ["completed", "is_outdated", "status_of"]

# Numbers that are written even when they are 0
ALWAYS = ("replicas", "availableReplicas", "collisionCount")


def status_of(
    stateful_set: Object, pods: Iterable[Object], current: str, update: str, collisions: int, now: float
) -> Object:
    """Return the status; numbers of 0 are left out where the API server does.

    Args:
        stateful_set: the StatefulSet as read.
        pods: its Pods; those that are only to be created do not count.
        current: the name of the ControllerRevision that the rollout began with.
        update: the name of the one that it leads to.
        collisions: how many names of ControllerRevisions were taken.
        now: seconds since 1970.
    """
    created = list(filter(is_created, pods))
    staying = [revision_of(pod) for pod in created if not is_terminating(pod)]
    seconds = stateful_set["spec"].get("minReadySeconds", 0)
    return written(
        {
            "observedGeneration": stateful_set["metadata"]["generation"],
            "replicas": len(created),
            "readyReplicas": sum(map(is_running_and_ready, created)),
            "currentReplicas": staying.count(current),
            "updatedReplicas": staying.count(update),
            "currentRevision": current,
            "updateRevision": update,
            "collisionCount": collisions,
            "availableReplicas": sum(is_running_and_available(pod, seconds, now) for pod in created),
        }
    )


def written(status: Object) -> Object:
    """Return a status without the numbers that are left out when they are 0.

    Args:
        status: with all numbers.
    """
    return {name: value for name, value in status.items() if value or name in ALWAYS}


def completed(stateful_set: Object, status: Object) -> Object:
    """Return a status with the rollout ended, if all Pods are of the new revision and ready (completeRollingUpdate).

    Args:
        stateful_set: the StatefulSet.
        status: its new status.
    """
    spec = stateful_set["spec"]
    counts = ("updatedReplicas", "readyReplicas", "replicas")
    if spec["updateStrategy"]["type"] != "RollingUpdate":
        return status
    if any(status.get(name, 0) != spec["replicas"] for name in counts):
        return status
    current = {"currentReplicas": status.get("updatedReplicas", 0), "currentRevision": status["updateRevision"]}
    return written({**status, **current})


def is_outdated(stateful_set: Object, status: Object) -> bool:
    """Return whether a new status has to be written (inconsistentStatus).

    Args:
        stateful_set: the StatefulSet as read.
        status: its new status.
    """
    before = stateful_set.get("status", {})
    kept = ("conditions", "collisionCount", "observedGeneration")
    names = (before.keys() | status.keys()) - set(kept)
    newer = status["observedGeneration"] > before.get("observedGeneration", 0)
    return newer or any(before.get(name) != status.get(name) for name in names)
