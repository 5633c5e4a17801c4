"""Who owns a field of a Deployment, as the API server notes it: metadata.managedFields.

Whoever changes a field takes it from all others. What the fault takes is noted in the record, and given back after the
restore: else the next apply of somebody else would not conflict with the owner, and what the owner drops from its
manifest would stay.
"""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .entry import DEADLINE_OWNERS, IMAGE_OWNERS, Entry
from .kube.requests import FIELD_MANAGER
from .record import container_of, read_record

__all__ = [
    "DEADLINE",
    "image_path",
    "in_place",
    "others",
    "owners",
    "shortened",
    "with_owners_back",
    "writer_of",
    "written_at",
]

Json = Mapping[str, Any]
Path = tuple[str, ...]

DEADLINE: Path = ("f:spec", "f:progressDeadlineSeconds")


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
    return [e for e in deployment["metadata"].get("managedFields") or [] if _has(e.get("fieldsV1"), path)]


def writer_of(deployment: Json, field: str, container: str) -> dict[str, Any] | None:
    """Return the entry of managedFields that owns a container's image; of several, the newest.

    Args:
        deployment: the Deployment.
        field: `containers` or `initContainers`.
        container: the container's name.
    """
    found = owners(deployment, image_path(field, container))
    return max(found, key=lambda e: e.get("time", ""), default=None)


def written_at(deployment: Json) -> str | None:
    """Return when our field manager wrote last, by the API server's clock, RFC 3339; None when it owns nothing."""
    ours = [e for e in deployment["metadata"].get("managedFields") or [] if e.get("manager") == FIELD_MANAGER]
    return max((e.get("time", "") for e in ours), default="") or None


def in_place(deployment: Json, entry: Entry) -> bool:
    """Return whether an injection's image is still there, be it that somebody removed the record.

    The same image, when somebody else has deployed it since or when the Deployment was made again, is theirs.

    Args:
        deployment: the Deployment as it was read.
        entry: what the injection recorded.
    """
    found = container_of(deployment, entry.container)
    return (
        found is not None
        and found[1]["image"] == entry.image
        and deployment["metadata"]["uid"] == entry.uid
        and _not_anothers(deployment, image_path(found[0], entry.container))
    )


def shortened(deployment: Json, entry: Entry) -> bool:
    """Return whether an injection's progress deadline is still there, be it that somebody removed the record.

    Args:
        deployment: the Deployment as it was read.
        entry: what the injection recorded.
    """
    return (
        entry.deadline is not None
        and deployment["spec"].get("progressDeadlineSeconds") == entry.deadline
        and deployment["metadata"]["uid"] == entry.uid
        and _not_anothers(deployment, DEADLINE)
    )


def others(deployment: Json, path: Path) -> list[list[str]]:
    """Return manager, operation and time of all but us that own a field."""
    return [
        [str(e.get(key, "")) for key in ("manager", "operation", "time")]
        for e in owners(deployment, path)
        if e.get("manager") != FIELD_MANAGER and not e.get("subresource")
    ]


def with_owners_back(deployment: Json, known: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return managedFields without what we own because of faults that are undone.

    A field that has its original value by our restore goes back to those that owned it before. Nobody loses a field by
    that: what somebody has written since is not ours any longer.

    Args:
        deployment: the Deployment as it was read. Without a record, our entry goes as a whole.
        known: injections; those that are still recorded are left alone.
    """
    entries = copy.deepcopy(list(deployment["metadata"].get("managedFields") or []))
    record = read_record(deployment)
    ours = [e for e in entries if e.get("manager") == FIELD_MANAGER]
    for path, before in _undone(deployment, [e for e in known if e.container not in record]):
        if any(_has(e.get("fieldsV1"), path) for e in ours):
            for owner in before:
                _give(entries, path, *owner)
            for e in ours:
                _take(e["fieldsV1"], path)
    return [e for e in entries if e.get("manager") != FIELD_MANAGER or (record and e["fieldsV1"])]


def _not_anothers(deployment: Json, path: Path) -> bool:
    """Whether nobody else has set a field since we did: it is ours, or managedFields name no owner."""
    found = owners(deployment, path)
    return not found or any(e.get("manager") == FIELD_MANAGER for e in found)


def _undone(deployment: Json, known: Iterable[Entry]) -> Iterator[tuple[Path, list[list[str]]]]:
    """What has its original value, and who owned it before."""
    for entry in known:
        found = container_of(deployment, entry.container)
        if found is not None and found[1]["image"] == entry.original:
            yield image_path(found[0], entry.container), entry.owners.get(IMAGE_OWNERS, [])
        deadline = entry.original_deadline
        if deadline is not None and deployment["spec"].get("progressDeadlineSeconds") == deadline:
            yield DEADLINE, entry.owners.get(DEADLINE_OWNERS, [])


def _give(entries: list[dict[str, Any]], path: Path, manager: str, operation: str, time: str) -> None:
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


def _take(fields: dict[str, Any], path: Path) -> None:
    if path[0] in fields:
        if len(path) > 1:
            _take(fields[path[0]], path[1:])
        if len(path) == 1 or not fields[path[0]]:
            del fields[path[0]]


def _has(fields: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(fields, Mapping) or key not in fields:
            return False
        fields = fields[key]
    return True
