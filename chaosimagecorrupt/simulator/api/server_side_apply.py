"""Server-side apply: merging, pruning, conflicts (sigs.k8s.io/structured-merge-diff/merge/update.go)."""

import json
from typing import Any

from ..fields_v1 import (
    Fields,
    Path,
    difference,
    fields_of,
    items_by_element,
    members,
    union,
)
from ..managed_fields import compare_objects, conflicts, sort_entries, without_changed_fields, without_unowned
from ..schema import ANY, Schema, schema_of
from ..types import ManagedFieldsEntry, Object
from .errors import ApiError
from .last_applied import allowed_conflicts, with_last_applied
from .request import Request
from .routing import Target

__all__ = ["apply_configuration", "merged"]


def merged(live: Any, config: Any, schema: Schema) -> Any:
    """Return a value with an applied configuration merged into it; lists merge by their type.

    Args:
        live: the value; not changed.
        config: the configuration.
        schema: the schema of both.
    """
    if isinstance(config, dict) and isinstance(live, dict) and not schema.atomic:
        both = {name: merged(live.get(name), value, schema.field(name) or ANY) for name, value in config.items()}
        return {**live, **both}
    if isinstance(config, list) and isinstance(live, list) and schema.list_type != "atomic":
        return _merged_list(live, config, schema)
    return config


def _merged_list(live: list[Any], config: list[Any], schema: Schema) -> list[Any]:
    """Return the items of both lists: the live order, with new items in the configuration's order after it."""
    items = items_by_element(live, schema)
    for element, item in items_by_element(config, schema).items():
        items[element] = merged(items[element], item, schema.items) if element in items else item
    return list(items.values())


def _with_named_parents(fields: Fields) -> Fields:
    """Return a set with the named fields above its members as members too (EnsureNamedFieldsAreMembers)."""
    found = {}
    for element, below in fields.items():
        if element == ".":
            found[element] = below
        else:
            node = _with_named_parents(below)
            found[element] = {".": {}, **node} if node and element[0] == "f" else node
    return found


def _without(value: Any, path: Path, schema: Schema) -> Any:
    """Return a value without what is at a path."""
    if isinstance(value, dict) and path[0][0] == "f":
        return _without_member(value, path, schema)
    if isinstance(value, list):
        return _without_item(value, path, schema)
    return value


def _without_member(value: Object, path: Path, schema: Schema) -> Object:
    name, rest = path[0][2:], path[1:]
    if name not in value:
        return value
    if rest:
        return {**value, name: _without(value[name], rest, schema.field(name) or ANY)}
    return {member: child for member, child in value.items() if member != name}


def _without_item(values: list[Any], path: Path, schema: Schema) -> list[Any]:
    element, rest = path[0], path[1:]
    items = items_by_element(values, schema)
    if element in items and rest:
        items[element] = _without(items[element], rest, schema.items)
    elif element in items:
        del items[element]
    return list(items.values())


def _pruned(obj: Object, last: Fields, owned: Fields, schema: Schema) -> Object:
    """Return an object without the fields that its applier owned before and no manager owns now."""
    gone = difference(_with_named_parents(last), _with_named_parents(owned))
    for path in members(gone):
        obj = _without(obj, path, schema)
    return obj


def apply_configuration(
    target: Target, current: Object | None, config: Object, request: Request, time: str
) -> tuple[Object, list[ManagedFieldsEntry]]:
    """Return the object that an applied configuration leads to, and its `managedFields`.

    Args:
        target: what the request is about.
        current: the object as stored, `None` when it is new.
        config: the configuration.
        request: the request, with its field manager and `force`.
        time: when, RFC 3339.

    Raises:
        ApiError: 409 when others own, with another value, what is applied.
    """
    resource, schema = target.resource, schema_of(target.resource)
    mine, others = _entries_by_owner(target, current, request)
    entry = _applied_entry(target, request, fields_of(without_unowned(config), schema), time)
    owned: Fields = entry["fieldsV1"]
    for other in others:
        owned = union(owned, other["fieldsV1"])
    new: Object = _pruned(merged(current or {}, config, schema), mine["fieldsV1"] if mine else {}, owned, schema)
    change = compare_objects(resource, current, new)
    if current and not request.flag("force"):
        _check_conflicts(conflicts(others, change), allowed_conflicts(request.field_manager, current, schema))
    new = with_last_applied(request.field_manager, new, config)
    if mine and mine["fieldsV1"] == entry["fieldsV1"] and current and new == current:
        entry["time"] = mine["time"]
    return {**new, "metadata": dict(new["metadata"])}, sort_entries([*without_changed_fields(others, change), entry])


