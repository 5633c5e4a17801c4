"""What a fault leaves behind, as its users would find it: by the API's JSON alone."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

__all__ = ["images", "traces"]

Json = Mapping[str, Any]

MARK = "chaos.operatorchaos.io/"


def images(workload: Json) -> dict[str, str]:
    """Return the image of each container of a Deployment or ReplicaSet."""
    pod = workload["spec"]["template"]["spec"]
    return {c["name"]: c["image"] for c in [*pod["containers"], *(pod.get("initContainers") or [])]}


def traces(deployment: Json, replica_sets: Iterable[Json], corrupt: Collection[str]) -> list[str]:
    """Return what is left of faults on a Deployment and its ReplicaSets.

    Args:
        deployment: the Deployment.
        replica_sets: those of its namespace.
        corrupt: the images that were injected.
    """
    found = [f"Deployment: {t}" for t in _traces(deployment, corrupt)]
    for replica_set in replica_sets:
        if any(o["uid"] == deployment["metadata"]["uid"] for o in replica_set["metadata"].get("ownerReferences", [])):
            found += [f"ReplicaSet {replica_set['metadata']['name']}: {t}" for t in _traces(replica_set, corrupt)]
    return found


def _traces(workload: Json, corrupt: Collection[str]) -> list[str]:
    metadata = workload["metadata"]
    found = [
        f"{field[:-1]} {key}"
        for field in ("annotations", "labels")
        for key in metadata.get(field) or {}
        if key.startswith(MARK)
    ]
    found += [f"manager {e['manager']}" for e in metadata.get("managedFields") or [] if "chaos" in e["manager"]]
    return found + [f"image {i}" for i in images(workload).values() if i in corrupt]
