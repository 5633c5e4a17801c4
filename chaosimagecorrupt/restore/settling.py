"""Waits until the controller of a workload has observed a restore."""

from ..kube.waiting import WatchSet
from ..record.snapshot import Snapshot
from ..workload.rollout import observed
from ..workload.target import Target

__all__ = ["once_observed"]


def once_observed(watch_set: WatchSet, target: Target, snapshot: Snapshot, until: float) -> Snapshot:
    """Return the workload once its status is of the present spec, or as it is when the time is over.

    Args:
        watch_set: nothing is followed in it, neither before nor after.
        target: the workload.
        snapshot: the workload as it was read; it is returned when it is gone meanwhile.
        until: by `time.monotonic`.

    Raises:
        ClusterError: the workload cannot be followed.
    """
    only = {"fieldSelector": f"metadata.name={target.name}"}
    there = watch_set.add(target.kind.resource, target.namespace, only).objects
    while not all(map(observed, there.values())) and watch_set.next_change(until):
        pass
    found = next(iter(there.values()), None)
    watch_set.drop_all()
    return snapshot if found is None else Snapshot(found)
