"""What a restore leaves behind unless it is cleaned up: a field owner, a revision in the history, copies of the record.

Left in place, the owner's next server-side apply would conflict with us, and `kubectl rollout undo` would roll out the
corrupt image, or bring the record back: the Deployment controller copies a Deployment's annotations to its ReplicaSet,
and undo copies them back.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..record.annotations import DEFAULT_IMAGE, PREFIX, read_record
from ..record.entry import Entry
from ..record.presence import in_place, shortened, with_owners_back
from ..workload.rollout import newest_replica_set, owned, revisions

__all__ = [
    "annotations_patch",
    "copied",
    "corrupt_replica_sets",
    "deadline_patch",
    "doubtful_replica_sets",
    "managed_fields_patch",
    "with_copies",
]

Json = Mapping[str, Any]


def managed_fields_patch(deployment: Json, known: Iterable[Entry] = ()) -> list[dict[str, Any]] | None:
    """Return the JSON patch that gives the fields of undone faults back to their owners, None when there are none.

    Its test makes it fail (422) instead of removing somebody's entry when the object has changed meanwhile.
    k8s.io/client-go/util/csaupgrade writes managedFields in the same way.

    Args:
        deployment: the Deployment as it was read.
        known: injections that the caller knows.
    """
    metadata = deployment["metadata"]
    wanted = with_owners_back(deployment, known)
    if wanted == list(metadata.get("managedFields") or []):
        return None
    return [
        {"op": "test", "path": "/metadata/resourceVersion", "value": metadata["resourceVersion"]},
        {"op": "replace", "path": "/metadata/managedFields", "value": wanted},
    ]


def corrupt_replica_sets(deployment: Json, replica_sets: Sequence[Json], known: Iterable[Entry] = ()) -> list[Json]:
    """Find the ReplicaSets that exist only because of a fault.

    Args:
        deployment: the restored Deployment.
        replica_sets: its ReplicaSets.
        known: injections that the caller knows, in case the copies of their record are gone.

    Returns:
        Those with the corrupt image that were rolled out once, by the injection, and are not the present template's.
        Only the rollouts' numbers tell: clocks differ.
    """
    told = list(known)
    return [r for r in _former(deployment, replica_sets) if _made_by_fault(deployment, r, told)]


def doubtful_replica_sets(deployment: Json, replica_sets: Sequence[Json], known: Iterable[Entry] = ()) -> list[Json]:
    """Find the ReplicaSets with an injection's corrupt image that may be somebody else's.

    They were there before the injection, which made the Deployment controller roll them out again, or somebody has
    rolled them out since.

    Args:
        deployment: the restored Deployment.
        replica_sets: its ReplicaSets.
        known: injections that the caller knows, in case the copies of their record are gone.
    """
    told = list(known)
    corrupt = corrupt_replica_sets(deployment, replica_sets, told)
    others = [r for r in _former(deployment, replica_sets) if r not in corrupt]
    return [r for r in others if _injections(r, [*read_record(r).values(), *told])]


def copied(deployment: Json, replica_sets: Iterable[Json]) -> list[Entry]:
    """Return the injections that the copies of their records tell of, the latest first."""
    uid = deployment["metadata"]["uid"]
    found = [e for r in owned(deployment, replica_sets) for e in read_record(r).values() if e.uid == uid]
    return sorted(found, key=lambda e: e.generation or 0, reverse=True)


def deadline_patch(deployment: Json, replica_sets: Iterable[Json]) -> dict[str, Any] | None:
    """Return the strategic merge patch that puts back the progress deadline before a fault, None when it is not there.

    It is left by a fault whose record is gone, and known by the copy of the record, before that goes, too.
    """
    left = next((e for e in copied(deployment, replica_sets) if shortened(deployment, e)), None)
    if left is None or read_record(deployment):
        return None
    version = {"resourceVersion": deployment["metadata"]["resourceVersion"]}
    return {"metadata": version, "spec": {"progressDeadlineSeconds": left.original_deadline}}


def with_copies(deployment: Json, replica_sets: Iterable[Json]) -> list[Json]:
    """Find the ReplicaSets of the Deployment that carry a copy of the record which is not needed any longer.

    That of a fault whose record somebody has removed is the only one.
    """
    found = [r for r in owned(deployment, replica_sets) if _copies(r)]
    return [r for r in found if not any(in_place(deployment, e) for e in read_record(r).values())]


def annotations_patch(replica_set: Json) -> dict[str, Any]:
    """Return the strategic merge patch that removes the copy of the record from a ReplicaSet."""
    metadata = replica_set["metadata"]
    removed: dict[str, None] = dict.fromkeys(_copies(replica_set))
    return {"metadata": {"resourceVersion": metadata["resourceVersion"], "annotations": removed}}


def _copies(replica_set: Json) -> list[str]:
    return [k for k in replica_set["metadata"].get("annotations") or {} if k.startswith(PREFIX)]


def _former(deployment: Json, replica_sets: Sequence[Json]) -> list[Json]:
    newest = newest_replica_set(deployment, replica_sets)
    return [r for r in owned(deployment, replica_sets) if r is not newest]


def _made_by_fault(deployment: Json, replica_set: Json, known: Iterable[Entry]) -> bool:
    if DEFAULT_IMAGE in _images(replica_set).values():  # it cannot be anybody's
        return True
    copied = read_record(replica_set)
    ids, rolled_out = {e.id for e in copied.values()}, revisions(replica_set)
    return any(
        e.uid == deployment["metadata"]["uid"]
        and e.revision is not None
        and len(rolled_out) == 1
        # without its copy, which is made with the ReplicaSet, only the very next rollout is known to be the injection's
        and (rolled_out[0] > e.revision if e.id in ids else rolled_out[0] == e.revision + 1)
        for e in _injections(replica_set, [*copied.values(), *known])
    )


def _injections(replica_set: Json, known: Iterable[Entry]) -> list[Entry]:
    """Those of the injections whose corrupt image it has."""
    images = _images(replica_set)
    return [e for e in known if e.id and images.get(e.container) == e.image]


def _images(replica_set: Json) -> dict[str, str]:
    pod = replica_set["spec"]["template"]["spec"]
    return {c["name"]: c["image"] for field in ("containers", "initContainers") for c in pod.get(field) or []}
