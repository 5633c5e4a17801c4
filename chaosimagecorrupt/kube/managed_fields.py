"""Who owns a field of a Deployment: metadata.managedFields.

A client that changes a field becomes its only owner. The record keeps the owners that the fault replaces, and they get
the field back after the restore: otherwise the next apply of another client would not conflict with the owner, and a
field that the owner removes from its manifest would stay
(https://kubernetes.io/docs/reference/using-api/server-side-apply/).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .requests import FIELD_MANAGER
from .types import Deployment, ManagedFieldsEntry

__all__ = [
    "DEADLINE",
    "REPLICAS",
    "image_path",
    "last_writer_of",
    "newest",
    "other_managers",
    "owners",
    "writer_of",
    "written_at",
]

Path = tuple[str, ...]

DEADLINE: Path = ("f:spec", "f:progressDeadlineSeconds")
REPLICAS: Path = ("f:spec", "f:replicas")


def image_path(field: str, container: str) -> Path:
    """Return the path of a container's image in managedFields.

    Args:
        field: `containers` or `initContainers`.
        container: the container's name.
    """
    key = "k:" + json.dumps({"name": container}, separators=(",", ":"))
    return ("f:spec", "f:template", "f:spec", f"f:{field}", key, "f:image")


def owners(deployment: Deployment, path: Path) -> list[ManagedFieldsEntry]:
    """Return the entries of managedFields that own a field; several do when they applied the same value."""
    return [e for e in deployment["metadata"].get("managedFields") or [] if owns_field(e.get("fieldsV1"), path)]


def writer_of(deployment: Deployment, field: str, container: str) -> ManagedFieldsEntry | None:
    """Return the entry of managedFields that owns a container's image; of several, the newest.

    Args:
        deployment: the Deployment.
        field: `containers` or `initContainers`.
        container: the container's name.
    """
    return newest(owners(deployment, image_path(field, container)))


def newest(entries: Iterable[ManagedFieldsEntry]) -> ManagedFieldsEntry | None:
    """Return the entry of managedFields with the latest time, None of none."""
    return max(entries, key=lambda e: e.get("time", ""), default=None)


def last_writer_of(deployment: Deployment) -> ManagedFieldsEntry | None:
    """Return the entry of managedFields that was written last, without those of the status; None when there is none.

    Times are whole seconds: of several in the same second, one that is not this tool's counts.
    """
    found = [e for e in deployment["metadata"].get("managedFields") or [] if e.get("subresource") != "status"]
    return max(found, key=lambda e: (e.get("time", ""), e.get("manager") != FIELD_MANAGER), default=None)


def written_at(deployment: Deployment) -> str | None:
    """Return when this extension last wrote, by the API server's clock, RFC 3339; None when it owns nothing."""
    ours = [e for e in deployment["metadata"].get("managedFields") or [] if e.get("manager") == FIELD_MANAGER]
    return max((e.get("time", "") for e in ours), default="") or None


def other_managers(deployment: Deployment, path: Path) -> list[list[str]]:
    """Return the field managers, other than this extension, that own a field.

    Args:
        deployment: the Deployment.
        path: the field.

    Returns:
        `[manager, operation, time]` for each; those that own it through a subresource are left out.
    """
    return [
        [str(e.get(key, "")) for key in ("manager", "operation", "time")]
        for e in owners(deployment, path)
        if e.get("manager") != FIELD_MANAGER and not e.get("subresource")
    ]


def add_field(entries: list[ManagedFieldsEntry], path: Path, manager: str, operation: str, time: str) -> None:
    """Add a field to the entry of one of its owners from before the fault.

    Args:
        entries: managedFields, which this changes.
        path: the field.
        manager: the owner's name.
        operation: Apply or Update.
        time: of the owner's entry from before the fault, RFC 3339.
    """
    same = [e for e in entries if (e.get("manager"), e.get("operation")) == (manager, operation)]
    entry = next((e for e in same if not e.get("subresource")), None)
    if operation == "Apply" and (entry is None or entry.get("time") != time):
        return  # the owner has applied again since, and what it applied does not have this field
    if entry is None:  # this field was all that it owned
        entry = {"manager": manager, "operation": operation, "apiVersion": "apps/v1", "time": time}
        entry |= {"fieldsType": "FieldsV1", "fieldsV1": {}}
        entries.append(entry)
    _insert(entry["fieldsV1"], path)


def _insert(fields: dict[str, Any], path: Path) -> None:
    for key in path[:-1]:
        if key in fields and not fields[key]:
            fields[key]["."] = {}  # the owner also owns this level itself: sigs.k8s.io/structured-merge-diff: Set
        fields = fields.setdefault(key, {})
    fields.setdefault(path[-1], {})


def remove_field(fields: dict[str, Any], path: Path) -> None:
    """Remove a field from the fieldsV1 of an entry, and what is empty without it."""
    if path[0] in fields:
        if len(path) > 1:
            remove_field(fields[path[0]], path[1:])
        if len(path) == 1 or not fields[path[0]]:
            del fields[path[0]]


def owns_field(fields: Any, path: Path) -> bool:
    """Return whether the fieldsV1 of an entry have a field; anything but a map has none."""
    for key in path:
        if not isinstance(fields, Mapping) or key not in fields:
            return False
        fields = fields[key]
    return True
