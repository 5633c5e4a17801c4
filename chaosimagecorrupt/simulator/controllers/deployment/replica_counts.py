"""How many replicas each ReplicaSet may have during a rollout (kubernetes/pkg/controller/deployment/util)."""

import math
from collections.abc import Iterable

from ...types import Object

__all__ = [
    "DESIRED",
    "MAXIMUM",
    "available_of",
    "desired_of",
    "is_rolling_update",
    "max_surge",
    "max_unavailable",
    "new_replica_set_size",
    "proportion",
    "scaled_value",
    "size_of",
    "sum_of_sizes",
    "sum_of_status",
]

DESIRED = "deployment.kubernetes.io/desired-replicas"
MAXIMUM = "deployment.kubernetes.io/max-replicas"


def is_rolling_update(deployment: Object) -> bool:
    """Return whether the strategy is RollingUpdate, the default.

    Args:
        deployment: the Deployment.
    """
    return bool((deployment["spec"].get("strategy") or {}).get("type", "RollingUpdate") == "RollingUpdate")


def desired_of(deployment: Object) -> int:
    """Return `spec.replicas`, 1 by default.

    Args:
        deployment: the Deployment.
    """
    return int(deployment["spec"].get("replicas", 1))


def size_of(replica_set: Object) -> int:
    """Return `spec.replicas` of a ReplicaSet, 1 by default.

    Args:
        replica_set: the ReplicaSet.
    """
    return int(replica_set["spec"].get("replicas", 1))


def available_of(replica_set: Object) -> int:
    """Return how many replicas of a ReplicaSet are available.

    Args:
        replica_set: the ReplicaSet.
    """
    return int(replica_set.get("status", {}).get("availableReplicas", 0))


def sum_of_sizes(replica_sets: Iterable[Object]) -> int:
    """Return how many replicas some ReplicaSets are to have together.

    Args:
        replica_sets: the ReplicaSets.
    """
    return sum(map(size_of, replica_sets))


def sum_of_status(replica_sets: Iterable[Object], field: str) -> int:
    """Return the sum of one number of the status of some ReplicaSets.

    Args:
        replica_sets: the ReplicaSets.
        field: the number's name, such as `readyReplicas`.
    """
    return sum(int(each.get("status", {}).get(field, 0)) for each in replica_sets)


def scaled_value(value: int | str, total: int, *, up: bool) -> int:
    """Return a number that is given as such or as a percentage (intstr.GetScaledValueFromIntOrPercent).

    Args:
        value: the number, or something like `25%`.
        total: what it is a percentage of.
        up: whether to round up rather than down.
    """
    if isinstance(value, str) and value.endswith("%"):
        share = int(value[:-1]) * total / 100
        return math.ceil(share) if up else math.floor(share)
    return int(value)


def _fenceposts(deployment: Object) -> tuple[int, int]:
    """Return maxSurge and maxUnavailable, never both 0 (ResolveFenceposts)."""
    parameters = (deployment["spec"].get("strategy") or {}).get("rollingUpdate") or {}
    desired = desired_of(deployment)
    surge = scaled_value(parameters.get("maxSurge", "25%"), desired, up=True)
    unavailable = scaled_value(parameters.get("maxUnavailable", "25%"), desired, up=False)
    return (0, 1) if surge == unavailable == 0 else (surge, unavailable)


def max_surge(deployment: Object) -> int:
    """Return how many replicas there may be above the desired number.

    Args:
        deployment: the Deployment.
    """
    return _fenceposts(deployment)[0] if is_rolling_update(deployment) else 0


def max_unavailable(deployment: Object) -> int:
    """Return how many replicas may be unavailable during a rollout.

    Args:
        deployment: the Deployment.
    """
    desired = desired_of(deployment)
    if not is_rolling_update(deployment) or not desired:
        return 0
    return min(_fenceposts(deployment)[1], desired)


def new_replica_set_size(deployment: Object, all_sets: Iterable[Object], new: Object) -> int:
    """Return how many replicas the newest ReplicaSet may have by now (NewRSNewReplicas).

    Args:
        deployment: the Deployment.
        all_sets: all its ReplicaSets, the newest included.
        new: the newest one.
    """
    desired = desired_of(deployment)
    if not is_rolling_update(deployment):
        return desired
    room = desired + max_surge(deployment) - sum_of_sizes(all_sets)
    if room <= 0:
        return size_of(new)
    return size_of(new) + min(room, desired - size_of(new))


def proportion(deployment: Object, replica_set: Object, to_add: int, added: int) -> int:
    """Return by how much a ReplicaSet changes when a Deployment is scaled in mid-rollout (GetReplicaSetProportion).

    Args:
        deployment: the Deployment.
        replica_set: one of its ReplicaSets.
        to_add: how many replicas are to be added altogether, negative when scaling down.
        added: how many the ReplicaSets before this one have got.
    """
    if not size_of(replica_set) or to_add in (0, added):
        return 0
    fraction = _fraction(deployment, replica_set)
    return min(fraction, to_add - added) if to_add > 0 else max(fraction, to_add - added)


def _fraction(deployment: Object, replica_set: Object) -> int:
    """Return the growth that keeps the ReplicaSet's share (getReplicaSetFraction)."""
    size = size_of(replica_set)
    if not desired_of(deployment):
        return -size
    before = int((replica_set["metadata"].get("annotations") or {}).get(MAXIMUM, 0))
    before = before or int(deployment.get("status", {}).get("replicas", 0))
    if not before:
        return 0
    return int(size * (desired_of(deployment) + max_surge(deployment)) / before + 0.5) - size
