"""Puts the image back on the cluster and removes every trace; the rollbacks, the control and the guard call it.

A restore reads a snapshot, decides, applies the decision, remembers it, cleans up, and reports.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from logzero import logger

from ..errors import ClusterError, Forbidden, NotFound, Refused, one_line
from ..kube.managed_fields import written_at
from ..kube.types import Deployment
from ..record.entry import Entry
from ..record.memory import MEMORY
from ..record.presence import in_place, shortened
from ..record.snapshot import Snapshot
from ..workload.target import Target
from .clean_up import clean_up
from .decide import RestorePlan, RestoreScope, needs_replica_sets, plan_restore, record_suffices
from .outcome import Outcome, RestoreOutcome
from .result import RestoreResult, container_warnings, log_line, preview_of, result_of, unrecorded_warnings

__all__ = ["preview_restore", "restore"]


def restore(
    target: Target,
    *,
    container_name: str | None = None,
    injection_ids: Collection[str] | None = None,
    remembered: Iterable[Entry] = (),
    clean_history: bool = True,
) -> RestoreResult:
    """Put the image back, remove the record, and clean up after it.

    Args:
        target: the Deployment.
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.
        remembered: injections that the caller knows and has not undone, in case the record is gone.
        clean_history: delete the corrupt ReplicaSet once it is scaled to 0.

    Returns:
        The outcome, with one entry for each container; see `rollbacks.restore_image`.

    Raises:
        Refused: the original image is unknown, or the record does not say whether the present image is the corrupt one;
            other containers of the Deployment are restored.
        ClusterError: the API server could not be reached, or refused.
    """
    scope = RestoreScope(container_name, injection_ids, [*remembered, *_remembered(target)])
    try:
        plan, after = target.patch(partial(_decide, target, scope))
    except NotFound as x:
        logger.info(f"{target}: {one_line(x)}; nothing to restore")
        return result_of(target, (), (), target.cluster.timing.now(), RestoreOutcome.DEPLOYMENT_GONE)
    _remember(target, plan, Snapshot(after))
    for outcome in plan.outcomes:
        logger.info(f"{target}: {log_line(outcome)}")
    warnings = [*unrecorded_warnings(plan), *container_warnings(after, plan.outcomes)]
    warnings += _clean_up(target, scope, plan.outcomes, clean_history=clean_history)
    for warning in warnings:
        logger.warning(f"{target}: {warning}")
    if plan.refusals:
        raise Refused("; ".join(plan.refusals))
    return result_of(target, plan.outcomes, warnings, target.cluster.timing.now())


def preview_restore(
    target: Target, *, container_name: str | None = None, injection_ids: Collection[str] | None = None
) -> dict[str, Any]:
    """Return what `restore` would do; nothing is changed.

    Args:
        target: the Deployment.
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.

    Returns:
        The same as `restore`, without `restored` and without warnings about the clean-up, but with `dry_run`.

    Raises:
        Refused: as `restore`.
        ClusterError: the API server could not be reached, or refused.
    """
    scope = RestoreScope(container_name, injection_ids, _remembered(target))
    try:
        plan = _decide(target, scope, target.get(), None)
    except NotFound:
        return preview_of(result_of(target, (), (), target.cluster.timing.now(), RestoreOutcome.DEPLOYMENT_GONE))
    if plan.refusals:
        raise Refused("; ".join(plan.refusals))
    return preview_of(result_of(target, plan.outcomes, unrecorded_warnings(plan), target.cluster.timing.now()))


def _remembered(target: Target) -> list[Entry]:
    """Return the injections into the Deployment that this process made and has not seen undone."""
    fault = MEMORY.fault(target.cluster, target.namespace, target.name)
    return fault.left if fault is not None else []


def _decide(target: Target, scope: RestoreScope, deployment: Deployment, earlier: RestorePlan | None) -> RestorePlan:
    """Plan the restore of the Deployment as it was read, after an earlier plan met a conflict if there was one."""
    plan = plan_restore(_read_snapshot(target, scope, deployment), scope)
    if earlier is not None and earlier.outcomes and not plan.outcomes:
        # the earlier patch was stored, but its answer was lost
        return replace(earlier, patch=plan.patch, refusals=plan.refusals)
    return plan


def _read_snapshot(target: Target, scope: RestoreScope, deployment: Deployment) -> Snapshot:
    """Return the Deployment, with its ReplicaSets if they are needed and the role allows to list them."""
    snapshot = Snapshot(deployment)
    if not needs_replica_sets(snapshot, scope):
        return snapshot
    try:
        return snapshot.with_replica_sets(target.replica_sets(deployment))
    except Forbidden:
        if not record_suffices(snapshot, scope):
            raise
        return snapshot


def _remember(target: Target, plan: RestorePlan, after: Snapshot) -> None:
    """Keep in this process's memory what was restored, and which of its injections are no longer in place."""
    if plan.outcomes:
        healed = all(o.outcome is RestoreOutcome.HEALED for o in plan.outcomes)
        put_back = max((o.at or "" for o in plan.outcomes), default="") or None
        MEMORY.restored(
            target.cluster,
            plan.snapshot.deployment,
            after.deployment,
            target.cluster.timing.now(),
            [o.entry.id for o in plan.outcomes],
            put_back if healed else written_at(after.deployment),
            healed=healed,
        )
    undone = [e.id for e in _remembered(target) if _is_undone(after, e)]
    MEMORY.undone(target.cluster, after.deployment, undone)


def _is_undone(snapshot: Snapshot, entry: Entry) -> bool:
    """Return whether an injection is not in place, and can no longer come: its patch has an old resourceVersion."""
    recorded = any(e.id == entry.id for e in snapshot.record.values())
    left = recorded or in_place(snapshot.deployment, entry) or shortened(snapshot.deployment, entry)
    return snapshot.deployment["metadata"]["generation"] >= (entry.generation or 0) and not left


def _clean_up(target: Target, scope: RestoreScope, outcomes: Iterable[Outcome], *, clean_history: bool) -> list[str]:
    """Clean up after a restore; an error becomes a warning, because the image is back already."""
    try:
        return clean_up(target, [*scope.known, *map(_as_found, outcomes)], clean_history=clean_history)
    except ClusterError as x:
        return [f"traces of the fault may be left; restore again to remove them: {one_line(x)}"]


def _as_found(outcome: Outcome) -> Entry:
    """Return the injection with the image that the container had: an admission webhook may have changed it."""
    if outcome.outcome is RestoreOutcome.RESTORED:
        return replace(outcome.entry, image=outcome.found)
    return outcome.entry
