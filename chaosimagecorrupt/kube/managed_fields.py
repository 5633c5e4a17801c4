"""Who owns a field of a Deployment, as the API server notes it: metadata.managedFields.

Whoever changes a field takes it from all others. What the fault takes is noted in the record, and given back after the
restore: else the next apply of somebody else would not conflict with the owner, and what the owner drops from its
manifest would stay.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .requests import FIELD_MANAGER

__all__ = [
    "DEADLINE",
    "REPLICAS",
    "image_path",
    "last_writer_of",
    "newest",
    "others",
    "owners",
    "writer_of",
    "written_at",
]

Json = Mapping[str, Any]
Path = tuple[str, ...]

DEADLINE: Path = ("f:spec", "f:progressDeadlineSeconds")
REPLICAS: Path = ("f:spec", "f:replicas")


def image_path(field: str, container: str) -> Path:
    """Return where managedFields hold a container's image.

    Args:
        field: `containers` or `initContainers`.
        container: the container's name.
    """
    key = "k:" + json.dumps({"name": container}, separators=(",", ":"))
    return ("f:spec", "f:template", "f:spec", f"f:{field}", key, "f:image")


def owners(deployment: Json, path: Path) -> list[dict[str, Any]]:
    """Return the entries of managedFields that own a field; several do when they applied the same value."""
    return [e for e in deployment["metadata"].get("managedFields") or [] if owns_field(e.get("fieldsV1"), path)]


def writer_of(deployment: Json, field: str, container: str) -> dict[str, Any] | None:
    """Return the entry of managedFields that owns a container's image; of several, the newest.

    Args:
        deployment: the Deployment.
        field: `containers` or `initContainers`.
        container: the container's name.
    """
    return newest(owners(deployment, image_path(field, container)))


def newest(entries: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the entry of managedFields with the latest time, None of none."""
    return max(entries, key=lambda e: e.get("time", ""), default=None)


def last_writer_of(deployment: Json) -> dict[str, Any] | None:
    """Return the entry of managedFields that was written last, without those of the status; None when there is none.

    Times are whole seconds: of several in the same second, one that is not this tool's counts.
    """
    found = [e for e in deployment["metadata"].get("managedFields") or [] if e.get("subresource") != "status"]
    return max(found, key=lambda e: (e.get("time", ""), e.get("manager") != FIELD_MANAGER), default=None)


def written_at(deployment: Json) -> str | None:
    """Return when our field manager wrote last, by the API server's clock, RFC 3339; None when it owns nothing."""
    ours = [e for e in deployment["metadata"].get("managedFields") or [] if e.get("manager") == FIELD_MANAGER]
    return max((e.get("time", "") for e in ours), default="") or None


def others(deployment: Json, path: Path) -> list[list[str]]:
    """Return manager, operation and time of all but us that own a field."""
    return [
        [str(e.get(key, "")) for key in ("manager", "operation", "time")]
        for e in owners(deployment, path)
        if e.get("manager") != FIELD_MANAGER and not e.get("subresource")
    ]


def add_field(entries: list[dict[str, Any]], path: Path, manager: str, operation: str, time: str) -> None:
    same = [e for e in entries if (e.get("manager"), e.get("operation")) == (manager, operation)]
    entry = next((e for e in same if not e.get("subresource")), None)
    if operation == "Apply" and (entry is None or entry.get("time") != time):
        return  # it has applied since, and what it applied does not have this field
    if entry is None:  # this field was all that it owned
        entry = {"manager": manager, "operation": operation, "apiVersion": "apps/v1", "time": time}
        entry |= {"fieldsType": "FieldsV1", "fieldsV1": {}}
        entries.append(entry)
    fields = entry["fieldsV1"]
    for key in path[:-1]:
        if key in fields and not fields[key]:
            fields[key]["."] = {}  # it owns this by itself, too
        fields = fields.setdefault(key, {})
    fields.setdefault(path[-1], {})


def remove_field(fields: dict[str, Any], path: Path) -> None:
    if path[0] in fields:
        if len(path) > 1:
            remove_field(fields[path[0]], path[1:])
        if len(path) == 1 or not fields[path[0]]:
            del fields[path[0]]


def owns_field(fields: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(fields, Mapping) or key not in fields:
            return False
        fields = fields[key]
    return True
