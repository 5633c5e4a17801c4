"""Removes what a restore leaves behind: field ownership, the corrupt ReplicaSet, copies of the record."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from ..errors import ClusterError, Conflict, NotFound, one_line
from ..kube.labels import selector
from ..kube.requests import Request, delete_request, json_patch_request, patch_request
from ..kube.resources import DEPLOYMENTS, REPLICA_SETS
from ..kube.types import Deployment, ReplicaSet
from ..kube.waiting import WatchSet
from ..record.entry import Entry
from ..record.snapshot import Snapshot
from ..workload.rollout import observed
from ..workload.target import Target
from .leftovers import (
    annotations_patch,
    copied_entries,
    corrupt_replica_sets,
    deadline_patch,
    doubtful_replica_sets,
    managed_fields_patch,
    with_copies,
)

__all__ = ["clean_up"]


@dataclass(frozen=True)
class _DeadlineBack:
    """The patch that puts the progress deadline back; None when it is back already."""

    patch: Mapping[str, Any] | None


def clean_up(target: Target, known: Collection[Entry], *, clean_history: bool) -> list[str]:
    """Give the fields back to their owners, remove the corrupt ReplicaSet and the copies of the record.

    While the Deployment still has the record of another fault, only field ownership is given back.

    Args:
        target: the Deployment.
        known: injections that the caller knows.
        clean_history: delete the corrupt ReplicaSet once it is scaled to 0.

    Returns:
        A warning for each trace that stays, with what to do about it; empty when no trace is left.

    Raises:
        ClusterError: a transient error, such as an API server that cannot be reached; traces may be left.
    """
    warnings: list[str] = []
    try:
        snapshot = Snapshot(target.get())
        warnings += _give_fields_back(target, snapshot, known)
        if clean_history:
            warnings += _clean_history(target, snapshot, known)
    except NotFound:
        return []
    except ClusterError as x:
        if x.is_transient:
            raise
        warnings.append(
            f"traces of the fault may be left, because the cluster could not be searched for them: {one_line(x)}"
        )
    return warnings


def _give_fields_back(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> list[str]:
    """Give the fields back to their owners; return a warning when conflicts with other clients prevent it."""
    for pause in target.cluster.timing.after_conflicts():
        patch = managed_fields_patch(snapshot, known)
        if patch is not None and not known:
            known = _copied(target, snapshot)
            patch = managed_fields_patch(snapshot, known)
        if patch is None:
            return []
        try:
            request = json_patch_request(DEPLOYMENTS, target.namespace, target.name, patch)
            snapshot = Snapshot(cast(Deployment, target.cluster.send(request)))
        except ClusterError as x:
            if x.status not in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
                raise
            time.sleep(pause)
            snapshot = Snapshot(target.get())
    return ["managedFields still name chaosimagecorrupt, because the Deployment is being changed all the time"]


def _copied(target: Target, snapshot: Snapshot) -> list[Entry]:
    """Return the injections of which only a copy of the record is left: whatever undid them did not clean up.

    A role may not allow to list ReplicaSets; then there are none.
    """
    try:
        return copied_entries(snapshot.with_replica_sets(target.replica_sets(snapshot.deployment)))
    except ClusterError as x:
        if x.is_transient:
            raise
        return []


def _clean_history(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> list[str]:
    """Remove the corrupt ReplicaSet and the copies of the record; return a warning for each that stays."""
    for pause in target.cluster.timing.after_conflicts():
        if snapshot.record:
            return []  # another fault has been injected meanwhile
        snapshot = _scaled_down(target, snapshot, known)
        if deadline_patch(snapshot) is not None:
            snapshot = _put_deadline_back(target, snapshot)
            continue
        try:
            return _clean_replica_sets(target, snapshot, known)
        except Conflict:
            time.sleep(pause)  # the status of one of them changed meanwhile
    return ["traces of the fault stay in the rollout history, because the ReplicaSets are being changed all the time"]


def _put_deadline_back(target: Target, snapshot: Snapshot) -> Snapshot:
    """Put the progress deadline back, which only a copy of the record still explains; return what is stored then."""
    sets = snapshot.replica_sets or ()

    def decide(deployment: Deployment, _: _DeadlineBack | None) -> _DeadlineBack:
        return _DeadlineBack(deadline_patch(Snapshot(deployment, sets)))

    target.patch(decide)
    after = Snapshot(target.get(), sets)
    _give_fields_back(target, after, copied_entries(after))
    return after


def _clean_replica_sets(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> list[str]:
    corrupt = corrupt_replica_sets(snapshot, known)
    deleted = {r["metadata"]["uid"] for r in corrupt}
    copies = [r for r in with_copies(snapshot) if r["metadata"]["uid"] not in deleted]
    warnings = [_delete(target, r) for r in corrupt] + [_remove_copy(target, r) for r in copies]
    return [*filter(None, warnings), *(_stays(target, r) for r in doubtful_replica_sets(snapshot, known))]


def _scaled_down(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> Snapshot:
    """Wait until the corrupt ReplicaSets are scaled to 0; return the Deployment with its ReplicaSets.

    Returns after `Timing.scale_down` seconds, whether they are scaled to 0 or not. The ReplicaSets are listed only
    after the controller has observed the restore: until then it may still create one, and a watch of them that was
    opened earlier can lag behind the watch of the Deployment.
    """
    watch_set, until = WatchSet(target.cluster), time.monotonic() + target.cluster.timing.scale_down
    try:
        deployments = watch_set.add(DEPLOYMENTS, target.namespace, {"fieldSelector": f"metadata.name={target.name}"})
        while not all(map(observed, deployments.objects.values())) and watch_set.next_change(until):
            pass
        watch_set.drop_all()
        informer = watch_set.add(REPLICA_SETS, target.namespace, {"labelSelector": selector(snapshot.deployment)})
        while True:
            read = snapshot.with_replica_sets(list(informer.objects.values()))
            if _is_done(read, corrupt_replica_sets(read, known)) or not watch_set.next_change(until):
                return read
    finally:
        watch_set.close()


def _is_done(snapshot: Snapshot, corrupt: Sequence[ReplicaSet]) -> bool:
    """Return whether waiting can end; the controller scales no ReplicaSet of a paused Deployment."""
    return bool(snapshot.deployment["spec"].get("paused")) or all(map(_is_empty, corrupt))


def _stays(target: Target, replica_set: ReplicaSet) -> str:
    name = replica_set["metadata"]["name"]
    return (
        f"ReplicaSet {name} has the corrupt image and stays in the rollout history, because it existed before the "
        "fault or was rolled out again since, so it may be in use; if it is not: "
        f"`kubectl delete replicaset {name} -n {target.namespace}`"
    )


def _delete(target: Target, replica_set: ReplicaSet) -> str | None:
    name = replica_set["metadata"]["name"]
    by_hand = f"`kubectl delete replicaset {name} -n {target.namespace}`"
    if not _is_empty(replica_set):
        return f"the corrupt ReplicaSet {name} is not scaled to 0 and stays in the rollout history; later: {by_hand}"
    return _send(
        target,
        delete_request(REPLICA_SETS, replica_set),
        f"the corrupt ReplicaSet {name} stays in the rollout history; {by_hand}",
    )


def _remove_copy(target: Target, replica_set: ReplicaSet) -> str | None:
    name = replica_set["metadata"]["name"]
    request = patch_request(REPLICA_SETS, target.namespace, name, annotations_patch(replica_set))
    return _send(target, request, f"ReplicaSet {name} keeps a copy of the record in its annotations")


def _send(target: Target, request: Request, otherwise: str) -> str | None:
    """Send a request; return the warning `otherwise` when the API server refuses it for good, else None."""
    try:
        target.cluster.send(request)
    except NotFound:
        return None
    except Conflict:
        raise
    except ClusterError as x:
        if x.is_transient:
            raise
        return f"{otherwise} ({one_line(x)})"
    return None


def _is_empty(replica_set: ReplicaSet) -> bool:
    """Return whether a ReplicaSet is to have no pods, has none, and its controller has seen it at least once."""
    desired, actual = replica_set["spec"].get("replicas"), replica_set["status"].get("replicas")
    return not desired and not actual and (replica_set["status"].get("observedGeneration") or 0) >= 1
