"""What a restore leaves behind unless it is cleaned up: a field owner, a revision in the history, copies of the record.

If these stayed, the owner's next server-side apply would conflict with this extension, and `kubectl rollout undo` would
roll out the corrupt image or bring the record back: the Deployment controller copies a Deployment's annotations to its
ReplicaSet, and undo copies them back. Other controllers copy them too, to the ControllerRevision. Pure.
"""

from collections.abc import Iterable
from typing import Any

from ..kube.types import Revision
from ..record.annotations import PREFIX
from ..record.entry import Entry
from ..record.presence import in_place, shortened, with_owners_back
from ..record.snapshot import Snapshot
from ..workload.containers import images_of
from ..workload.made_up_images import is_made_up

__all__ = [
    "annotations_patch",
    "copied_entries",
    "corrupt_revisions",
    "deadline_patch",
    "doubtful_revisions",
    "injected_revisions",
    "managed_fields_patch",
    "with_copies",
]


def managed_fields_patch(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[dict[str, Any]] | None:
    """Return the JSON patch that gives the fields of undone faults back to their owners, None when there are none.

    The patch tests the resourceVersion: it fails (422) when the object has changed meanwhile, instead of removing
    another client's entry. k8s.io/client-go/util/csaupgrade writes managedFields in the same way.

    Args:
        snapshot: the Deployment as it was read.
        known: injections that the caller knows.
    """
    metadata = snapshot.deployment["metadata"]
    wanted = with_owners_back(snapshot, known)
    if wanted == list(metadata.get("managedFields") or []):
        return None
    return [
        {"op": "test", "path": "/metadata/resourceVersion", "value": metadata["resourceVersion"]},
        {"op": "replace", "path": "/metadata/managedFields", "value": wanted},
    ]


def corrupt_revisions(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[Revision]:
    """Find the ReplicaSets or ControllerRevisions that exist only because of a fault.

    Args:
        snapshot: the restored workload, with its revisions.
        known: injections that the caller knows, in case the copies of their record are gone.

    Returns:
        Those with the corrupt image that only the injection has rolled out and that do not have the present template.
    """
    known = list(known)
    return [r for r in _former(snapshot) if _made_by_fault(snapshot, r, known)]


def doubtful_revisions(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[Revision]:
    """Find the revisions with an injection's corrupt image that may be in use by others.

    They existed before the injection, which made the Deployment controller roll them out again, or they were rolled out
    again since.

    Args:
        snapshot: the restored Deployment, with its ReplicaSets.
        known: injections that the caller knows, in case the copies of their record are gone.
    """
    known = list(known)
    return [r for r in injected_revisions(snapshot, known) if not _made_by_fault(snapshot, r, known)]


def injected_revisions(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[Revision]:
    """Find the revisions of earlier templates with a fault's corrupt image, whoever made them.

    Args:
        snapshot: the restored workload, with its revisions.
        known: injections that the caller knows, in case the copies of their record are gone.
    """
    known = list(known)
    return [
        r
        for r in _former(snapshot)
        if _made_by_fault(snapshot, r, known) or _injections(r, [*snapshot.copy_on(r).values(), *known])
    ]


def copied_entries(snapshot: Snapshot) -> list[Entry]:
    """Return the injections into this Deployment (its uid) of which a copy of the record exists, the latest first."""
    found = [e for e in snapshot.copied if e.uid == snapshot.uid]
    return sorted(found, key=lambda e: e.generation or 0, reverse=True)


def deadline_patch(snapshot: Snapshot) -> dict[str, Any] | None:
    """Return the strategic merge patch that puts the progress deadline back; None when it is not a fault's.

    A fault whose record is gone has left it. Only the copy of that record still holds the original deadline.
    """
    left = next((e for e in copied_entries(snapshot) if shortened(snapshot.deployment, e)), None)
    if left is None or snapshot.record:
        return None
    version = {"resourceVersion": snapshot.deployment["metadata"]["resourceVersion"]}
    return {"metadata": version, "spec": {"progressDeadlineSeconds": left.original_deadline}}


def with_copies(snapshot: Snapshot) -> list[Revision]:
    """Find the revisions of the workload that carry a copy of the record which is no longer needed.

    A copy stays while its fault is in place: when the record was removed from the Deployment, it is the only one left.
    """
    found = [r for r in snapshot.owned if _copied_keys(r)]
    return [r for r in found if not any(in_place(snapshot.deployment, e) for e in snapshot.copy_on(r).values())]


def annotations_patch(revision: Revision) -> dict[str, Any]:
    """Return the strategic merge patch that removes the copy of the record from a ReplicaSet."""
    version = {"resourceVersion": revision["metadata"]["resourceVersion"]}
    return {"metadata": {**version, "annotations": dict.fromkeys(_copied_keys(revision))}}


def _copied_keys(revision: Revision) -> list[str]:
    return [k for k in revision["metadata"].get("annotations") or {} if k.startswith(PREFIX)]


def _former(snapshot: Snapshot) -> list[Revision]:
    """Return the ReplicaSets of earlier templates."""
    return [r for r in snapshot.owned if r is not snapshot.newest]


def _made_by_fault(snapshot: Snapshot, revision: Revision, known: Iterable[Entry]) -> bool:
    """Return whether a ReplicaSet exists only because of a fault; see `corrupt_revisions`."""
    if any(map(is_made_up, images_of(revision).values())):
        return True
    copy = snapshot.copy_on(revision)
    ids = {e.id for e in copy.values()}
    return any(
        e.uid == snapshot.uid and snapshot.kind.made_by_fault(revision, e.revision, recorded=e.id in ids)
        for e in _injections(revision, [*copy.values(), *known])
    )


def _injections(revision: Revision, known: Iterable[Entry]) -> list[Entry]:
    """Return the injections whose corrupt image the ReplicaSet has."""
    images = images_of(revision)
    return [e for e in known if e.id and images.get(e.container) == e.image]
