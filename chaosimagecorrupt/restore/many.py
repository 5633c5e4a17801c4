"""Restores many Deployments, a few at a time."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from logzero import logger

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ImageCorruptError, one_line
from ..kube.client import Cluster
from ..kube.types import Deployment
from ..record.annotations import read_record
from ..record.entry import expired
from ..workload.target import Target
from .restore import restore
from .result import NotRestored, RestoreResult, not_restored

__all__ = ["Todo", "restore_all", "todo_of"]


class Todo(NamedTuple):
    """One Deployment to restore.

    Attributes:
        target: the Deployment.
        injection_ids: the injections to undo; None for every one.
    """

    target: Target
    injection_ids: list[str] | None


def todo_of(cluster: Cluster, deployments: Iterable[Deployment], now: float, *, expired_only: bool) -> list[Todo]:
    """Return which Deployments to restore, and which injections into them to undo.

    Args:
        cluster: the connection to the cluster that the Deployments are on.
        deployments: Deployments that carry a record, or only its label.
        now: seconds since 1970.
        expired_only: only faults whose ttl is over. A Deployment that has lost its record has no ttl, so it is restored
            at once.
    """
    todo = []
    for deployment in deployments:
        record = read_record(deployment)
        ids = [e.id for e in record.values() if expired(e, now)] if expired_only and record else None
        if ids != []:
            todo.append(Todo(Target.found(deployment, cluster), ids))
    return todo


def restore_all(
    todo: Collection[Todo], *, concurrency: int = CONCURRENCY, clean_history: bool = True
) -> Iterator[RestoreResult | NotRestored]:
    """Restore many Deployments; if one fails, the others are still restored.

    Args:
        todo: the Deployments.
        concurrency: how many are restored at the same time, at most.
        clean_history: delete the corrupt ReplicaSets.

    Yields:
        The result of `restore` for each, in the order of `todo`; for one that fails
        `{namespace, deployment, outcome: "failed", error}`.
    """

    def one(chosen: Todo) -> RestoreResult | NotRestored:
        try:
            return restore(chosen.target, injection_ids=chosen.injection_ids, clean_history=clean_history)
        except ImageCorruptError as x:
            logger.error(f"{chosen.target} is not restored: {one_line(x, 500)}")
            return not_restored(chosen.target, x)

    return map_concurrently(one, todo, concurrency)
