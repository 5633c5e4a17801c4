"""What a restore does: from a Deployment and its record to a patch, container by container. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..errors import Refused, one_line
from ..kube.managed_fields import writer_of
from ..kube.requests import FIELD_MANAGER
from ..record.annotations import (
    DEFAULT_IMAGE,
    OPERATOR_CHAOS_CONTAINER,
    RECORD,
    metadata_patch,
    original_image_key,
)
from ..record.entry import Entry
from ..record.presence import in_place
from ..record.snapshot import Snapshot
from ..workload.containers import container_of
from .without_record import entries_without_record

__all__ = [
    "Outcome",
    "RestoreOutcome",
    "RestorePlan",
    "RestoreScope",
    "needs_replica_sets",
    "plan_restore",
    "record_suffices",
]


class RestoreOutcome(StrEnum):
    """What becomes of a container, or of the whole Deployment; with several containers, the first of these counts."""

    RESTORED = "restored"  # the image was the corrupt one, and is put back
    HEALED = "healed"  # somebody else had put the original back
    SUPERSEDED = "superseded"  # somebody else has deployed a third image, which stays
    CONTAINER_GONE = "container-gone"
    NOTHING_TO_RESTORE = "nothing-to-restore"
    DEPLOYMENT_GONE = "deployment-gone"


@dataclass(frozen=True)
class RestoreScope:
    """What a restore is asked for, and what its caller knows.

    Attributes:
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.
        known: injections that the caller knows and has not undone, in case the record is gone.
    """

    container_name: str | None = None
    injection_ids: Collection[str] | None = None
    known: Sequence[Entry] = ()

    def covers(self, entry: Entry) -> bool:
        """Return whether an entry is asked for."""
        asked_for = self.injection_ids is None or entry.id in self.injection_ids
        return asked_for and self.container_name in (None, entry.container)


@dataclass(frozen=True)
class Outcome:
    """What becomes of one container.

    Attributes:
        container: its name.
        outcome: restored, healed, superseded or container-gone.
        entry: what was recorded.
        found: the image that was found; None when the container is gone.
        by: the field manager that set it, for `healed` and `superseded`; None when managedFields do not tell.
        at: when, RFC 3339.
    """

    container: str
    outcome: RestoreOutcome
    entry: Entry
    found: str | None = None
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True)
class RestorePlan:
    """What is to be sent, and what it amounts to.

    Attributes:
        snapshot: the Deployment that this was decided on.
        patch: the strategic merge patch with resourceVersion; None when there is nothing to do.
        outcomes: one for each container that is recorded and was asked for.
        refusals: why a container cannot be restored; its record stays, the others are restored.
        unrecorded: the entries that stand in for a record that somebody removed.
    """

    snapshot: Snapshot
    patch: Mapping[str, Any] | None
    outcomes: Sequence[Outcome] = ()
    refusals: Sequence[str] = ()
    unrecorded: Sequence[Entry] = ()


def record_suffices(snapshot: Snapshot, scope: RestoreScope) -> bool:
    """Return whether the record tells the original image of every container that is asked for."""
    record = snapshot.record
    return (
        bool(record)
        and all(e.original for e in record.values())
        and (scope.container_name is None or scope.container_name in record)
    )


def needs_replica_sets(snapshot: Snapshot, scope: RestoreScope) -> bool:
    """Return whether the ReplicaSets may tell more than the record does: a part of it may have been removed."""
    return not record_suffices(snapshot, scope) or not all(e.id for e in snapshot.record.values())


def plan_restore(snapshot: Snapshot, scope: RestoreScope) -> RestorePlan:
    """Decide how to undo the fault on a Deployment.

    What somebody else wrote after the corruption stays: only an image that is still the corrupt one is put back, and
    only a progress deadline that is still the fault's.

    Args:
        snapshot: the Deployment as it was read, with its ReplicaSets if `needs_replica_sets`.
        scope: what is asked for.

    Returns:
        The patch and the outcomes, and a refusal for each container of which the record does not tell the original
        image, or whether the present image is the corrupt one.
    """
    plan = _plan(snapshot, scope)
    if plan.outcomes or scope.injection_ids is None:
        return plan
    without_id = next((e for e in scope.known if e.id in scope.injection_ids and _lost_its_id(snapshot, e)), None)
    if without_id is None:
        return plan
    return _plan(snapshot, RestoreScope(without_id.container, None, scope.known))


def _plan(snapshot: Snapshot, scope: RestoreScope) -> RestorePlan:
    unrecorded = entries_without_record(snapshot, scope.known)
    entries = [e for e in _entries(snapshot.record, unrecorded).values() if scope.covers(e)]
    outcomes, refusals = _outcomes(snapshot, entries)
    undone = [o.entry for o in outcomes]
    kept = [e for name, e in snapshot.record.items() if name not in {e.container for e in undone}]
    metadata = metadata_patch(snapshot.deployment, kept) if undone or not snapshot.record else {}
    patch = _patch(snapshot, metadata, outcomes, kept) if undone or metadata else None
    return RestorePlan(snapshot, patch, outcomes, refusals, unrecorded)


def _entries(record: Mapping[str, Entry], unrecorded: Iterable[Entry]) -> dict[str, Entry]:
    """Return what is known of each container: the record where it is whole, else what stands in for it."""
    stand_ins = {e.container: e for e in unrecorded}
    whole = {name: e for name, e in record.items() if e.original is not None and (e.id or name not in stand_ins)}
    return {**record, **stand_ins, **whole}


def _patch(
    snapshot: Snapshot, metadata: Mapping[str, Any], outcomes: Sequence[Outcome], kept: Sequence[Entry]
) -> dict[str, Any]:
    version = snapshot.deployment["metadata"]["resourceVersion"]
    spec: dict[str, Any] = {}
    if pod := _images_back(snapshot, outcomes):
        spec["template"] = {"spec": pod}
    deadline = _deadline(snapshot, [o.entry for o in outcomes], kept)
    if deadline is not None:
        spec["progressDeadlineSeconds"] = deadline
    return {"metadata": {"resourceVersion": version, **metadata}, **({"spec": spec} if spec else {})}


def _images_back(snapshot: Snapshot, outcomes: Iterable[Outcome]) -> dict[str, list[dict[str, str]]]:
    pod: dict[str, list[dict[str, str]]] = {}
    for outcome in outcomes:
        found, original = container_of(snapshot.deployment, outcome.container), outcome.entry.original
        if outcome.outcome is RestoreOutcome.RESTORED and found is not None and original is not None:
            pod.setdefault(found[0], []).append({"name": outcome.container, "image": original})
    return pod


def _deadline(snapshot: Snapshot, undone: Sequence[Entry], kept: Sequence[Entry]) -> int | None:
    present = snapshot.deployment["spec"].get("progressDeadlineSeconds")
    entry = next((e for e in undone if e.deadline is not None and e.deadline == present), None)
    if entry is None:
        return None
    # another fault that shortened the same deadline is still there, and has its own
    others = [e.deadline for e in kept if e.deadline is not None and e.original_deadline == entry.original_deadline]
    return min(others, default=entry.original_deadline)


def _outcomes(snapshot: Snapshot, entries: Iterable[Entry]) -> tuple[list[Outcome], list[str]]:
    outcomes, refusals = [], []
    for entry in entries:
        try:
            outcomes.append(_outcome(snapshot, entry))
        except Refused as x:
            refusals.append(str(x))
    return outcomes, refusals


def _outcome(snapshot: Snapshot, entry: Entry) -> Outcome:
    found = container_of(snapshot.deployment, entry.container)
    if found is None:
        return Outcome(entry.container, RestoreOutcome.CONTAINER_GONE, entry)
    field, container = found
    image = container["image"]
    if image == entry.original:
        outcome = RestoreOutcome.HEALED
    elif _is_corrupt(snapshot, field, entry, image):
        if entry.original is None:
            raise _original_unknown(snapshot, entry, image)
        return Outcome(entry.container, RestoreOutcome.RESTORED, entry, image)
    elif entry.image is None:
        raise _corrupt_image_unknown(snapshot, entry, image)
    else:
        outcome = RestoreOutcome.SUPERSEDED
    writer = writer_of(snapshot.deployment, field, entry.container) or {}
    return Outcome(entry.container, outcome, entry, image, writer.get("manager"), writer.get("time"))


def _is_corrupt(snapshot: Snapshot, field: str, entry: Entry, image: str) -> bool:
    recorded = entry.container in snapshot.record
    if image == entry.image and _is_faults(snapshot, field, entry, recorded=recorded):
        return True
    # operator-chaos stores no corrupt image, whether it injects alone or on top of ours
    annotations = snapshot.deployment["metadata"].get("annotations") or {}
    unknown = entry.image is None or annotations.get(OPERATOR_CHAOS_CONTAINER) == entry.container
    if unknown and _set_with_record(snapshot.deployment, field, entry):
        return True
    # an admission webhook may have made another image of the corrupt one
    return recorded and entry.image is not None and _set_by_us(snapshot.deployment, field, entry.container)


def _is_faults(snapshot: Snapshot, field: str, entry: Entry, *, recorded: bool) -> bool:
    """Return whether a corrupt image is there because of the fault, and not because somebody has deployed it since.

    With its record it may have come from elsewhere: by an undo to the corrupt ReplicaSet, or as a copy of a Deployment.
    """
    if entry.image == DEFAULT_IMAGE or in_place(snapshot.deployment, entry):
        return True
    is_copy = entry.uid != snapshot.uid
    return recorded and (is_copy or _set_with_record(snapshot.deployment, field, entry))


def _set_with_record(deployment: Mapping[str, Any], field: str, entry: Entry) -> bool:
    """Return whether the present image was written in the same step as the record, which makes it the corrupt one."""
    container = container_of(deployment, entry.container)
    if container is not None and container[1]["image"] == DEFAULT_IMAGE:
        return True
    writer = writer_of(deployment, field, entry.container) or {}
    annotations = ((writer.get("fieldsV1") or {}).get("f:metadata") or {}).get("f:annotations") or {}
    return any("f:" + key in annotations for key in (original_image_key(entry.container), OPERATOR_CHAOS_CONTAINER))


def _set_by_us(deployment: Mapping[str, Any], field: str, container: str) -> bool:
    """Return whether this extension wrote the present image. What a webhook makes of a write is the writer's."""
    writer = writer_of(deployment, field, container)
    return writer is not None and writer.get("manager") == FIELD_MANAGER


def _lost_its_id(snapshot: Snapshot, entry: Entry) -> bool:
    """Return whether an injection's image is there, but its record no longer says which injection it was."""
    recorded = snapshot.record.get(entry.container)
    return recorded is not None and not recorded.id and in_place(snapshot.deployment, entry)


def _original_unknown(snapshot: Snapshot, entry: Entry, image: str) -> Refused:
    return Refused(
        f"{snapshot.name}, container {one_line(entry.container, 63)} has the corrupt image '{one_line(image)}', but "
        f"neither {original_image_key(entry.container)} nor the rollout history tells the original one; put it back "
        "by `kubectl set image`"
    )


def _corrupt_image_unknown(snapshot: Snapshot, entry: Entry, image: str) -> Refused:
    original = f"is '{one_line(entry.original)}'" if entry.original else "is not recorded either"
    key = original_image_key(entry.container) if entry.original else RECORD
    return Refused(
        f"{snapshot.name}, container {one_line(entry.container, 63)}: its record does not say which image is the "
        f"corrupt one, and somebody else than the record set '{one_line(image)}'; nothing is changed. The original "
        f"image {original}: put it back by `kubectl set image`, or remove the annotation {key}"
    )
