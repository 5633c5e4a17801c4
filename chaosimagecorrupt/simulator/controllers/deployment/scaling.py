"""Changes of the size of ReplicaSets (kubernetes/pkg/controller/deployment: sync.go, scale)."""

from collections.abc import Sequence
from functools import partial

from ...types import Object
from ..client import Client
from ..events import EventRecorder, reference
from ..workqueue import Work
from .replica_counts import (
    DESIRED,
    available_of,
    desired_of,
    is_rolling_update,
    max_surge,
    proportion,
    size_of,
    sum_of_sizes,
)
from .replica_sets import (
    active,
    annotations_of,
    by_age,
    with_replicas_annotations,
)

__all__ = ["Scaling"]


class Scaling:
    """Sizes the ReplicaSets of a Deployment, and records it in events.

    Args:
        client: sends the writes.
        recorder: records events.
    """

    def __init__(self, client: Client, recorder: EventRecorder) -> None:
        self._client = client
        self._recorder = recorder

    def scale(self, deployment: Object, replica_set: Object, size: int) -> Work:
        """Size one ReplicaSet; returns whether it was, and the ReplicaSet (scaleReplicaSetAndRecordEvent).

        Args:
            deployment: the Deployment.
            replica_set: one of its ReplicaSets.
            size: how many replicas it is to have.
        """
        if size_of(replica_set) == size:
            return False, replica_set
        return (yield from self._resize(deployment, replica_set, size))

    def scale_all(self, deployment: Object, new: Object | None, old: Sequence[Object]) -> Work:
        """Follow a change of the Deployment's replicas, in proportion during a rollout (scale).

        Args:
            deployment: the Deployment.
            new: its newest ReplicaSet, if there is one.
            old: the others.
        """
        only = _active_or_latest(new, old)
        if only is not None:
            yield from self.scale(deployment, only, desired_of(deployment))
        elif _is_saturated(deployment, new):
            for replica_set in active(old):
                yield from self.scale(deployment, replica_set, 0)
        elif is_rolling_update(deployment):
            for replica_set, size in _proportional_sizes(deployment, active([*old, *([new] if new else [])])):
                yield from self._resize(deployment, replica_set, size)

    def _resize(self, deployment: Object, replica_set: Object, size: int) -> Work:
        before = size_of(replica_set)
        changed = with_replicas_annotations(deployment, replica_set)
        if size == before and annotations_of(changed) == annotations_of(replica_set):
            return False, replica_set
        changed["spec"] = {**replica_set["spec"], "replicas": size}
        updated = yield partial(self._client.update, "replicasets.apps", changed)
        if size == before:
            return False, updated
        direction = "up" if before < size else "down"
        message = f"Scaled {direction} replica set {replica_set['metadata']['name']} from {before} to {size}"
        self._recorder.event(reference(deployment), "Normal", "ScalingReplicaSet", message)
        return True, updated


def _active_or_latest(new: Object | None, old: Sequence[Object]) -> Object | None:
    """Return the one ReplicaSet to scale, `None` when there are several (FindActiveOrLatest)."""
    candidates = active([*old, *([new] if new else [])])
    if len(candidates) > 1:
        return None
    if candidates:
        return candidates[0]
    return new or (by_age(old)[-1] if old else None)


def _is_saturated(deployment: Object, new: Object | None) -> bool:
    """Return whether the newest ReplicaSet has all it is to have (IsSaturated)."""
    if new is None:
        return False
    desired = desired_of(deployment)
    return annotations_of(new).get(DESIRED) == str(desired) and size_of(new) == desired == available_of(new)


def _proportional_sizes(deployment: Object, sets: list[Object]) -> list[tuple[Object, int]]:
    """Return what each ReplicaSet is to be sized to; the largest one takes what is left over."""
    desired = desired_of(deployment)
    to_add = (desired + max_surge(deployment) if desired else 0) - sum_of_sizes(sets)
    # of the same size, newer ones grow first and older ones shrink first (ReplicaSetsBySizeNewer, -Older)
    sets = by_age(sets)
    sets = sorted(reversed(sets) if to_add > 0 else sets, key=size_of, reverse=True)
    added, sizes = 0, []
    for replica_set in sets:
        share = proportion(deployment, replica_set, to_add, added)
        added += share
        sizes.append(size_of(replica_set) + share)
    if to_add and sizes:
        sizes[0] = max(0, sizes[0] + to_add - added)
    return list(zip(sets, sizes, strict=True))
