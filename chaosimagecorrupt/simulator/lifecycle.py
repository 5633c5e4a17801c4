"""Whether a write increases an object's generation, and whether it ends its deletion."""

from .kinds import Resource
from .types import Object

__all__ = ["generation_moves", "is_over"]


def is_over(obj: Object) -> bool:
    """Return whether an object is gone after this write (k8s.io/apiserver: ShouldDeleteDuringUpdate).

    A Namespace has its own finalizers, in its spec.

    Args:
        obj: the object as written.
    """
    metadata = obj["metadata"]
    return bool(
        metadata.get("deletionTimestamp")
        and not metadata.get("finalizers")
        and not metadata.get("deletionGracePeriodSeconds")
        and not (obj["kind"] == "Namespace" and obj.get("spec", {}).get("finalizers"))
    )


def generation_moves(kind: Resource, old: Object, new: Object) -> bool:
    """Return whether a write increases the generation; the beginning of a deletion does, too (rest.BeforeDelete).

    Args:
        kind: what the object is.
        old: the object before.
        new: the object after.
    """
    if "deletionTimestamp" in new["metadata"] and "deletionTimestamp" not in old["metadata"]:
        return True
    if kind.generation == "all-but-status":
        return _content(old) != _content(new)
    annotations = (old["metadata"].get("annotations"), new["metadata"].get("annotations"))
    if kind.generation == "spec+annotations" and (annotations[0] or {}) != (annotations[1] or {}):
        return True
    return bool(old.get("spec") != new.get("spec"))


def _content(obj: Object) -> Object:
    return {name: value for name, value in obj.items() if name not in ("apiVersion", "metadata", "status")}
