"""What a restore leaves behind unless it is cleaned up: a field owner, a revision in the history, copies of the record.

Left in place, the owner's next server-side apply would conflict with us, and `kubectl rollout undo` would roll out the
corrupt image, or bring the record back: the Deployment controller copies a Deployment's annotations to its ReplicaSet,
and undo copies them back.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .duration import from_rfc3339
from .record import PREFIX, Entry, read_record
from .requests import FIELD_MANAGER
from .rollout import newest_replica_set, owned

__all__ = ["annotations_patch", "corrupt_replica_sets", "managed_fields_patch", "with_copies"]

Json = Mapping[str, Any]

CLOCK_SKEW = 300.0  # seconds between our clock and the API server's that are no reason for doubt


def managed_fields_patch(deployment: Json) -> list[dict[str, Any]] | None:
    """Return the JSON patch that removes our entries from managedFields, None when there is none.

    Its tests make it fail (422) instead of removing somebody else's entry when the object has changed meanwhile.
    """
    metadata = deployment["metadata"]
    ours = [i for i, e in enumerate(metadata.get("managedFields") or []) if e.get("manager") == FIELD_MANAGER]
    if not ours:
        return None
    patch = [{"op": "test", "path": "/metadata/resourceVersion", "value": metadata["resourceVersion"]}]
    for i in reversed(ours):
        patch.append({"op": "test", "path": f"/metadata/managedFields/{i}/manager", "value": FIELD_MANAGER})
        patch.append({"op": "remove", "path": f"/metadata/managedFields/{i}"})
    return patch


def corrupt_replica_sets(deployment: Json, replica_sets: Sequence[Json], known: Iterable[Entry] = ()) -> list[Json]:
    """Find the ReplicaSets that exist only because of the fault.

    Args:
        deployment: the restored Deployment.
        replica_sets: its ReplicaSets.
        known: injections that the caller knows, in case the copies of their record are gone.

    Returns:
        Those that have an injection's corrupt image, were made after it, and are not the present template's. The
        injection is known by the copy of its record.
    """
    newest, told = newest_replica_set(deployment, replica_sets), list(known)
    others = [r for r in owned(deployment, replica_sets) if r is not newest]
    return [r for r in others if _made_by(r, [*read_record(r).values(), *told])]


def with_copies(deployment: Json, replica_sets: Iterable[Json]) -> list[Json]:
    """Find the ReplicaSets of the Deployment that carry a copy of the record."""
    return [r for r in owned(deployment, replica_sets) if _copies(r)]


def annotations_patch(replica_set: Json) -> dict[str, Any]:
    """Return the strategic merge patch that removes the copy of the record from a ReplicaSet."""
    metadata = replica_set["metadata"]
    removed: dict[str, None] = dict.fromkeys(_copies(replica_set))
    return {"metadata": {"resourceVersion": metadata["resourceVersion"], "annotations": removed}}


def _copies(replica_set: Json) -> list[str]:
    return [k for k in replica_set["metadata"].get("annotations") or {} if k.startswith(PREFIX)]


def _made_by(replica_set: Json, injections: Iterable[Entry]) -> bool:
    images = {c["name"]: c["image"] for c in _containers(replica_set)}
    made = from_rfc3339(replica_set["metadata"]["creationTimestamp"])
    return any(
        images.get(e.container) == e.image and made > from_rfc3339(e.at) - CLOCK_SKEW
        for e in injections
        if e.id and e.at
    )


def _containers(replica_set: Json) -> list[dict[str, Any]]:
    pod = replica_set["spec"]["template"]["spec"]
    return [c for field in ("containers", "initContainers") for c in pod.get(field) or []]
