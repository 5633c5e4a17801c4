"""Which objects a controller owns: it adopts what matches and releases what does not (ControllerRefManager)."""

from collections.abc import Callable
from functools import partial

from ..label_selector import matches_label_selector
from ..types import Object
from .client import Client
from .informer import Informer, controller_of
from .workqueue import Work

__all__ = ["adopt", "is_up_for_adoption", "owner_reference"]


def is_up_for_adoption(old: Object | None, new: Object | None) -> bool:
    """Return whether a change makes an object one that a controller might adopt.

    Args:
        old: the object before, `None` when new.
        new: the object after, `None` when gone.
    """
    if new is None or controller_of(new) or "deletionTimestamp" in new["metadata"]:
        return False
    return old is None or bool(controller_of(old)) or old["metadata"].get("labels") != new["metadata"].get("labels")


def adopt(
    informer: Informer,
    client: Client,
    resource: str,
    owner: Object,
    selector: Object,
    is_member: Callable[[Object], bool] = lambda obj: True,
) -> Work:
    """Return the objects that an owner controls, after adopting orphans and releasing what does not match.

    Args:
        informer: of the objects.
        client: sends the writes.
        resource: the objects' resource.
        owner: the workload.
        selector: its selector.
        is_member: whether an object that matches can be the owner's.
    """
    deleting = "deletionTimestamp" in owner["metadata"]
    kept = []
    for obj in informer.owned(resource, owner["metadata"]["uid"]):
        if matches_label_selector(selector, obj["metadata"].get("labels") or {}) and is_member(obj):
            kept.append(obj)
        elif not deleting:
            yield partial(client.update, resource, _released(obj, owner))
    if deleting:
        return kept
    for obj in informer.owned(resource, ""):
        if _is_adoptable(obj, owner["metadata"]["namespace"], selector) and is_member(obj):
            kept.append((yield partial(client.update, resource, _adopted(obj, owner))))
    return kept


def _is_adoptable(orphan: Object, namespace: str, selector: Object) -> bool:
    metadata = orphan["metadata"]
    if metadata["namespace"] != namespace or metadata.get("deletionTimestamp"):
        return False
    return matches_label_selector(selector, metadata.get("labels") or {})


def owner_reference(kind: str, metadata: Object) -> Object:
    """Return the reference of an object to its controller (metav1.NewControllerRef).

    Args:
        kind: the controller's kind, of the group apps.
        metadata: the controller's metadata.
    """
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _adopted(obj: Object, owner: Object) -> Object:
    reference = owner_reference(owner["kind"], owner["metadata"])
    references = [*obj["metadata"].get("ownerReferences", ()), reference]
    return {**obj, "metadata": {**obj["metadata"], "ownerReferences": references}}


def _released(obj: Object, owner: Object) -> Object:
    references = [
        each for each in obj["metadata"].get("ownerReferences", ()) if each["uid"] != owner["metadata"]["uid"]
    ]
    return {**obj, "metadata": {**obj["metadata"], "ownerReferences": references}}
