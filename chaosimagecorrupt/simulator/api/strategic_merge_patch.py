"""Strategic merge patch (k8s.io/apimachinery/pkg/util/strategicpatch, StrategicMergePatch)."""

from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from ..schema import ANY, Schema
from ..types import Object
from .errors import bad_request

__all__ = ["strategic_merge_patch"]

DIRECTIVE = "$patch"
RETAIN_KEYS = "$retainKeys"
ELEMENT_ORDER = "$setElementOrder/"
DELETE_PRIMITIVE = "$deleteFromPrimitiveList/"


def strategic_merge_patch(original: Object, patch: Object, schema: Schema) -> Object:
    """Return an object with a strategic merge patch applied.

    Args:
        original: the object; not changed.
        patch: the patch; not changed.
        schema: the object's schema, which says which lists merge and by what.

    Raises:
        ApiError: 400 when the patch is malformed.
    """
    if not isinstance(patch, dict):
        raise bad_request("error decoding patch: a strategic merge patch is an object")
    return _merge_map(original, patch, schema)


def _merge_map(original: Object, patch: Object, schema: Schema) -> Object:
    directive = patch.get(DIRECTIVE)
    if directive == "replace":
        return {name: value for name, value in patch.items() if name != DIRECTIVE}
    if directive == "delete":
        return {}
    if directive not in (None, "merge"):
        raise bad_request(f"Unknown patch type found: {directive}")
    merged = _retained(original, patch)
    for name, value in patch.items():
        _merge_member(merged, name, value, schema)
    for name, order in patch.items():
        if name.startswith(ELEMENT_ORDER):
            _order(merged, original, name[len(ELEMENT_ORDER) :], order, schema)
    return merged


def _merge_member(merged: Object, name: str, value: Any, schema: Schema) -> None:
    """Carry out one member of a patch; those that are about the whole object are left out."""
    if name in (DIRECTIVE, RETAIN_KEYS) or name.startswith(ELEMENT_ORDER):
        return
    if name.startswith(DELETE_PRIMITIVE):
        _delete_primitives(merged, name[len(DELETE_PRIMITIVE) :], value)
    elif value is None:
        merged.pop(name, None)
    else:
        merged[name] = _merge_value(merged.get(name), value, schema.field(name) or ANY)


def _retained(original: Object, patch: Object) -> Object:
    retain = patch.get(RETAIN_KEYS)
    if retain is None:
        return dict(original)
    surplus = [name for name in patch if not name.startswith("$") and name not in retain and patch[name] is not None]
    if surplus:
        raise bad_request("The following keys are present in the patch but not in the retainKeys list: " + surplus[0])
    return {name: value for name, value in original.items() if name in retain}


def _delete_primitives(merged: Object, name: str, gone: Any) -> None:
    if isinstance(merged.get(name), list):
        merged[name] = [item for item in merged[name] if item not in gone]


def _merge_value(original: Any, patch: Any, schema: Schema) -> Any:
    if type(original) is not type(patch):
        return _without_directives(patch, schema)
    if isinstance(patch, dict):
        if "replace" in schema.patch_strategies:
            return _without_directives(patch, schema)
        return _merge_map(original, patch, schema)
    if isinstance(patch, list) and "merge" in schema.patch_strategies:
        return _merge_list(original, patch, schema)
    return patch


def _without_directives(patch: Any, schema: Schema) -> Any:
    """Return what a patch leaves where there was nothing before."""
    if isinstance(patch, dict):
        return _merge_map({}, patch, schema)
    if isinstance(patch, list) and patch and isinstance(patch[0], dict) and "merge" in schema.patch_strategies:
        return _merge_list([], patch, schema)
    return patch


def _identity(item: Any, key: str) -> Hashable:
    """Return what matches items of two lists: their merge key's value, or themselves."""
    if not key:
        return repr(item)
    if not isinstance(item, dict) or item.get(key) is None:
        raise bad_request(f"map: {item} does not contain declared merge key: {key}")
    return repr(item[key])


def _merge_list(original: list[Any], patch: list[Any], schema: Schema) -> list[Any]:
    key = schema.merge_key
    if not key:
        merged = list({_identity(item, ""): item for item in [*original, *patch]}.values())
        return _ordered(merged, patch, original, "")
    original, patch = _special_items(original, patch, key)
    found = {_identity(item, key): item for item in original}
    for item in patch:
        identity = _identity(item, key)
        found[identity] = _merge_map(found.get(identity, {}), item, schema.items)
    return _ordered(list(found.values()), patch, original, key)


def _special_items(original: list[Any], patch: list[Any], key: str) -> tuple[list[Any], list[Any]]:
    """Carry out the items of a list's patch that are directives; return both lists without what they end."""
    plain = []
    replace = False
    gone = set()
    for item in patch:
        directive = item.get(DIRECTIVE) if isinstance(item, dict) else None
        if directive is None:
            plain.append(item)
        elif directive == "delete":
            gone.add(_identity(item, key))
        elif directive == "replace":
            replace = True
        elif directive == "merge":
            raise bad_request("merging lists with a $patch: merge item is not supported")
        else:
            raise bad_request(f"Unknown patch type found: {directive}")
    if replace:
        return [], plain
    return [item for item in original if _identity(item, key) not in gone], plain


def _order(merged: Object, original: Object, name: str, order: Any, schema: Schema) -> None:
    """Carry out `$setElementOrder`: the named items in that order, others where they were."""
    if isinstance(merged.get(name), list):
        key = (schema.field(name) or ANY).merge_key
        merged[name] = _ordered(merged[name], order, original.get(name) or [], key)


def _ordered(merged: list[Any], patched: list[Any], before: list[Any], key: str) -> list[Any]:
    """Return a merged list in its order: that of the patch, into which the other items are woven."""
    patch_order = [_identity(item, key) for item in patched]
    server_order = [_identity(item, key) for item in before]
    items = {_identity(item, key): item for item in merged}
    right = [identity for identity in dict.fromkeys(patch_order) if identity in items]
    named = set(right)
    left = sorted((i for i in items if i not in named), key=lambda i: _place(server_order, i))
    return [items[identity] for identity in _woven(left, right, server_order)]


def _woven(left: Sequence[Hashable], right: Sequence[Hashable], order: list[Hashable]) -> Iterator[Hashable]:
    """Yield the items of two lists: one of the left goes before the first of the right that it preceded before.

    Source: strategicpatch.mergeSortedSlice.
    """
    unnamed = deque(left)
    for identity in right:
        while unnamed and _precedes(order, unnamed[0], identity):
            yield unnamed.popleft()
        yield identity
    yield from unnamed


def _place(order: list[Hashable], identity: Hashable) -> int:
    return order.index(identity) if identity in order else len(order)


def _precedes(order: list[Hashable], one: Hashable, other: Hashable) -> bool:
    return one in order and other in order and order.index(one) < order.index(other)
