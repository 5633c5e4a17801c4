"""What a restore sends: from a Deployment and its record to one patch. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import Refused
from ..kube.requests import FIELD_MANAGER
from ..record.annotations import metadata_patch
from ..record.entry import Entry
from ..record.presence import in_place, shortened
from ..record.snapshot import Snapshot
from ..workload.containers import container_of
from .outcome import Outcome, RestoreOutcome, outcome_of
from .without_record import entries_without_record

__all__ = ["RestorePlan", "RestoreScope", "needs_revisions", "plan_restore", "record_suffices"]


@dataclass(frozen=True)
class RestoreScope:
    """What to restore, and what the caller knows.

    Attributes:
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.
        known: injections that the caller knows and has not undone, in case the record is gone.
    """

    container_name: str | None = None
    injection_ids: Collection[str] | None = None
    known: Sequence[Entry] = ()

    def covers(self, entry: Entry) -> bool:
        """Return whether an entry is within this scope."""
        asked_for = self.injection_ids is None or entry.id in self.injection_ids
        return asked_for and self.container_name in (None, entry.container)


@dataclass(frozen=True)
class RestorePlan:
    """The patch to send, and what it does to each container.

    Attributes:
        snapshot: the Deployment that the plan was made for.
        patch: the strategic merge patch with resourceVersion; None when there is nothing to send.
        outcomes: one for each container within the scope that has a record, or what stands in for one.
        refusals: why a container cannot be restored; its record stays, and the other containers are restored.
        unrecorded: the entries that stand in for a record that another client removed.
    """

    snapshot: Snapshot
    patch: Mapping[str, Any] | None
    outcomes: Sequence[Outcome] = ()
    refusals: Sequence[str] = ()
    unrecorded: Sequence[Entry] = ()


def record_suffices(snapshot: Snapshot, scope: RestoreScope) -> bool:
    """Return whether the record holds the original image of every container within the scope.

    Args:
        snapshot: the Deployment as it was read; its ReplicaSets do not matter.
        scope: what to undo.
    """
    record = snapshot.record
    return (
        bool(record)
        and all(e.original for e in record.values())
        and (scope.container_name is None or scope.container_name in record)
    )


def needs_revisions(snapshot: Snapshot, scope: RestoreScope) -> bool:
    """Return whether the ReplicaSets may hold a part of the record that was removed from the Deployment.

    Args:
        snapshot: the Deployment as it was read.
        scope: what to undo.
    """
    return not record_suffices(snapshot, scope) or not all(e.id for e in snapshot.record.values())


def plan_restore(snapshot: Snapshot, scope: RestoreScope) -> RestorePlan:
    """Decide how to undo the fault on a Deployment.

    What another client wrote after the corruption stays: only an image that is still the corrupt one is put back, and
    only a progress deadline that is still the fault's.

    Args:
        snapshot: the Deployment as it was read, with its ReplicaSets if `needs_revisions`.
        scope: what to restore.

    Returns:
        The patch and the outcomes, and a refusal for each container whose record does not say what the original image
        is, or whether the present image is the corrupt one.
    """
    plan = _plan(snapshot, scope)
    if plan.outcomes or scope.injection_ids is None:
        return plan
    return _plan_of_known(snapshot, scope, scope.injection_ids) or plan


def _plan_of_known(snapshot: Snapshot, scope: RestoreScope, ids: Collection[str]) -> RestorePlan | None:
    """Decide on injections that no record names any longer; None when nothing of them is in place."""
    asked_for = [e for e in scope.known if e.id in ids]
    for entry in asked_for:
        if _lost_its_id(snapshot, entry):
            return _plan(snapshot, RestoreScope(entry.container, None, scope.known))
    for entry in asked_for:
        if shortened(snapshot.deployment, entry) and not _is_recorded(snapshot, entry.deadline):
            return _plan_deadline(snapshot, entry)
    return None


def _is_recorded(snapshot: Snapshot, deadline: int | None) -> bool:
    """Return whether a fault that is still recorded set this progress deadline, and will put it back."""
    return any(e.deadline == deadline for e in snapshot.record.values())


def _plan_deadline(snapshot: Snapshot, entry: Entry) -> RestorePlan:
    """Decide to put back only the progress deadline: the container carries the record of another fault by now."""
    outcome = outcome_of(snapshot, entry)
    if outcome.outcome is RestoreOutcome.RESTORED and entry.container in snapshot.record:
        # the image is that of the other fault, even if both faults set the same one
        outcome = replace(outcome, outcome=RestoreOutcome.SUPERSEDED, by=FIELD_MANAGER)
    patch = _patch(snapshot, {}, [outcome], list(snapshot.record.values()))
    return RestorePlan(snapshot, patch, [outcome], [], [entry])


def _plan(snapshot: Snapshot, scope: RestoreScope) -> RestorePlan:
    unrecorded = _unrecorded(snapshot, scope.known)
    outcomes, refusals = _outcomes(snapshot, _entries(snapshot, unrecorded, scope))
    kept = _kept_entries(snapshot, outcomes)
    metadata = _metadata(snapshot, kept) if outcomes or not snapshot.record else {}
    patch = _patch(snapshot, metadata, outcomes, kept) if outcomes or metadata else None
    return RestorePlan(snapshot, patch, outcomes, refusals, unrecorded)


def _metadata(snapshot: Snapshot, kept: Sequence[Entry]) -> dict[str, Any]:
    """Return what makes the record hold just these entries; where pods may be stuck, the clean-up takes the label."""
    patch = metadata_patch(snapshot.deployment, kept)
    if not kept and snapshot.kind.leaves_stuck_pods(snapshot.deployment):
        patch.pop("labels", None)
    return patch


def _unrecorded(snapshot: Snapshot, known: Sequence[Entry]) -> list[Entry]:
    """Return the entries that stand in for a record that was removed; with a complete record there is none to find."""
    return entries_without_record(snapshot, known) if known or snapshot.revisions is not None else []


def _entries(snapshot: Snapshot, unrecorded: Iterable[Entry], scope: RestoreScope) -> list[Entry]:
    """Return an entry for each container within the scope: its record if that is complete, else its stand-in."""
    stand_ins = {e.container: e for e in unrecorded}
    record = snapshot.record
    complete = {name: e for name, e in record.items() if e.original is not None and (e.id or name not in stand_ins)}
    return [e for e in {**record, **stand_ins, **complete}.values() if scope.covers(e)]


def _outcomes(snapshot: Snapshot, entries: Iterable[Entry]) -> tuple[list[Outcome], list[str]]:
    """Return the outcomes of the containers that can be restored, and the refusals for those that cannot."""
    outcomes, refusals = [], []
    for entry in entries:
        try:
            outcomes.append(outcome_of(snapshot, entry))
        except Refused as x:
            refusals.append(str(x))
    return outcomes, refusals


def _kept_entries(snapshot: Snapshot, outcomes: Iterable[Outcome]) -> list[Entry]:
    """Return the entries that stay in the record, because this restore does not undo them."""
    undone = {o.entry.container for o in outcomes}
    return [e for name, e in snapshot.record.items() if name not in undone]


def _patch(
    snapshot: Snapshot, metadata: Mapping[str, Any], outcomes: Sequence[Outcome], kept: Sequence[Entry]
) -> dict[str, Any]:
    version = snapshot.deployment["metadata"]["resourceVersion"]
    spec: dict[str, Any] = {}
    if pod := _original_images(snapshot, outcomes):
        spec["template"] = {"spec": pod}
    deadline = _original_deadline(snapshot, outcomes, kept)
    if deadline is not None:
        spec["progressDeadlineSeconds"] = deadline
    return {"metadata": {"resourceVersion": version, **metadata}, **({"spec": spec} if spec else {})}


def _original_images(snapshot: Snapshot, outcomes: Iterable[Outcome]) -> dict[str, list[dict[str, str]]]:
    """Return the part of the pod's spec that puts the original images back; empty when none is to be put back."""
    pod: dict[str, list[dict[str, str]]] = {}
    for outcome in outcomes:
        found, original = container_of(snapshot.deployment, outcome.container), outcome.entry.original
        if outcome.outcome is RestoreOutcome.RESTORED and found is not None and original is not None:
            pod.setdefault(found.field, []).append({"name": outcome.container, "image": original})
    return pod


def _original_deadline(snapshot: Snapshot, outcomes: Iterable[Outcome], kept: Iterable[Entry]) -> int | None:
    """Return the progressDeadlineSeconds to put back; None when the present one is not that of an undone fault."""
    present = snapshot.deployment["spec"].get("progressDeadlineSeconds")
    undone = (o.entry for o in outcomes)
    entry = next((e for e in undone if e.deadline is not None and e.deadline == present), None)
    if entry is None:
        return None
    # another fault that shortened the same deadline is still in place, and has a deadline of its own
    others = [e.deadline for e in kept if e.deadline is not None and e.original_deadline == entry.original_deadline]
    return min(others, default=entry.original_deadline)


def _lost_its_id(snapshot: Snapshot, entry: Entry) -> bool:
    """Return whether an injection's image is in place, but its record no longer says which injection it was."""
    recorded = snapshot.record.get(entry.container)
    return recorded is not None and not recorded.id and in_place(snapshot.deployment, entry)
