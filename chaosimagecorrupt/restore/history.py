"""Removes the traces of a fault from the rollout history: the corrupt revisions, and the copies of the record."""

import time
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from ..errors import ClusterError, Conflict, NotFound, one_line
from ..kube.informer import Informer
from ..kube.labels import selector
from ..kube.requests import Request, delete_request, patch_request
from ..kube.resources import PODS
from ..kube.types import Deployment, Pod, Revision
from ..kube.waiting import WatchSet
from ..record.entry import Entry
from ..record.snapshot import Snapshot
from ..workload.target import PatchOnly, Target
from .fields import give_fields_back
from .leftovers import (
    annotations_patch,
    copied_entries,
    corrupt_revisions,
    deadline_patch,
    doubtful_revisions,
    with_copies,
)
from .settling import once_observed

__all__ = ["clean_history"]


class _Settled(NamedTuple):
    """A workload with its revisions, after the restore.

    Attributes:
        snapshot: the workload and its revisions.
        pods: those of the corrupt revisions; None where the revisions count their pods themselves.
    """

    snapshot: Snapshot
    pods: Sequence[Pod] | None

    def in_use(self, revision: Revision) -> bool:
        """Return whether a revision still has, or gets, pods."""
        return self.snapshot.kind.in_use(self.snapshot.deployment, revision, self.pods)


def clean_history(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> list[str]:
    """Remove the corrupt revisions and the copies of the record; return a warning for each that stays.

    Args:
        target: the workload.
        snapshot: the workload as it was read.
        known: injections that the caller knows.

    Raises:
        ClusterError: the API server could not be reached, or refused.
    """
    for pause in target.cluster.timing.after_conflicts():
        if snapshot.record:
            return []  # another fault has been injected meanwhile
        settled = _settled(target, snapshot, known)
        snapshot = settled.snapshot
        if snapshot.record:
            continue
        if deadline_patch(snapshot) is not None:
            snapshot = _put_deadline_back(target, snapshot)
            continue
        try:
            return _clean_revisions(target, settled, known)
        except Conflict:
            time.sleep(pause)  # the status of one of them changed meanwhile
    revisions = f"{target.kind.revision_name}s"
    return [f"traces of the fault stay in the rollout history, because the {revisions} are being changed all the time"]


def _put_deadline_back(target: Target, snapshot: Snapshot) -> Snapshot:
    """Put the progress deadline back, which only a copy of the record still explains; return what is stored then."""
    sets = snapshot.revisions or ()

    def decide(deployment: Deployment, _: PatchOnly | None) -> PatchOnly:
        return PatchOnly(deadline_patch(Snapshot(deployment, sets)))

    target.patch(decide)
    after = Snapshot(target.get(), sets)
    give_fields_back(target, after, copied_entries(after))
    return after


def _clean_revisions(target: Target, settled: _Settled, known: Collection[Entry]) -> list[str]:
    snapshot = settled.snapshot
    corrupt = corrupt_revisions(snapshot, known)
    deleted = {r["metadata"]["uid"] for r in corrupt}
    copies = [r for r in with_copies(snapshot) if r["metadata"]["uid"] not in deleted]
    warnings = [_delete(target, r, in_use=settled.in_use(r)) for r in corrupt]
    warnings += [_remove_copy(target, r) for r in copies]
    return [*filter(None, warnings), *(_stays(target, r) for r in doubtful_revisions(snapshot, known))]


def _settled(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> _Settled:
    """Wait until no corrupt revision is in use; return the workload with its revisions.

    Returns after `Timing.scale_down` seconds, whether one is in use or not. The revisions are listed only after the
    controller has observed the restore: until then it may still create one, and a watch of them that was opened earlier
    can lag behind the watch of the workload.
    """
    watch_set, until = WatchSet(target.cluster), time.monotonic() + target.cluster.timing.scale_down
    try:
        snapshot = once_observed(watch_set, target, snapshot, until)
        labels, kind = {"labelSelector": selector(snapshot.deployment)}, target.kind
        revisions = watch_set.add(kind.revisions, target.namespace, labels, keep=kind.as_revision)
        pods: Informer | None = None
        while True:
            read = snapshot.with_revisions(list(revisions.objects.values()))
            corrupt = corrupt_revisions(read, known)
            if corrupt and not kind.counts_pods:
                pods = _pods_of(watch_set, target, read, corrupt, pods)
            settled = _Settled(read, None if kind.counts_pods else list(pods.objects.values()) if pods else [])
            if _is_done(settled, corrupt) or not watch_set.next_change(until):
                return settled
    finally:
        watch_set.close()


def _pods_of(
    watch_set: WatchSet, target: Target, snapshot: Snapshot, corrupt: Sequence[Revision], pods: Informer | None
) -> Informer:
    """Return what follows the pods of the corrupt revisions: the one there is, if it is of the same revisions."""
    query = {"labelSelector": target.kind.pod_labels(snapshot.deployment, corrupt)}
    if pods is not None and pods.request.query == query:
        return pods
    if pods is not None:
        watch_set.drop(pods)
    return watch_set.add(PODS, target.namespace, query, keep=_labels_of)


def _labels_of(pod: Pod) -> dict[str, Any]:
    """Return what tells a pod's revision: a small part of a pod."""
    return {"metadata": {k: v for k, v in pod["metadata"].items() if k in ("name", "namespace", "labels")}}


def _is_done(settled: _Settled, corrupt: Sequence[Revision]) -> bool:
    """Return whether waiting can end; the controller scales no ReplicaSet of a paused Deployment."""
    return bool(settled.snapshot.deployment["spec"].get("paused")) or not any(map(settled.in_use, corrupt))


def _stays(target: Target, revision: Revision) -> str:
    return (
        f"{_called(target, revision)} has the corrupt image and stays in the rollout history, because it existed "
        "before the fault or was rolled out again since, so it may be in use; if it is not: "
        f"{_by_hand(target, revision)}"
    )


def _delete(target: Target, revision: Revision, *, in_use: bool) -> str | None:
    called, by_hand = _called(target, revision), _by_hand(target, revision)
    if in_use:
        why = "is not scaled to 0" if target.kind.counts_pods else "still has pods"
        return f"the corrupt {called} {why} and stays in the rollout history; later: {by_hand}"
    request = delete_request(target.kind.revisions, revision)
    return _send(target, request, f"the corrupt {called} stays in the rollout history; {by_hand}")


def _remove_copy(target: Target, revision: Revision) -> str | None:
    name = revision["metadata"]["name"]
    request = patch_request(target.kind.revisions, target.namespace, name, annotations_patch(revision))
    return _send(target, request, f"{_called(target, revision)} keeps a copy of the record in its annotations")


def _called(target: Target, revision: Revision) -> str:
    return f"{target.kind.revision_name} {revision['metadata']['name']}"


def _by_hand(target: Target, revision: Revision) -> str:
    kind = target.kind.revision_name.lower()
    return f"`kubectl delete {kind} {revision['metadata']['name']} -n {target.namespace}`"


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
