"""Which objects a controller takes care of: its own, and orphans that its selector matches (ControllerRefManager)."""

from functools import partial

from ..types import Json
from .client import Client
from .informer import Cache, controller_of
from .workqueue import Work

__all__ = ["adopt", "is_up_for_adoption", "matches"]


def matches(selector: Json, labels: dict[str, str]) -> bool:
    """Return whether a label selector matches.

    Args:
        selector: `matchLabels` and `matchExpressions`.
        labels: the labels of an object.
    """
    wanted: dict[str, str] = selector.get("matchLabels") or {}
    return wanted.items() <= labels.items() and all(
        _holds(expression, labels) for expression in selector.get("matchExpressions") or ()
    )


def _holds(expression: Json, labels: dict[str, str]) -> bool:
    operator, key = str(expression["operator"]), str(expression["key"])
    if operator in ("Exists", "DoesNotExist"):
        return (key in labels) == (operator == "Exists")
    return (key in labels and labels[key] in list(expression["values"])) == (operator == "In")


def is_up_for_adoption(old: Json | None, new: Json | None) -> bool:
    """Return whether a change makes an object one that a controller might take in.

    Args:
        old: the object before, `None` when new.
        new: the object after, `None` when gone.
    """
    if new is None or controller_of(new) or "deletionTimestamp" in new["metadata"]:
        return False
    return old is None or bool(controller_of(old)) or old["metadata"].get("labels") != new["metadata"].get("labels")


def adopt(cache: Cache, client: Client, resource: str, owner: Json, selector: Json) -> Work:
    """Return the objects that an owner controls, after taking orphans in and letting go what does not match.

    Args:
        cache: the objects as seen.
        client: writes.
        resource: the objects' resource.
        owner: the Deployment or ReplicaSet.
        selector: its selector.
    """
    namespace = owner["metadata"]["namespace"]
    deleting = "deletionTimestamp" in owner["metadata"]
    kept = []
    for obj in cache.owned(resource, owner["metadata"]["uid"]):
        if matches(selector, obj["metadata"].get("labels") or {}):
            kept.append(obj)
        elif not deleting:
            yield partial(client.update, resource, _released(obj, owner))
    for obj in cache.owned(resource, ""):
        metadata = obj["metadata"]
        if deleting or metadata["namespace"] != namespace or metadata.get("deletionTimestamp"):
            continue
        if matches(selector, metadata.get("labels") or {}):
            kept.append((yield partial(client.update, resource, _adopted(obj, owner))))
    return kept


def _adopted(obj: Json, owner: Json) -> Json:
    reference: Json = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }
    references = [*obj["metadata"].get("ownerReferences", ()), reference]
    return {**obj, "metadata": {**obj["metadata"], "ownerReferences": references}}


def _released(obj: Json, owner: Json) -> Json:
    references = [
        each for each in obj["metadata"].get("ownerReferences", ()) if each["uid"] != owner["metadata"]["uid"]
    ]
    return {**obj, "metadata": {**obj["metadata"], "ownerReferences": references}}
