"""Undoing the fault: from a Deployment and its record to a patch, container by container."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    read_record,
)
from ..record.entry import Entry
from ..record.presence import in_place, shortened
from ..workload.containers import container_of
from ..workload.rollout import newest_replica_set, owned, revision

__all__ = ["Outcome", "Restoration", "restoration", "unrecorded"]

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What becomes of one container.

    Attributes:
        container: its name.
        outcome: `restored`, `healed`, `superseded` or `container-gone`.
        entry: what was recorded.
        found: the image that was found; None when the container is gone.
        by: the field manager that set it, for `healed` and `superseded`; None when managedFields do not tell.
        at: when, RFC 3339.
    """

    container: str
    outcome: str
    entry: Entry
    found: str | None = None
    by: str | None = None
    at: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as the journal keeps it."""
        return {
            "container": self.container,
            "outcome": self.outcome,
            "id": self.entry.id,
            "original_image": self.entry.original,
            "corrupt_image": self.entry.image,
            "found_image": self.found,
            "by": self.by,
            "at": self.at,
        }


@dataclass(frozen=True)
class Restoration:
    """What is to be sent, and what it amounts to.

    Attributes:
        patch: the strategic merge patch with resourceVersion; None when there is nothing to do.
        outcomes: one for each container that is recorded and was asked for.
        refusals: why a container cannot be restored; its record stays, the others are restored.
    """

    patch: dict[str, Any] | None
    outcomes: list[Outcome]
    refusals: list[str]


def restoration(
    deployment: Json,
    *,
    container_name: str | None = None,
    injection_ids: Collection[str] | None = None,
    without_record: Iterable[Entry] = (),
) -> Restoration:
    """Decide how to undo the fault on a Deployment.

    What somebody else wrote after the corruption stays: only an image that is still the corrupt one is put back, and
    only a progress deadline that is still the fault's.

    Args:
        deployment: the Deployment as it was read.
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.
        without_record: entries that stand in for a record, or for the part of it, that was stripped, from `unrecorded`.

    Returns:
        The patch and the outcomes, and a refusal for each container of which the record does not tell the original
        image, or whether the present image is the corrupt one.
    """
    record = read_record(deployment)
    stand_ins = {e.container: e for e in without_record}
    known = {name: e for name, e in record.items() if e.original is not None and (e.id or name not in stand_ins)}
    entries = {**record, **stand_ins, **known}
    chosen = [
        e
        for name, e in entries.items()
        if container_name in (None, name) and (injection_ids is None or e.id in injection_ids)
    ]
    outcomes, refusals = _outcomes(deployment, chosen)
    chosen = [o.entry for o in outcomes]
    kept = [e for name, e in record.items() if name not in {c.container for c in chosen}]
    metadata = metadata_patch(deployment, kept) if chosen or not record else {}
    if not chosen and not metadata:
        return Restoration(None, [], refusals)
    pod: dict[str, list[dict[str, str]]] = {}
    for outcome in outcomes:
        if outcome.outcome == "restored":
            field = container_of(deployment, outcome.container)
            assert field is not None and outcome.entry.original is not None
            pod.setdefault(field[0], []).append({"name": outcome.container, "image": outcome.entry.original})
    spec: dict[str, Any] = {"template": {"spec": pod}} if pod else {}
    deadline = _deadline(deployment, chosen, kept)
    if deadline is not None:
        spec["progressDeadlineSeconds"] = deadline
    patch: dict[str, Any] = {"metadata": {"resourceVersion": deployment["metadata"]["resourceVersion"], **metadata}}
    if spec:
        patch["spec"] = spec
    return Restoration(patch, outcomes, refusals)


def unrecorded(deployment: Json, replica_sets: Sequence[Json], remembered: Iterable[Entry] = ()) -> list[Entry]:
    """Find what is left of a fault although the record is gone: corrupt images, and its progress deadline.

    `kubectl rollout undo` puts the image back and takes the record away, the deadline stays.

    Args:
        deployment: the Deployment as it was read.
        replica_sets: its ReplicaSets.
        remembered: what the caller injected into it and has not undone.

    Returns:
        An entry for each such container. The original comes from what is remembered or from the copy of the record
        that the Deployment controller made on the corrupt ReplicaSet, whichever is of the later injection, else from
        the newest ReplicaSet with another image. One more for the deadline, if it is of another injection.
    """
    told = list(remembered)
    found = _images(deployment, replica_sets, told)
    present, record = deployment["spec"].get("progressDeadlineSeconds"), read_record(deployment)
    there = [*record.values(), *found]
    if any(e.deadline == present for e in there):
        return found
    copied = [e for r in owned(deployment, replica_sets) for e in read_record(r).values()]
    left = _latest([e for e in [*told, *copied] if shortened(deployment, e)])
    recorded = record.get(left.container) if left is not None else None
    if left is not None and recorded is not None and not recorded.id:  # somebody removed a part of its record
        left = replace(recorded, deadline=left.deadline, original_deadline=left.original_deadline)
    elif left is None or left.container in {e.container for e in there}:
        return found
    return [*found, left]


def _images(deployment: Json, replica_sets: Sequence[Json], remembered: Sequence[Entry]) -> list[Entry]:
    record = read_record(deployment)
    newest = newest_replica_set(deployment, replica_sets)
    known = [*remembered, *(read_record(newest).values() if newest is not None else [])]
    pod = deployment["spec"]["template"]["spec"]
    found = []
    for container in [c for field in ("containers", "initContainers") for c in pod.get(field) or []]:
        name, image, recorded = container["name"], container["image"], record.get(container["name"])
        if recorded is not None and recorded.original is not None:
            continue
        if recorded is not None and recorded.image == image:
            those = [e for e in known if e.container == name and e.image == image and recorded.id in ("", e.id)]
            entry = _latest(those) or recorded
        else:
            those = [e for e in known if e.container == name and in_place(deployment, e)]
            entry = _latest(those) or Entry(name, None, image)
            if not those and image != DEFAULT_IMAGE:
                continue
        if entry.original is None:
            entry = replace(entry, original=_from_history(deployment, replica_sets, name, image))
        found.append(entry)
    return found


def _latest(entries: Sequence[Entry]) -> Entry | None:
    return max(entries, key=lambda e: e.generation or 0, default=None)


def _from_history(deployment: Json, replica_sets: Sequence[Json], container: str, image: str) -> str | None:
    for replica_set in sorted(owned(deployment, replica_sets), key=revision, reverse=True):
        found = container_of(replica_set, container)
        there = found[1]["image"] if found is not None else None
        # of an earlier fault: the controller copied the record to the ReplicaSet of its corrupt image
        entry = read_record(replica_set).get(container)
        corrupt = entry is not None and there != entry.original and entry.image in (None, there)
        if there not in (None, image, DEFAULT_IMAGE) and not corrupt:
            return str(there)
    return None


def _outcomes(deployment: Json, entries: Iterable[Entry]) -> tuple[list[Outcome], list[str]]:
    outcomes, refusals, record = [], [], read_record(deployment)
    for entry in entries:
        try:
            outcomes.append(_outcome(deployment, entry, recorded=entry.container in record))
        except Refused as x:
            refusals.append(str(x))
    return outcomes, refusals


def _outcome(deployment: Json, entry: Entry, *, recorded: bool) -> Outcome:
    found = container_of(deployment, entry.container)
    if found is None:
        return Outcome(entry.container, "container-gone", entry)
    field, container = found
    image, metadata = container["image"], deployment["metadata"]
    called = f"Deployment {metadata['namespace']}/{metadata['name']}, container {one_line(entry.container, 63)}"
    # operator-chaos stores no corrupt image, whether it injects alone or on top of ours
    annotations = metadata.get("annotations") or {}
    unknown = entry.image is None or annotations.get(OPERATOR_CHAOS_CONTAINER) == entry.container
    corrupt = image == entry.image and _is_faults(deployment, field, entry, recorded=recorded)
    if image == entry.original:
        outcome = "healed"
    elif corrupt or (unknown and _set_with_record(deployment, field, entry)):
        outcome = "restored"
    elif recorded and entry.image is not None and _set_by_us(deployment, field, entry.container):
        outcome = "restored"  # an admission webhook made another one of the corrupt image
    elif entry.image is None:
        original = f"is '{one_line(entry.original)}'" if entry.original else "is not recorded either"
        key = original_image_key(entry.container) if entry.original else RECORD
        raise Refused(
            f"{called}: its record does not say which image is the corrupt one, and somebody else than the record set "
            f"'{one_line(image)}'; nothing is changed. The original image {original}: put it back by "
            f"`kubectl set image`, or remove the annotation {key}"
        )
    else:
        outcome = "superseded"
    if outcome == "restored" and entry.original is None:
        raise Refused(
            f"{called} has the corrupt image '{one_line(image)}', but neither {original_image_key(entry.container)} "
            "nor the rollout history tells the original one; put it back by `kubectl set image`"
        )
    writer = None if outcome == "restored" else writer_of(deployment, field, entry.container)
    by, at = (writer.get("manager"), writer.get("time")) if writer else (None, None)
    return Outcome(entry.container, outcome, entry, image, by, at)


def _deadline(deployment: Json, chosen: Sequence[Entry], kept: Sequence[Entry]) -> int | None:
    present = deployment["spec"].get("progressDeadlineSeconds")
    undone = next((e for e in chosen if e.deadline is not None and e.deadline == present), None)
    if undone is None:
        return None
    # another fault that shortened the same deadline is still there, and has its own
    others = [e.deadline for e in kept if e.deadline is not None and e.original_deadline == undone.original_deadline]
    return min(others, default=undone.original_deadline)


def _is_faults(deployment: Json, field: str, entry: Entry, *, recorded: bool) -> bool:
    """Whether a corrupt image is there because of the fault, and not because somebody has deployed the same one since.

    With its record it may have come from elsewhere: by an undo to the corrupt ReplicaSet, or as a copy of a Deployment.
    """
    if entry.image == DEFAULT_IMAGE or in_place(deployment, entry):
        return True
    copy = entry.uid != deployment["metadata"]["uid"]
    return recorded and (copy or _set_with_record(deployment, field, entry))


def _set_with_record(deployment: Json, field: str, entry: Entry) -> bool:
    """Whether the present image was written in the same step as the record, which makes it the corrupt one."""
    container = container_of(deployment, entry.container)
    if container is not None and container[1]["image"] == DEFAULT_IMAGE:
        return True
    writer = writer_of(deployment, field, entry.container) or {}
    annotations = ((writer.get("fieldsV1") or {}).get("f:metadata") or {}).get("f:annotations") or {}
    keys = (original_image_key(entry.container), OPERATOR_CHAOS_CONTAINER)
    return any("f:" + key in annotations for key in keys)


def _set_by_us(deployment: Json, field: str, container: str) -> bool:
    """Whether the present image was written by this extension. What a webhook makes of a write is the writer's."""
    writer = writer_of(deployment, field, container)
    return writer is not None and writer.get("manager") == FIELD_MANAGER
