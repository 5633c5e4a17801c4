"""Deletion of an object: a Pod gets its grace period, an object with finalizers stays until they are removed."""

from ..store import Store
from ..timestamps import timestamp
from ..types import Object

__all__ = ["delete_gracefully"]


def delete_gracefully(store: Store, now: float, resource: str, obj: Object, grace: int | None = None) -> Object:
    """Delete an object or begin to, and return its newest state.

    Args:
        store: the objects.
        now: seconds since 1970.
        resource: the resource's key.
        obj: the object as stored.
        grace: seconds that a Pod has to end; `None` for what its spec says.
    """
    metadata = obj["metadata"]
    seconds = _grace_of_pod(obj, grace) if resource == "pods" else 0
    if not seconds and not metadata.get("finalizers"):
        return store.delete(resource, metadata.get("namespace"), metadata["name"])
    left = metadata.get("deletionGracePeriodSeconds")
    if metadata.get("deletionTimestamp") and (left is None or seconds >= left):
        return obj
    marks: Object = {
        "deletionTimestamp": timestamp(now + seconds),
        "deletionGracePeriodSeconds": seconds,
    }
    return store.update(resource, {**obj, "metadata": {**metadata, **marks}})


def _grace_of_pod(pod: Object, grace: int | None) -> int:
    """Return the seconds that a Pod gets (kubernetes/pkg/registry/core/pod/strategy.go: CheckGracefulDelete)."""
    if not pod["spec"].get("nodeName") or pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
        return 0
    if grace is not None:
        return grace
    return int(pod["spec"].get("terminationGracePeriodSeconds", 30))
