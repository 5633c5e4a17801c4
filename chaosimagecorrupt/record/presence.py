"""Whether what a fault changed is still there, and what its owners get back."""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from ..kube.managed_fields import DEADLINE, Json, Path, add_field, image_path, owners, owns_field, remove_field
from ..kube.requests import FIELD_MANAGER
from ..workload.containers import container_of
from .entry import DEADLINE_OWNERS, IMAGE_OWNERS, Entry
from .snapshot import Snapshot

__all__ = ["in_place", "shortened", "with_owners_back"]


def in_place(deployment: Json, entry: Entry) -> bool:
    """Return whether an injection's image is still there, be it that somebody removed the record.

    The same image, when somebody else has deployed it since or when the Deployment was made again, is theirs.

    Args:
        deployment: the Deployment as it was read.
        entry: what the injection recorded.
    """
    found = container_of(deployment, entry.container)
    return (
        found is not None
        and found[1]["image"] == entry.image
        and deployment["metadata"]["uid"] == entry.uid
        and _not_anothers(deployment, image_path(found[0], entry.container))
    )


def shortened(deployment: Json, entry: Entry) -> bool:
    """Return whether an injection's progress deadline is still there, be it that somebody removed the record.

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


def with_owners_back(snapshot: Snapshot, known: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return managedFields without what we own because of faults that are undone.

    A field that has its original value by our restore goes back to those that owned it before. Nobody loses a field by
    that: what somebody has written since is not ours any longer.

    Args:
        snapshot: the Deployment as it was read. Without a record, our entry goes as a whole.
        known: injections; those that are still recorded are left alone.
    """
    entries = copy.deepcopy(list(snapshot.deployment["metadata"].get("managedFields") or []))
    ours = [e for e in entries if e.get("manager") == FIELD_MANAGER]
    for path, before in _undone(snapshot.deployment, [e for e in known if e.container not in snapshot.record]):
        if any(owns_field(e.get("fieldsV1"), path) for e in ours):
            for owner in before:
                add_field(entries, path, *owner)
            for e in ours:
                remove_field(e["fieldsV1"], path)
    return [e for e in entries if e.get("manager") != FIELD_MANAGER or (snapshot.record and e["fieldsV1"])]


def _not_anothers(deployment: Json, path: Path) -> bool:
    """Return whether nobody else has set a field since we did: it is ours, or managedFields name no owner."""
    found = owners(deployment, path)
    return not found or any(e.get("manager") == FIELD_MANAGER for e in found)


def _undone(deployment: Json, known: Iterable[Entry]) -> Iterator[tuple[Path, list[list[str]]]]:
    """Yield the fields that have their original value again, and who owned them before."""
    for entry in known:
        found = container_of(deployment, entry.container)
        if found is not None and found[1]["image"] == entry.original:
            yield image_path(found[0], entry.container), entry.owners.get(IMAGE_OWNERS, [])
        deadline = entry.original_deadline
        if deadline is not None and deployment["spec"].get("progressDeadlineSeconds") == deadline:
            yield DEADLINE, entry.owners.get(DEADLINE_OWNERS, [])
