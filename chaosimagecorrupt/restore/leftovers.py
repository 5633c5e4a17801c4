"""What a restore leaves behind unless it is cleaned up: a field owner, a revision in the history, copies of the record.

Left in place, the owner's next server-side apply would conflict with us, and `kubectl rollout undo` would roll out the
corrupt image, or bring the record back: the Deployment controller copies a Deployment's annotations to its ReplicaSet,
and undo copies them back. Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ..record.annotations import DEFAULT_IMAGE, PREFIX
from ..record.entry import Entry
from ..record.presence import in_place, shortened, with_owners_back
from ..record.snapshot import Snapshot
from ..workload.containers import images_of
from ..workload.rollout import revisions

__all__ = [
    "annotations_patch",
    "copied_entries",
    "corrupt_replica_sets",
    "deadline_patch",
    "doubtful_replica_sets",
    "managed_fields_patch",
    "with_copies",
]

Json = Mapping[str, Any]


def managed_fields_patch(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[dict[str, Any]] | None:
    """Return the JSON patch that gives the fields of undone faults back to their owners, None when there are none.

    Its test makes it fail (422) instead of removing somebody's entry when the object has changed meanwhile.
    k8s.io/client-go/util/csaupgrade writes managedFields in the same way.

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


def corrupt_replica_sets(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[Json]:
    """Find the ReplicaSets that exist only because of a fault.

    Args:
        snapshot: the restored Deployment, with its ReplicaSets.
        known: injections that the caller knows, in case the copies of their record are gone.

    Returns:
        Those with the corrupt image that were rolled out once, by the injection, and are not the present template's.
        Only the rollouts' numbers tell: clocks differ.
    """
    known = list(known)
    return [r for r in _former(snapshot) if _made_by_fault(snapshot, r, known)]


def doubtful_replica_sets(snapshot: Snapshot, known: Iterable[Entry] = ()) -> list[Json]:
    """Find the ReplicaSets with an injection's corrupt image that may be somebody else's.

    They were there before the injection, which made the Deployment controller roll them out again, or somebody has
    rolled them out since.

    Args:
        snapshot: the restored Deployment, with its ReplicaSets.
        known: injections that the caller knows, in case the copies of their record are gone.
    """
    known = list(known)
    others = [r for r in _former(snapshot) if not _made_by_fault(snapshot, r, known)]
    return [r for r in others if _injections(r, [*snapshot.copy_on(r).values(), *known])]


def copied_entries(snapshot: Snapshot) -> list[Entry]:
    """Return the injections into this very Deployment that the copies of their records tell of, the latest first."""
    found = [e for e in snapshot.copied if e.uid == snapshot.uid]
    return sorted(found, key=lambda e: e.generation or 0, reverse=True)


def deadline_patch(snapshot: Snapshot) -> dict[str, Any] | None:
    """Return the strategic merge patch that puts back the progress deadline before a fault, None when it is not there.

    It is left by a fault whose record is gone, and known by the copy of the record, before that goes, too.
    """
    left = next((e for e in copied_entries(snapshot) if shortened(snapshot.deployment, e)), None)
    if left is None or snapshot.record:
        return None
    version = {"resourceVersion": snapshot.deployment["metadata"]["resourceVersion"]}
    return {"metadata": version, "spec": {"progressDeadlineSeconds": left.original_deadline}}


def with_copies(snapshot: Snapshot) -> list[Json]:
    """Find the ReplicaSets of the Deployment that carry a copy of the record which is not needed any longer.

    The copy of a record that somebody has removed from the Deployment is the only one left, and stays.
    """
    found = [r for r in snapshot.owned if _copied_keys(r)]
    return [r for r in found if not any(in_place(snapshot.deployment, e) for e in snapshot.copy_on(r).values())]


def annotations_patch(replica_set: Json) -> dict[str, Any]:
    """Return the strategic merge patch that removes the copy of the record from a ReplicaSet."""
    version = {"resourceVersion": replica_set["metadata"]["resourceVersion"]}
    return {"metadata": {**version, "annotations": dict.fromkeys(_copied_keys(replica_set))}}


def _copied_keys(replica_set: Json) -> list[str]:
    return [k for k in replica_set["metadata"].get("annotations") or {} if k.startswith(PREFIX)]


def _former(snapshot: Snapshot) -> list[Json]:
    return [r for r in snapshot.owned if r is not snapshot.newest]


def _made_by_fault(snapshot: Snapshot, replica_set: Json, known: Iterable[Entry]) -> bool:
    if DEFAULT_IMAGE in images_of(replica_set).values():  # it cannot be anybody's
        return True
    copy, rolled_out = snapshot.copy_on(replica_set), revisions(replica_set)
    if len(rolled_out) != 1:
        return False
    ids = {e.id for e in copy.values()}
    return any(
        e.uid == snapshot.uid
        and e.revision is not None
        # without its copy, which is made with the ReplicaSet, only the very next rollout is known to be the injection's
        and (rolled_out[0] > e.revision if e.id in ids else rolled_out[0] == e.revision + 1)
        for e in _injections(replica_set, [*copy.values(), *known])
    )


def _injections(replica_set: Json, known: Iterable[Entry]) -> list[Entry]:
    """Return those of the injections whose corrupt image the ReplicaSet has."""
    images = images_of(replica_set)
    return [e for e in known if e.id and images.get(e.container) == e.image]
