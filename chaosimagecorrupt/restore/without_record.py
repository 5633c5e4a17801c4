"""What is left of a fault although somebody removed its record, or a part of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..record.annotations import DEFAULT_IMAGE
from ..record.entry import Entry
from ..record.presence import in_place, shortened
from ..record.snapshot import Snapshot
from ..workload.containers import container_of, containers_of
from ..workload.rollout import revision

__all__ = ["entries_without_record"]


def entries_without_record(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[Entry]:
    """Find what is left of a fault although the record is gone: corrupt images, and its progress deadline.

    `kubectl rollout undo` puts the image back and takes the record away, the deadline stays.

    Args:
        snapshot: the Deployment as it was read. When its ReplicaSets were not read, only what is known counts.
        known: what the caller injected into it and has not undone.

    Returns:
        An entry for each such container. The original comes from what is known or from the copy of the record that the
        Deployment controller made on the corrupt ReplicaSet, whichever is of the later injection, else from the newest
        ReplicaSet with another image. One more for the deadline, if it is of another injection.
    """
    known = list(known)
    found = _corrupt_containers(snapshot, known)
    deadline = _shortened_deadline(snapshot, known, found)
    if deadline is not None:
        found.append(deadline)
    return found if snapshot.replica_sets is not None else [e for e in found if e.id]


def _corrupt_containers(snapshot: Snapshot, known: Sequence[Entry]) -> list[Entry]:
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
    """Return the injection that a container's image is of; None when it is of none, or the record is whole."""
    recorded = snapshot.record.get(name)
    if recorded is not None and recorded.original is not None:
        return None
    if recorded is not None and recorded.image == image:
        same = [e for e in known if e.container == name and e.image == image and recorded.id in ("", e.id)]
        return _latest(same) or recorded
    entry = _latest([e for e in known if e.container == name and in_place(snapshot.deployment, e)])
    if entry is None and image == DEFAULT_IMAGE:
        return Entry(name, None, image)
    return entry


def _original_in_history(snapshot: Snapshot, container: str, image: str) -> str | None:
    for replica_set in sorted(snapshot.owned, key=revision, reverse=True):
        found = container_of(replica_set, container)
        earlier = found[1]["image"] if found is not None else None
        # of an earlier fault: the controller copied the record to the ReplicaSet of its corrupt image
        entry = snapshot.copy_on(replica_set).get(container)
        corrupt = entry is not None and earlier != entry.original and entry.image in (None, earlier)
        if earlier not in (None, image, DEFAULT_IMAGE) and not corrupt:
            return str(earlier)
    return None


def _shortened_deadline(snapshot: Snapshot, known: Sequence[Entry], found: Sequence[Entry]) -> Entry | None:
    """Return an entry for a progress deadline that is left of a fault and that no other entry explains, else None."""
    explained = [*snapshot.record.values(), *found]
    present = snapshot.deployment["spec"].get("progressDeadlineSeconds")
    if any(e.deadline == present for e in explained):
        return None
    left = _latest([e for e in [*known, *snapshot.copied] if shortened(snapshot.deployment, e)])
    if left is None:
        return None
    recorded = snapshot.record.get(left.container)
    if recorded is not None and not recorded.id:  # somebody removed a part of its record
        return replace(recorded, deadline=left.deadline, original_deadline=left.original_deadline)
    return None if left.container in {e.container for e in explained} else left


def _latest(entries: Sequence[Entry]) -> Entry | None:
    return max(entries, key=lambda e: e.generation or 0, default=None)
