"""Restores many Deployments, a few at a time: all images first, then the traces."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import NamedTuple

from logzero import logger

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ClusterError, ImageCorruptError, one_line
from ..kube.client import Cluster
from ..record.entry import Entry, expired
from ..record.fault import Fault
from ..record.find import recorded_workloads
from ..record.snapshot import Snapshot
from ..workload.kind import WorkloadKind
from ..workload.target import Target
from .restore import Restoration, finish, put_back
from .result import NotRestored, RestoreResult, not_restored

__all__ = ["Todo", "finish_one", "restore_all", "todo_of", "todo_of_faults"]


class Todo(NamedTuple):
    """One Deployment to restore.

    Attributes:
        target: the Deployment.
        injection_ids: the injections to undo; None for every one.
        listed: the Deployment as it was listed; None: it is read.
    """

    target: Target
    injection_ids: list[str] | None
    listed: Snapshot | None = None


def todo_of(cluster: Cluster, found: Iterable[Snapshot], now: float, *, expired_only: bool) -> list[Todo]:
    """Return which Deployments to restore, and which injections into them to undo.

    Args:
        cluster: the connection to the cluster that the Deployments are on.
        found: Deployments that carry a record, or only its label.
        now: seconds since 1970.
        expired_only: only faults whose ttl is over. A Deployment that has lost its record has no ttl, so it is restored
            at once.
    """
    todo = []
    for snapshot in found:
        record = snapshot.record.values()
        ids = [e.id for e in record if expired(e, now)] if expired_only and record else None
        if ids != []:
            todo.append(Todo(Target.found(snapshot.deployment, cluster), ids, snapshot))
    return todo


def todo_of_faults(faults: Iterable[Fault], counts: Callable[[Entry], bool] = lambda entry: True) -> list[Todo]:
    """Return which of this process's faults to restore, whether they still have a record or not.

    One whose restore was interrupted before it had removed the traces is restored again, which removes them.

    Args:
        faults: what this process injected.
        counts: whether to undo an injection that is not known to be undone; by default each of them.
    """
    left = [(fault, ids) for fault in faults if (ids := [e.id for e in fault.left if counts(e)]) or fault.uncleaned]
    together = Counter((id(f.cluster), f.namespace, f.kind) for f, _ in left)
    listed = dict[str, Snapshot]()
    for fault, _ in left:
        if together.pop((id(fault.cluster), fault.namespace, fault.kind), 0) > 1:
            listed |= _listed_in(fault.cluster, fault.namespace, fault.kind)
    return [Todo(f.target, ids, listed.get(f.uid)) for f, ids in left]


def _listed_in(cluster: Cluster, namespace: str, kind: WorkloadKind) -> dict[str, Snapshot]:
    """List the workloads of a kind with a record, by uid; a role may not allow that, then each of them is read."""
    try:
        return {found.uid: found for found in recorded_workloads(cluster, namespace, None, kinds=[kind])}
    except ClusterError as x:
        logger.debug(f"the {kind.name}s in {namespace} are read one by one: {one_line(x)}")
        return {}


def restore_all(
    todo: Collection[Todo], *, concurrency: int = CONCURRENCY, clean_history: bool = True
) -> list[RestoreResult | NotRestored]:
    """Restore many Deployments: all images are put back before anything is cleaned up.

    If one fails, the others are still restored.

    Args:
        todo: the Deployments.
        concurrency: how many are restored at the same time, at most.
        clean_history: delete the corrupt ReplicaSets.

    Returns:
        The result of `restore` for each, in the order of `todo`; for one that fails
        `{namespace, deployment, outcome: "failed", error}`.
    """

    def put_back_one(chosen: Todo) -> Restoration | NotRestored:
        try:
            return put_back(chosen.target, injection_ids=chosen.injection_ids, listed=chosen.listed)
        except ImageCorruptError as x:
            return _failed(chosen.target, x)

    restorations = list(map_concurrently(put_back_one, todo, concurrency))
    finishing = partial(finish_one, clean_history=clean_history)
    return list(map_concurrently(finishing, restorations, concurrency))


def finish_one(restoration: Restoration | NotRestored, *, clean_history: bool = True) -> RestoreResult | NotRestored:
    """Clean up after a restore of one of many Deployments; an error becomes its result."""
    if not isinstance(restoration, Restoration):
        return restoration
    try:
        return finish(restoration, clean_history=clean_history)
    except ImageCorruptError as x:
        return _failed(restoration.target, x)


def _failed(target: Target, x: ImageCorruptError) -> NotRestored:
    logger.error(f"{target} is not restored: {one_line(x, 500)}")
    return not_restored(target, x)