def _applied_entry(target: Target, request: Request, fields: Fields, time: str) -> ManagedFieldsEntry:
    entry: ManagedFieldsEntry = {
        "manager": request.field_manager,
        "operation": "Apply",
        "apiVersion": target.resource.api_version,
        "time": time,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }
    if target.subresource:
        entry["subresource"] = target.subresource
    return entry


def _check_conflicts(disputed: list[tuple[ManagedFieldsEntry, Fields]], allowed: Fields) -> None:
    left = [(entry, difference(fields, allowed)) for entry, fields in disputed]
    if any(fields for _, fields in left):
        raise _conflict([(entry, fields) for entry, fields in left if fields])


def _entries(target: Target, current: Object | None) -> list[ManagedFieldsEntry]:
    """Return the managed fields; of an object without any, the manager `before-first-apply` owns everything."""
    if current is None:
        return []
    entries: list[ManagedFieldsEntry] = current["metadata"].get("managedFields") or []
    if entries:
        return entries
    return [
        {
            "manager": "before-first-apply",
            "operation": "Update",
            "apiVersion": target.resource.api_version,
            "time": current["metadata"]["creationTimestamp"],
            "fieldsType": "FieldsV1",
            "fieldsV1": fields_of(without_unowned(current), schema_of(target.resource)),
        }
    ]


def _entries_by_owner(
    target: Target, current: Object | None, request: Request
) -> tuple[ManagedFieldsEntry | None, list[ManagedFieldsEntry]]:
    """Return the entry that the applier has already, `None` when it has none, and those of all others."""
    entries = _entries(target, current)
    mine = [entry for entry in entries if _is_mine(entry, request, target)]
    return (mine[0] if mine else None), [entry for entry in entries if not _is_mine(entry, request, target)]


def _is_mine(entry: ManagedFieldsEntry, request: Request, target: Target) -> bool:
    mine = (request.field_manager, "Apply", target.subresource)
    return (entry["manager"], entry["operation"], entry.get("subresource", "")) == mine


def _path_text(path: Path) -> str:
    """Return a path as messages show it: `.spec.containers[name="app"].image`."""
    text = ""
    for element in path:
        if element[0] == "f":
            text += "." + element[2:]
        elif element[0] == "k":
            keys = json.loads(element[2:]).items()
            text += "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in keys) + "]"
        else:
            text += f"[={element[2:]}]"
    return text


def _conflict(disputed: list[tuple[ManagedFieldsEntry, Fields]]) -> ApiError:
    """Return 409 (managedfields/internal/conflict.go)."""
    found = [(_owner(entry), _path_text(path)) for entry, fields in disputed for path in members(fields)]
    if len(found) == 1:
        message = f"Apply failed with 1 conflict: conflict with {found[0][0]}: {found[0][1]}"
    else:
        owners: dict[str, list[str]] = {}
        for owner, path in found:
            owners.setdefault(owner, []).append(f"- {path}")
        lists = [f"conflicts with {owner}:\n" + "\n".join(paths) for owner, paths in sorted(owners.items())]
        message = f"Apply failed with {len(found)} conflicts: " + "\n".join(lists)
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {owner}", "field": path} for owner, path in found
    ]
    return ApiError.of("Conflict", message, {"causes": causes})


def _owner(entry: ManagedFieldsEntry) -> str:
    owner = json.dumps(entry["manager"])
    if entry.get("subresource"):
        owner += f" with subresource {json.dumps(entry['subresource'])}"
    if entry["operation"] == "Update":
        owner += f" using {entry['apiVersion']}"
    return owner
