"""Schemas of the kinds: which fields there are, how lists merge, what counts as one value.

The built-in kinds' are Kubernetes 1.36's own OpenAPI definitions without their prose, one a line in schema.json
(Apache License 2.0; taken from the package kubernetes-validate 1.36.0, which ships them). Custom resources' are those
of their CustomResourceDefinition.
"""

import json
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from .kinds import Resource
from .types import Object

__all__ = ["ANY", "Schema", "definitions", "schema_of"]

# Defaults of fields that are part of a list's key (ports): an item is identified by its defaulted key
KEY_DEFAULTS = {"protocol": "TCP"}

Definitions = dict[str, Object]


@lru_cache(maxsize=1)
def definitions() -> Definitions:
    """Return the OpenAPI definitions of the built-in kinds, by name."""
    text = resources.files("chaosimagecorrupt.simulator").joinpath("schema.json").read_text("utf-8")
    loaded: Definitions = json.loads(text)
    return loaded


class Schema:
    """One node of a schema, with its references resolved on demand.

    Args:
        raw: the OpenAPI schema.
        known: the definitions that its references lead to.
    """

    def __init__(self, raw: Object, known: Definitions) -> None:
        self._raw = raw
        self._known = known
        self._fields: dict[str, Schema | None] = {}

    def field(self, name: str) -> "Schema | None":
        """Return the schema of a member, `None` when the schema knows none of this name.

        Args:
            name: the member's name.
        """
        if name not in self._fields:
            raw = self._raw.get("properties", {}).get(name)
            self._fields[name] = self._child(raw) if raw is not None else self.values
        return self._fields[name]

    @cached_property
    def values(self) -> "Schema | None":
        """Return the schema of members that are not named one by one, `None` when there can be none."""
        raw = self._raw.get("additionalProperties")
        if isinstance(raw, dict):
            return self._child(raw)
        return ANY if raw is True or self.open else None

    @cached_property
    def items(self) -> "Schema":
        """Return the schema of a list's items."""
        raw = self._raw.get("items")
        return self._child(raw) if isinstance(raw, dict) else ANY

    @cached_property
    def open(self) -> bool:
        """Return whether members that the schema does not know are kept."""
        if self._raw.get("x-kubernetes-preserve-unknown-fields"):
            return True
        return not {"properties", "additionalProperties", "items"} & self._raw.keys() and self.type in (
            "object",
            "",
        )

    @property
    def type(self) -> str:
        """Return the JSON type, empty when any will do."""
        return "" if self._raw.get("x-kubernetes-int-or-string") else self._raw.get("type", "")

    @property
    def properties(self) -> Object:
        """Return the members that are named one by one, as raw schemas."""
        found: Object = self._raw.get("properties", {})
        return found

    @property
    def raw(self) -> Object:
        """Return the OpenAPI schema itself."""
        return self._raw

    @property
    def atomic(self) -> bool:
        """Return whether a map or list has one owner as a whole (lists without a list type do)."""
        if self.type == "array":
            return self.list_type == "atomic"
        return self._raw.get("x-kubernetes-map-type") == "atomic"

    @property
    def list_type(self) -> str:
        """Return `atomic`, `set` or `map`."""
        found: str = self._raw.get("x-kubernetes-list-type", "atomic")
        return found

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the members that identify an item of a list of type `map`."""
        return tuple(self._raw.get("x-kubernetes-list-map-keys", ()))

    @property
    def merge_key(self) -> str:
        """Return the member by which a strategic merge patch matches items, empty for lists of scalars."""
        found: str = self._raw.get("x-kubernetes-patch-merge-key", "")
        return found

    @cached_property
    def patch_strategies(self) -> frozenset[str]:
        """Return what a strategic merge patch does here: of `merge`, `replace` and `retainKeys`."""
        return frozenset(filter(None, self._raw.get("x-kubernetes-patch-strategy", "").split(",")))

    def item_key(self, item: Any) -> tuple[tuple[str, Any], ...]:
        """Return what identifies an item of a list of type `map`.

        Args:
            item: the item.
        """
        members = item if isinstance(item, dict) else {}
        return tuple((key, members.get(key, KEY_DEFAULTS.get(key))) for key in sorted(self.keys))

    def _child(self, raw: Object) -> "Schema":
        if "$ref" not in raw:
            return Schema(raw, self._known)
        return _referred(raw["$ref"].rsplit("/", 1)[1])


# Anything at all: unknown members are kept, a list has one owner as a whole
ANY = Schema({}, {})


@cache
def _referred(name: str) -> Schema:
    return Schema(definitions()[name], definitions())


@cache
def _builtin() -> dict[tuple[str, str], str]:
    found = {}
    for name, raw in definitions().items():
        for served in raw.get("x-kubernetes-group-version-kind", ()):
            found[served["group"], served["kind"]] = name
    return found


_CUSTOM_ROOT = {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
}


@lru_cache(maxsize=256)
def _custom(text: str) -> Schema:
    raw = json.loads(text)
    raw["properties"] = {**raw.get("properties", {}), **_CUSTOM_ROOT}
    return Schema(raw, definitions())


def schema_of(resource: Resource) -> Schema:
    """Return the schema of a resource's objects.

    Args:
        resource: the resource.
    """
    if resource.schema is None:
        return _referred(_builtin()[resource.group, resource.kind])
    return _custom(json.dumps(resource.schema, sort_keys=True))
