"""Puts the image back on the cluster and removes every trace; the rollbacks, the control and the guard call it.

A restore reads a snapshot, decides, applies the decision, and remembers it (`put_back`); then it emits Events, cleans
up, and reports (`finish`). Where many Deployments are restored, all images are put back before any of them is finished.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from logzero import logger

from ..errors import ClusterError, Forbidden, NotFound, Refused, one_line
from ..kube.types import Deployment
from ..record.entry import Entry
from ..record.memory import MEMORY
from ..record.snapshot import Snapshot
from ..workload.events import emit
from ..workload.target import Target, whoami
from .clean_up import clean_up
from .decide import RestorePlan, RestoreScope, needs_revisions, plan_restore, record_suffices
from .events import restored_events
from .fields import give_fields_back_at_once
from .outcome import Outcome, RestoreOutcome
from .remember import remember, remembered_entries
from .result import (
    RestorePreview,
    RestoreResult,
    container_warnings,
    log_line,
    outcome_of_all,
    preview_of,
    record_warnings,
    result_of,
)

__all__ = ["Restoration", "finish", "preview_restore", "put_back", "restore"]


@dataclass(frozen=True)
class Restoration:
    """A Deployment in which the images are put back; what is left is to clean up.

    Attributes:
        target: the Deployment.
        scope: what was to be restored.
        plan: what was done; None when the Deployment is gone.
        after: the Deployment as the API server returned it; None when it is gone.
    """

    target: Target
    scope: RestoreScope
    plan: RestorePlan | None = None
    after: Deployment | None = None

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """What became of each container."""
        return self.plan.outcomes if self.plan is not None else ()

    @property
    def outcome(self) -> RestoreOutcome:
        """What became of the Deployment."""
        return outcome_of_all(self.outcomes) if self.plan is not None else RestoreOutcome.DEPLOYMENT_GONE

    @property
    def known(self) -> list[Entry]:
        """The injections whose traces are to be removed."""
        return [*self.scope.known, *map(_as_found, self.outcomes)]

    def result(self, warnings: Sequence[str] = ()) -> RestoreResult:
        """Return the result, with the warnings of the clean-up if it was made."""
        return result_of(self.target, self.outcomes, warnings, self.target.cluster.timing.now(), self.outcome)

    def check(self) -> None:
        """Raise Refused when a container could not be restored."""
        if self.plan is not None and self.plan.refusals:
            raise Refused("; ".join(self.plan.refusals))


def restore(
    target: Target,
    *,
    container_name: str | None = None,
    injection_ids: Collection[str] | None = None,
    clean_history: bool = True,
) -> RestoreResult:
    """Put the image back, remove the record, and clean up after it.

    Args:
        target: the Deployment.
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.
        clean_history: delete the corrupt ReplicaSet once it is scaled to 0.

    Returns:
        The outcome, with one entry for each container; see `rollbacks.restore_image`.

    Raises:
        Refused: the original image is unknown, or the record does not say whether the present image is the corrupt one;
            other containers of the Deployment are restored.
        ClusterError: the API server could not be reached, or refused.
    """
    restoration = put_back(target, container_name=container_name, injection_ids=injection_ids)
    return finish(restoration, clean_history=clean_history, at_once=True)


def put_back(
    target: Target,
    *,
    container_name: str | None = None,
    injection_ids: Collection[str] | None = None,
    remembered: Iterable[Entry] = (),
    listed: Snapshot | None = None,
) -> Restoration:
    """Put the image back and remove the record, which ends the fault; `finish` removes the traces that are left.

    Args:
        target: the Deployment.
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.
        remembered: injections that the caller knows and has not undone, in case the record is gone.
        listed: the Deployment as it was listed; it is read when there is none.

    Returns:
        What was done, and what is left to do.

    Raises:
        ClusterError: the API server could not be reached, or refused.
    """
    scope = RestoreScope(container_name, injection_ids, [*remembered, *remembered_entries(target)])
    try:
        plan, after = target.patch(
            partial(_decide, target, scope, listed), listed=listed.deployment if listed is not None else None
        )
    except NotFound as x:
        logger.info(f"{target}: {one_line(x)}; nothing to restore")
        return Restoration(target, scope)
    except BaseException as x:  # a signal too
        if target.maybe_stored(x):
            MEMORY.maybe_restored(target)
        raise
    remember(target, plan, Snapshot(after))
    for outcome in plan.outcomes:
        logger.info(f"{target}: {log_line(outcome)}")
    return Restoration(target, scope, plan, after)


def finish(restoration: Restoration, *, clean_history: bool = True, at_once: bool = False) -> RestoreResult:
    """Emit Events and clean up after the images were put back, and report.

    Args:
        restoration: what `put_back` returned.
        clean_history: delete the corrupt ReplicaSet once it is scaled to 0.
        at_once: the patch was answered just now, so the Deployment that it returned may still be the latest.

    Returns:
        The outcome, with one entry for each container; see `rollbacks.restore_image`.

    Raises:
        Refused: as `restore`.
    """
    target, plan, after = restoration.target, restoration.plan, restoration.after
    if plan is None or after is None:
        return restoration.result()
    latest = give_fields_back_at_once(target, Snapshot(after), restoration.known) if at_once else None
    emit(target, after, restored_events(plan.outcomes, whoami()))
    warnings = [*record_warnings(plan), *container_warnings(after, plan.outcomes)]
    warnings += _clean_up(restoration, latest, clean_history=clean_history)
    for warning in warnings:
        logger.warning(f"{target}: {warning}")
    restoration.check()
    return restoration.result(warnings)


def preview_restore(
    target: Target, *, container_name: str | None = None, injection_ids: Collection[str] | None = None
) -> RestorePreview:
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
    scope = RestoreScope(container_name, injection_ids, remembered_entries(target))
    try:
        plan = _decide(target, scope, None, target.get(), None)
    except NotFound:
        return preview_of(result_of(target, (), (), target.cluster.timing.now(), RestoreOutcome.DEPLOYMENT_GONE))
    if plan.refusals:
        raise Refused("; ".join(plan.refusals))
    return preview_of(result_of(target, plan.outcomes, record_warnings(plan), target.cluster.timing.now()))


def _decide(
    target: Target, scope: RestoreScope, listed: Snapshot | None, deployment: Deployment, earlier: RestorePlan | None
) -> RestorePlan:
    """Plan the restore of the Deployment as it was read, after an earlier plan met a conflict if there was one."""
    snapshot = listed if listed is not None and deployment is listed.deployment else Snapshot(deployment)
    plan = plan_restore(_with_revisions(target, scope, snapshot), scope)
    if earlier is not None and earlier.outcomes and not plan.outcomes:
        # the earlier patch was stored, but its answer was lost
        return replace(earlier, patch=plan.patch, refusals=plan.refusals)
    return plan


def _with_revisions(target: Target, scope: RestoreScope, snapshot: Snapshot) -> Snapshot:
    """Return the Deployment with its ReplicaSets, if they are needed and the role allows to list them."""
    if not needs_revisions(snapshot, scope):
        return snapshot
    try:
        return snapshot.with_revisions(target.revisions(snapshot.deployment))
    except Forbidden:
        if not record_suffices(snapshot, scope):
            raise
        return snapshot


def _clean_up(restoration: Restoration, latest: Snapshot | None, *, clean_history: bool) -> list[str]:
    """Clean up after a restore; an error becomes a warning, because the image is back already."""
    target = restoration.target
    try:
        warnings = clean_up(target, restoration.known, clean_history=clean_history, latest=latest)
    except ClusterError as x:
        return [f"traces of the fault may be left; restore again to remove them: {one_line(x)}"]
    MEMORY.cleaned_up(target, traces_left=bool(warnings))
    return warnings


def _as_found(outcome: Outcome) -> Entry:
    """Return the injection with the image that the container had: an admission webhook may have changed it."""
    if outcome.outcome is RestoreOutcome.RESTORED:
        return replace(outcome.entry, image=outcome.found)
    return outcome.entry
