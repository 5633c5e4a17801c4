"""Which Pods are deleted first when there are too many (pkg/controller/controller_utils.go: ActivePodsWithRanks)."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from ...timestamps import seconds_of
from ...types import Object

__all__ = ["has_ended", "is_active", "is_available", "is_ready", "is_terminating", "pods_to_delete", "ready_since"]

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"


def has_ended(pod: Object) -> bool:
    """Return whether all containers of a Pod have ended for good (podutil.IsPodTerminal).

    Args:
        pod: the Pod.
    """
    return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def is_active(pod: Object) -> bool:
    """Return whether a Pod counts as a replica: it has not ended and is not being deleted (IsPodActive).

    Args:
        pod: the Pod.
    """
    return not has_ended(pod) and "deletionTimestamp" not in pod["metadata"]


def is_terminating(pod: Object) -> bool:
    """Return whether a Pod is being deleted and has not ended yet (IsPodTerminating).

    Args:
        pod: the Pod.
    """
    return not has_ended(pod) and "deletionTimestamp" in pod["metadata"]


def ready_since(pod: Object) -> float | None:
    """Return since when a Pod is ready, in seconds since 1970, or `None`.

    Args:
        pod: the Pod.
    """
    time = _ready_time(pod)
    return seconds_of(time) if time else None


def is_ready(pod: Object) -> bool:
    """Return whether a Pod is ready.

    Args:
        pod: the Pod.
    """
    return _ready_time(pod) is not None


def is_available(pod: Object, min_ready_seconds: int, now: float) -> bool:
    """Return whether a Pod has been ready for long enough (podutil.IsPodAvailable).

    Args:
        pod: the Pod.
        min_ready_seconds: how long it has to be.
        now: seconds since 1970.
    """
    time = _ready_time(pod)
    return time is not None and (not min_ready_seconds or seconds_of(time) + min_ready_seconds <= now)


def _ready_time(pod: Object) -> str | None:
    for condition in pod.get("status", {}).get("conditions", ()):
        if condition["type"] == "Ready" and condition["status"] == "True":
            return str(condition["lastTransitionTime"])
    return None


def pods_to_delete(pods: Sequence[Object], count: int, now: float, tie: Callable[[Object], str]) -> list[Object]:
    """Return the Pods to delete first.

    Args:
        pods: all active ones of a ReplicaSet.
        count: how many go.
        now: seconds since 1970.
        tie: decides between those that are equally good to delete.
    """
    if count >= len(pods):
        return list(pods)
    neighbours = Counter(pod["spec"].get("nodeName", "") for pod in pods)

    def rank(pod: Object) -> tuple[Any, ...]:
        metadata, status = pod["metadata"], pod.get("status", {})
        node = pod["spec"].get("nodeName", "")
        since = ready_since(pod)
        restarts = sum(each.get("restartCount", 0) for each in status.get("containerStatuses", ()))
        return (
            bool(node),
            {"Pending": 0, "Unknown": 1, "Running": 2}.get(status.get("phase", ""), 0),
            since is not None,
            int((metadata.get("annotations") or {}).get(DELETION_COST, 0)),
            -neighbours[node],
            # ages count by orders of magnitude, so that which of two goes is random (LogarithmicScaleDown)
            _magnitude(now - since) if since is not None else 0,
            -restarts,
            _magnitude(now - seconds_of(metadata["creationTimestamp"])),
            tie(pod),
        )

    return sorted(pods, key=rank)[:count]


def _magnitude(seconds: float) -> int:
    """Return the order of magnitude of an age, by Go's nanoseconds (logarithmicRankDiff)."""
    return int(math.log2(seconds * 1e9)) if seconds > 0 else -1
