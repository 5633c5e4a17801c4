"""The owners of fields: `metadata.managedFields` after a write (k8s.io/apimachinery/pkg/util/managedfields)."""

from typing import Any

from .fields_v1 import (
    Comparison,
    Fields,
    compare,
    difference,
    intersection,
    union,
)
from .kinds import Resource
from .schema import schema_of
from .types import ManagedFieldsEntry, Object

__all__ = [
    "compare_objects",
    "conflicts",
    "reset_requested",
    "sort_entries",
    "track",
    "without_changed_fields",
    "without_unowned",
]

# Metadata without an owner (managedfields/internal/stripmeta.go)
_UNOWNED = frozenset(
    (
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "generation",
        "managedFields",
        "resourceVersion",
    )
)

_TEMPLATE = {"metadata": {}, "spec": {"containers": None}}
# What an empty object of a kind holds already, because its Go type never leaves these members out: a new object's owner
# does not own them as such
_ZERO: dict[str, Object] = {
    "controllerrevisions.apps": {"revision": 0},
    "daemonsets.apps": {
        "spec": {"selector": None, "template": _TEMPLATE, "updateStrategy": {}},
        "status": {
            "currentNumberScheduled": 0,
            "desiredNumberScheduled": 0,
            "numberMisscheduled": 0,
            "numberReady": 0,
        },
    },
    "statefulsets.apps": {
        "spec": {"selector": None, "serviceName": "", "template": _TEMPLATE, "updateStrategy": {}},
        "status": {"availableReplicas": 0, "replicas": 0},
    },
    "deployments.apps": {"spec": {"selector": None, "strategy": {}, "template": _TEMPLATE}, "status": {}},
    "replicasets.apps": {"spec": {"selector": None, "template": _TEMPLATE}, "status": {"replicas": 0}},
    "pods": {"spec": {"containers": None}, "status": {}},
    "services": {"spec": {}, "status": {"loadBalancer": {}}},
    "namespaces": {"spec": {}, "status": {}},
    "nodes": {"spec": {}, "status": {}},
    "leases.coordination.k8s.io": {"spec": {}},
    "events": {"involvedObject": {}, "source": {}},
    "events.events.k8s.io": {"regarding": {}, "deprecatedSource": {}},
}


def without_unowned(obj: Object) -> Object:
    """Return an object without the members that have no owner.

    Args:
        obj: the object.
    """
    metadata = {k: v for k, v in obj.get("metadata", {}).items() if k not in _UNOWNED}
    return {**{k: v for k, v in obj.items() if k not in ("apiVersion", "kind")}, "metadata": metadata}


def compare_objects(resource: Resource, old: Object | None, new: Object) -> Comparison:
    """Compare two states of an object, leaving out the members that have no owner.

    Args:
        resource: what the object is.
        old: the state before, `None` when the object is new.
        new: the state after.
    """
    before = {"metadata": {}, **_ZERO.get(resource.name, {})} if old is None else without_unowned(old)
    return compare(before, without_unowned(new), schema_of(resource))


def sort_entries(entries: list[ManagedFieldsEntry]) -> list[ManagedFieldsEntry]:
    """Return entries in the order in which the API shows them: by operation, time, manager.

    Args:
        entries: the entries.
    """
    order = ("operation", "time", "manager", "apiVersion", "subresource")
    return sorted(entries, key=lambda entry: [entry.get(part, "") for part in order])


def reset_requested(managed: Any) -> bool:
    """Return whether a client's `managedFields` ask for forgetting all owners: a list of one empty entry.

    Args:
        managed: what the client sent.
    """
    return isinstance(managed, list) and managed == [{}]


def without_changed_fields(entries: list[ManagedFieldsEntry], change: Comparison) -> list[ManagedFieldsEntry]:
    """Return entries without the fields that another manager has changed; empty entries are dropped.

    Args:
        entries: the entries of all managers but the writer.
        change: what the writer did.
    """
    taken = union(union(change.modified, change.added), change.removed)
    kept: list[ManagedFieldsEntry] = [{**e, "fieldsV1": difference(e["fieldsV1"], taken)} for e in entries]
    return [entry for entry in kept if entry["fieldsV1"]]


def _entry(
    manager: str, operation: str, api_version: str, time: str, fields: Fields, subresource: str | None
) -> ManagedFieldsEntry:
    entry: ManagedFieldsEntry = {
        "manager": manager,
        "operation": operation,
        "apiVersion": api_version,
        "time": time,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }
    if subresource:
        entry["subresource"] = subresource
    return entry


def track(
    resource: Resource, old: Object | None, new: Object, manager: str, subresource: str | None, time: str
) -> list[ManagedFieldsEntry]:
    """Return `managedFields` after a write that is not a server-side apply.

    The base is the new object's own `managedFields` when they differ from the old one's (a client may remove
    entries), else the old one's. An object whose owners were forgotten is not tracked again before it is applied.

    Args:
        resource: what the object is.
        old: the object before, `None` when it is new.
        new: the object as it will be stored.
        manager: the field manager that writes.
        subresource: the subresource that it writes through.
        time: when, RFC 3339.
    """
    current = (old or {}).get("metadata", {}).get("managedFields") or []
    given = new["metadata"].get("managedFields")
    if reset_requested(given):
        return []
    base: list[ManagedFieldsEntry] = given if given and not subresource else current
    if old is not None and not base:
        return []
    change = compare_objects(resource, old, new)
    owned = union(change.modified, change.added)
    entries = without_changed_fields(base, change)
    if owned:
        update = _entry(manager, "Update", resource.api_version, time, owned, subresource)
        entries = _with_update(entries, update)
    return sort_entries(entries)


def _with_update(entries: list[ManagedFieldsEntry], update: ManagedFieldsEntry) -> list[ManagedFieldsEntry]:
    """Return entries with the writer's newest one, which takes over the fields of its earlier ones."""
    rest = []
    for entry in entries:
        if _identity(entry) == _identity(update):
            update["fieldsV1"] = union(update["fieldsV1"], entry["fieldsV1"])
        else:
            rest.append(entry)
    return [*rest, update]


def _identity(entry: ManagedFieldsEntry) -> tuple[str, str, str, str | None]:
    return entry["manager"], entry["operation"], entry["apiVersion"], entry.get("subresource")


def conflicts(entries: list[ManagedFieldsEntry], change: Comparison) -> list[tuple[ManagedFieldsEntry, Fields]]:
    """Return the entries whose fields a write would change, and these fields.

    Args:
        entries: the entries of all managers but the writer.
        change: what the writer would do.
    """
    written = union(change.modified, change.added)
    found = [(entry, intersection(entry["fieldsV1"], written)) for entry in entries]
    return [(entry, fields) for entry, fields in found if fields]
