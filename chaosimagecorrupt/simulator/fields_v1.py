"""Sets of fields in the form in which `managedFields` holds them (FieldsV1), and values compared as such sets.

A set is a tree: `{"f:spec": {"f:replicas": {}}}` holds the one field `spec.replicas`. A member that has
members below it carries `".": {}`. Follows sigs.k8s.io/structured-merge-diff, fieldpath and typed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .schema import ANY, Schema
from .types import Object

__all__ = [
    "Comparison",
    "Fields",
    "Path",
    "compare",
    "difference",
    "fields_of",
    "intersection",
    "items_by_element",
    "members",
    "union",
]

Fields = dict[str, Any]
Path = tuple[str, ...]


def members(fields: Fields, above: Path = ()) -> Iterator[Path]:
    """Yield the paths that a set holds.

    Args:
        fields: the set.
        above: the path of the tree's root.
    """
    for element, below in fields.items():
        if element == ".":
            yield above
        elif below:
            yield from members(below, (*above, element))
        else:
            yield (*above, element)


def _is_member(node: Fields) -> bool:
    return not node or "." in node


def _node(member: bool, below: dict[str, Fields | None]) -> Fields | None:
    """Return a tree's node, `None` when it would hold nothing."""
    kept = {element: child for element, child in below.items() if child is not None}
    if not kept:
        return {} if member else None
    return {".": {}, **kept} if member else kept


def _below(node: Fields) -> Iterator[tuple[str, Fields]]:
    return ((element, child) for element, child in node.items() if element != ".")


def _union(one: Fields, other: Fields) -> Fields:
    below: dict[str, Fields | None] = dict(_below(one))
    for element, child in _below(other):
        mine = below.get(element)
        below[element] = child if mine is None else _union(mine, child)
    return _node(_is_member(one) or _is_member(other), below) or {}


def _difference(one: Fields, other: Fields) -> Fields | None:
    below = {
        element: _difference(child, other[element]) if element in other else child for element, child in _below(one)
    }
    return _node(_is_member(one) and not _is_member(other), below)


def _intersection(one: Fields, other: Fields) -> Fields | None:
    below = {element: _intersection(child, other[element]) for element, child in _below(one) if element in other}
    return _node(_is_member(one) and _is_member(other), below)


def union(one: Fields, other: Fields) -> Fields:
    """Return the paths that either set holds. Like the others here, it shares what it can and changes nothing.

    Args:
        one: one set.
        other: the other set.
    """
    if not one or not other:
        return one or other
    return _union(one, other)


def difference(one: Fields, other: Fields) -> Fields:
    """Return the paths that a set holds and another does not.

    Args:
        one: the set.
        other: the paths to leave out.
    """
    if not one or not other:
        return one
    return _difference(one, other) or {}


def intersection(one: Fields, other: Fields) -> Fields:
    """Return the paths that both sets hold.

    Args:
        one: one set.
        other: the other set.
    """
    if not one or not other:
        return {}
    return _intersection(one, other) or {}


def items_by_element(values: list[Any], schema: Schema) -> Object:
    """Return a list's items by their path element: `k:{"name":"app"}` or `v:"x"`.

    Args:
        values: the items.
        schema: the list's schema, of type `map` or `set`.
    """
    found = {}
    for item in values:
        if schema.list_type == "map":
            found["k:" + json.dumps(dict(schema.item_key(item)), separators=(",", ":"))] = item
        else:
            found["v:" + json.dumps(item, separators=(",", ":"))] = item
    return found


def _is_leaf(value: Any, schema: Schema) -> bool:
    """Return whether a value has one owner as a whole."""
    if not value or schema.atomic:
        return True
    return not isinstance(value, dict) and not (isinstance(value, list) and schema.list_type != "atomic")


def _children(value: Any, schema: Schema) -> dict[str, tuple[Any, Schema]]:
    """Return what is below a value that is no leaf, by path element."""
    if not value:
        return {}
    if isinstance(value, dict):
        return {"f:" + name: (child, schema.field(name) or ANY) for name, child in value.items()}
    return {element: (item, schema.items) for element, item in items_by_element(value, schema).items()}


def fields_of(value: Any, schema: Schema) -> Fields:
    """Return the fields that an applied configuration names (typed.ToFieldSet).

    Args:
        value: the configuration, or a part of it.
        schema: its schema.
    """
    found: Fields = {}
    children = {} if _is_leaf(value, schema) else _children(value, schema)
    for element, (child, below) in children.items():
        node = fields_of(child, below)
        if node and not (element[0] == "f" and element[2:] in schema.properties):
            node = {".": {}, **node}
        found[element] = node
    return found


@dataclass
class Comparison:
    """How two values differ.

    Attributes:
        added: the fields that only the new value has.
        modified: the fields that both have, with other values.
        removed: the fields that only the old value has.
    """

    added: Fields = field(default_factory=dict)
    modified: Fields = field(default_factory=dict)
    removed: Fields = field(default_factory=dict)


def _whole(value: Any, schema: Schema) -> Fields:
    """Return everything that a value brings with it when it appears or goes as a whole."""
    if _is_leaf(value, schema):
        return {}
    below = {element: _whole(*child) for element, child in _children(value, schema).items()}
    return {".": {}, **below}


def compare(old: Any, new: Any, schema: Schema) -> Comparison:
    """Compare two values field by field (typed.Compare).

    Args:
        old: the value before.
        new: the value after.
        schema: the schema of both.
    """
    return _compare(old, new, schema) or Comparison()


def _compare(old: Any, new: Any, schema: Schema) -> Comparison | None:
    """Return the differences below a value, `None` when the value itself is what was modified."""
    if old == new:
        return Comparison()
    if _is_modified_as_a_whole(old, new, schema):
        return None
    found = Comparison()
    old, new = _without_equal_members(old, new)
    left, right = _children(old, schema), _children(new, schema)
    for element in sorted(left.keys() | right.keys()):
        if element not in left:
            found.added[element] = _whole(*right[element])
        elif element not in right:
            found.removed[element] = _whole(*left[element])
        else:
            _add_below(found, element, _compare(left[element][0], *right[element]))
    return found


def _is_modified_as_a_whole(old: Any, new: Any, schema: Schema) -> bool:
    """Return whether two values that differ count as one modified field; an empty one has no fields of its own."""
    leaves = _is_leaf(old, schema), _is_leaf(new, schema)
    return all(leaves) or bool(old and new and any(leaves))


def _without_equal_members(old: Any, new: Any) -> tuple[Any, Any]:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return old, new
    same = {name for name in old.keys() & new.keys() if old[name] == new[name]}
    return (
        {name: child for name, child in old.items() if name not in same},
        {name: child for name, child in new.items() if name not in same},
    )


def _add_below(found: Comparison, element: str, below: Comparison | None) -> None:
    if below is None:
        found.modified[element] = {}
        return
    for target, node in (
        (found.added, below.added),
        (found.modified, below.modified),
        (found.removed, below.removed),
    ):
        if node:
            target[element] = node
