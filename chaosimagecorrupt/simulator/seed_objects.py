"""Manifests that a cluster wrote, as the output of `kubectl get -o yaml`, made ready for another cluster. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from .types import Object

__all__ = ["adopted", "in_order_of_owners", "is_remade", "written_by_cluster"]

# Metadata that belongs to the cluster that wrote it
_OF_CLUSTER = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)

# Kinds whose status the simulator's controllers compute
_COMPUTED = ("DaemonSet", "Deployment", "Pod", "ReplicaSet", "ResourceQuota", "StatefulSet")


def written_by_cluster(manifest: Object) -> bool:
    """Return whether a manifest is an object that a cluster has stored.

    Args:
        manifest: the manifest.
    """
    return bool(_metadata(manifest).get("uid"))


def is_remade(manifest: Object) -> bool:
    """Return whether a manifest is a Pod that a controller will replace: it belongs to another cluster's node.

    Args:
        manifest: the manifest.
    """
    owned = any(reference.get("controller") for reference in _references(manifest))
    return manifest["kind"] == "Pod" and written_by_cluster(manifest) and owned


def in_order_of_owners(manifests: Iterable[Object]) -> Iterator[Object]:
    """Yield manifests as they came, but none before its owners.

    Args:
        manifests: the manifests.
    """
    given = list(manifests)
    by_uid = {_metadata(each).get("uid"): index for index, each in enumerate(given) if written_by_cluster(each)}
    sorter = TopologicalSorter(
        {
            index: [by_uid[reference["uid"]] for reference in _references(each) if reference.get("uid") in by_uid]
            for index, each in enumerate(given)
        }
    )
    try:
        sorter.prepare()
    except CycleError:
        yield from given
        return
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        yield from (given[index] for index in ready)
        sorter.done(*ready)


def adopted(manifest: Object, uids: Mapping[str, str]) -> Object:
    """Return an object of another cluster as this one creates it: owned by what stands for its owners here.

    Args:
        manifest: the object; owners that are not here are left out, or it would be garbage.
        uids: the uids of objects there, with those of the same objects here.
    """
    metadata = {name: value for name, value in _metadata(manifest).items() if name not in _OF_CLUSTER}
    owners = [{**each, "uid": uids[each["uid"]]} for each in _references(manifest) if each.get("uid") in uids]
    metadata.pop("ownerReferences", None)
    if owners:
        metadata["ownerReferences"] = owners
    new = {**manifest, "metadata": metadata}
    if manifest["kind"] in _COMPUTED:
        new.pop("status", None)
    if manifest["kind"] == "Pod":
        new["spec"] = {name: value for name, value in manifest["spec"].items() if name != "nodeName"}
    return new


def _metadata(manifest: Object) -> Object:
    return manifest.get("metadata") or {}


def _references(manifest: Object) -> list[Object]:
    return list(_metadata(manifest).get("ownerReferences") or ())
