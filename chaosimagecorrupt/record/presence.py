"""Whether what a fault changed is still in place, and who gets the ownership of it back. Pure."""

import copy
from collections.abc import Iterable, Iterator

from ..kube.managed_fields import DEADLINE, Path, add_field, image_path, owners, owns_field, remove_field
from ..kube.requests import FIELD_MANAGER
from ..kube.types import Deployment, ManagedFieldsEntry
from ..workload.containers import container_of
from .entry import DEADLINE_OWNERS, IMAGE_OWNERS, Entry
from .snapshot import Snapshot

__all__ = ["in_place", "shortened", "with_owners_back"]

Owners = list[list[str]]


def in_place(deployment: Deployment, entry: Entry) -> bool:
    """Return whether an injection's image is still in place, whether its record is or not.

    The same image does not count when another client has deployed it since, or when the Deployment was created again.

    Args:
        deployment: the Deployment as it was read.
        entry: what the injection recorded.
    """
    found = container_of(deployment, entry.container)
    return (
        found is not None
        and found.image == entry.image
        and deployment["metadata"]["uid"] == entry.uid
        and _not_anothers(deployment, image_path(found.field, entry.container))
    )


def shortened(deployment: Deployment, entry: Entry) -> bool:
    """Return whether an injection's progress deadline is still in place, whether its record is or not.

    Args:
        deployment: the Deployment as it was read.
        entry: what the injection recorded.
    """
    return (
        entry.deadline is not None
        and deployment["spec"].get("progressDeadlineSeconds") == entry.deadline
        and deployment["metadata"]["uid"] == entry.uid
        and _not_anothers(deployment, DEADLINE)
    )


def with_owners_back(snapshot: Snapshot, known: Iterable[Entry]) -> list[ManagedFieldsEntry]:
    """Return managedFields without the fields that this extension owns because of faults that are undone.

    A field that has its original value because of the restore goes back to its owners from before the fault. No other
    client loses a field: what one has written since is not owned by this extension any longer.

    Args:
        snapshot: the Deployment as it was read. Without a record, this extension's whole entry is removed.
        known: injections; those that are still recorded are left unchanged.

    Returns:
        The entries of `metadata.managedFields`; those of the snapshot are not changed.
    """
    found = list(snapshot.deployment["metadata"].get("managedFields") or [])
    return _given_back(copy.deepcopy(found), snapshot, known) if any(map(_is_ours, found)) else found


def _given_back(
    entries: list[ManagedFieldsEntry], snapshot: Snapshot, known: Iterable[Entry]
) -> list[ManagedFieldsEntry]:
    ours = [e for e in entries if _is_ours(e)]
    for path, before in _undone(snapshot, known):
        if any(owns_field(e.get("fieldsV1"), path) for e in ours):
            _hand_over(entries, ours, path, before)
    return [e for e in entries if not _is_ours(e) or _stays(e, snapshot)]


def _hand_over(
    entries: list[ManagedFieldsEntry], ours: Iterable[ManagedFieldsEntry], path: Path, before: Owners
) -> None:
    """Add a field to the entries of its owners from before the fault, and remove it from those of this extension."""
    for owner in before:
        add_field(entries, path, *owner)
    for entry in ours:
        remove_field(entry["fieldsV1"], path)


def _stays(entry: ManagedFieldsEntry, snapshot: Snapshot) -> bool:
    """Return whether this extension's entry stays: it still owns a field, because a fault is still recorded."""
    return bool(snapshot.record and entry["fieldsV1"])


def _is_ours(entry: ManagedFieldsEntry) -> bool:
    return entry.get("manager") == FIELD_MANAGER


def _not_anothers(deployment: Deployment, path: Path) -> bool:
    """Return whether no other client has set a field since: this extension owns it, or managedFields name no owner."""
    found = owners(deployment, path)
    return not found or any(map(_is_ours, found))


def _undone(snapshot: Snapshot, known: Iterable[Entry]) -> Iterator[tuple[Path, Owners]]:
    """Yield the fields that have their original value again, and their owners from before the fault."""
    deployment = snapshot.deployment
    for entry in known:
        if entry.container in snapshot.record:
            continue
        found = container_of(deployment, entry.container)
        if found is not None and found.image == entry.original:
            yield image_path(found.field, entry.container), entry.owners.get(IMAGE_OWNERS, [])
        deadline = entry.original_deadline
        if deadline is not None and deployment["spec"].get("progressDeadlineSeconds") == deadline:
            yield DEADLINE, entry.owners.get(DEADLINE_OWNERS, [])
