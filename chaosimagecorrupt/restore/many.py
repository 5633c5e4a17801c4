"""Restoring many Deployments."""

import time
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from logzero import logger

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ImageCorruptError, one_line
from ..kube.client import Cluster
from ..record.annotations import read_record
from ..record.entry import expired
from ..workload.target import Target
from .restore import restore
from .result import NotRestored, RestoreResult, not_restored

__all__ = ["Todo", "restore_all", "todo_of"]

Object = dict[str, Any]


Todo = tuple[Target, list[str] | None]  # a Deployment, and which injections are to be undone; None for every one


def todo_of(cluster: Cluster, deployments: Iterable[Object], *, expired_only: bool) -> list[Todo]:
    """Return what is to be restored.

    Args:
        cluster: where the Deployments are.
        deployments: those that carry a record, or only its label.
        expired_only: only faults whose ttl is over; what has lost its record has no ttl, and is restored at once.
    """
    now, todo = time.time(), []
    for deployment in deployments:
        record = read_record(deployment)
        ids = [e.id for e in record.values() if expired(e, now)] if expired_only and record else None
        if ids != []:
            todo.append((Target.found(deployment, cluster), ids))
    return todo


def restore_all(
    todo: Collection[Todo], *, concurrency: int = CONCURRENCY, clean_history: bool = True
) -> Iterator[RestoreResult | NotRestored]:
    """Restore many Deployments; one that fails does not stop the others.

    Args:
        todo: the Deployments.
        concurrency: how many are under way at most.
        clean_history: delete the corrupt ReplicaSets.

    Yields:
        For each what `restore` returns, or `{namespace, deployment, outcome: "failed", error}`.
    """

    def one(chosen: Todo) -> RestoreResult | NotRestored:
        target, injection_ids = chosen
        try:
            return restore(target, injection_ids=injection_ids, clean_history=clean_history)
        except ImageCorruptError as x:
            logger.error(f"{target} is not restored: {one_line(x, 500)}")
            return not_restored(target, x)

    return map_concurrently(one, todo, concurrency)
