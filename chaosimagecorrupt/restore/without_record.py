"""Finds what is left of a fault whose record was removed, or a part of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..record.entry import Entry
from ..record.presence import in_place, shortened
from ..record.snapshot import Snapshot
from ..workload.containers import container_of, containers_of
from ..workload.made_up_images import is_made_up

__all__ = ["entries_without_record"]


def entries_without_record(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[Entry]:
    """Find corrupt images and a shortened progress deadline that no record, or only a part of one, explains.

    `kubectl rollout undo` puts the image back and removes the record, but the deadline stays.

    Args:
        snapshot: the Deployment as it was read. Without its ReplicaSets, only `known` counts.
        known: injections that the caller made and has not undone.

    Returns:
        An entry for each such container. Its original image comes from `known` or from the copy of the record that the
        Deployment controller made on the corrupt ReplicaSet, whichever belongs to the later injection; else from the
        newest ReplicaSet with another image. One more entry for the deadline, if it belongs to another injection.
    """
    known = list(known)
    found = _corrupt_containers(snapshot, known)
    deadline = _shortened_deadline(snapshot, known, found)
    if deadline is not None:
        found.append(deadline)
    return found if snapshot.revisions is not None else [e for e in found if e.id]


def _corrupt_containers(snapshot: Snapshot, known: Sequence[Entry]) -> list[Entry]:
    """Return an entry for each container that has a corrupt image and no complete record."""
    if snapshot.newest is not None:
        known = [*known, *snapshot.copy_on(snapshot.newest).values()]
    found = []
    for _, container in containers_of(snapshot.deployment):
        name, image = container["name"], container["image"]
        entry = _entry_for(snapshot, known, name, image)
        if entry is not None and entry.original is None:
            entry = replace(entry, original=_original_in_history(snapshot, name, image))
        if entry is not None:
            found.append(entry)
    return found


def _entry_for(snapshot: Snapshot, known: Sequence[Entry], name: str, image: str) -> Entry | None:
    """Return the injection that set a container's image; None when no fault did, or when the record is complete."""
    recorded = snapshot.record.get(name)
    if recorded is not None and recorded.original is not None:
        return None
    if recorded is not None and recorded.image == image:
        return _same_injection(known, recorded) or recorded
    return _injection_in_place(snapshot, known, name) or (Entry(name, None, image) if is_made_up(image) else None)


def _injection_in_place(snapshot: Snapshot, known: Sequence[Entry], name: str) -> Entry | None:
    """Return the latest known injection whose image the container still has; None when there is none."""
    return _latest([e for e in known if e.container == name and in_place(snapshot.deployment, e)])


def _same_injection(known: Sequence[Entry], recorded: Entry) -> Entry | None:
    """Return the latest known injection with the image of an incomplete record, and with its id if it has one."""
    return _latest(
        [
            e
            for e in known
            if e.container == recorded.container and e.image == recorded.image and recorded.id in ("", e.id)
        ]
    )


def _original_in_history(snapshot: Snapshot, container: str, image: str) -> str | None:
    """Return the image of the newest ReplicaSet that has another one and is not a fault's; None when there is none."""
    for revision in sorted(snapshot.owned, key=snapshot.kind.revision_number, reverse=True):
        found = container_of(revision, container)
        earlier = found.image if found is not None else None
        # an earlier fault's image: the controller copied the record to the ReplicaSet with the corrupt image
        entry = snapshot.copy_on(revision).get(container)
        corrupt = entry is not None and earlier != entry.original and entry.image in (None, earlier)
        if earlier not in (None, image) and not is_made_up(earlier) and not corrupt:
            return str(earlier)
    return None


def _shortened_deadline(snapshot: Snapshot, known: Sequence[Entry], found: Sequence[Entry]) -> Entry | None:
    """Return an entry for a fault's progress deadline that no other entry explains; None when there is none."""
    explained = [*snapshot.record.values(), *found]
    present = snapshot.deployment["spec"].get("progressDeadlineSeconds")
    if any(e.deadline == present for e in explained):
        return None
    left = _latest([e for e in [*known, *snapshot.copied] if shortened(snapshot.deployment, e)])
    if left is None:
        return None
    recorded = snapshot.record.get(left.container)
    if recorded is not None and not recorded.id:  # a part of its record was removed
        return replace(recorded, deadline=left.deadline, original_deadline=left.original_deadline)
    return None if left.container in {e.container for e in explained} else left


def _latest(entries: Sequence[Entry]) -> Entry | None:
    return max(entries, key=lambda e: e.generation or 0, default=None)
