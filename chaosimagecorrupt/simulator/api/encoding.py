"""Objects as JSON, encoded once for each version: a list of 5,000 pods mostly joins bytes that exist already."""

from collections.abc import Iterable

from ..kinds import Resource
from ..store import Store
from ..types import Object
from ..watch_cache import Change
from .conversion import as_served
from .request import encode

__all__ = ["Encodings"]


class Encodings:
    """The JSON of stored objects.

    Args:
        store: the objects; encodings of versions that it replaces are forgotten.
    """

    def __init__(self, store: Store) -> None:
        self._known: dict[tuple[str, str], bytes] = {}
        store.subscribe(self._forget)

    def _forget(self, change: Change) -> None:
        if change.previous is not None:
            metadata = change.previous["metadata"]
            self._known.pop((metadata["uid"], metadata["resourceVersion"]), None)

    def _content(self, resource: Resource, obj: Object) -> bytes:
        """Return an object's members except `kind` and `apiVersion`, without the opening brace."""
        if resource.stored_as:
            return _members(as_served(resource, obj))
        metadata = obj["metadata"]
        version = (metadata["uid"], metadata["resourceVersion"])
        known = self._known.get(version)
        if known is None:
            known = self._known[version] = _members(obj)
        return known

    def object(self, resource: Resource, obj: Object) -> bytes:
        """Return a stored object's JSON.

        Args:
            resource: what it is.
            obj: the object as stored.
        """
        return _start(resource) + self._content(resource, obj)

    def list(self, resource: Resource, metadata: Object, objects: Iterable[Object]) -> bytes:
        """Return a list's JSON. Items of built-in kinds do not say what they are, custom resources do.

        Args:
            resource: what the objects are.
            metadata: the list's metadata.
            objects: the objects as stored.
        """
        start = _start(resource) if resource.custom else b"{"
        head = {"kind": resource.kind + "List", "apiVersion": resource.api_version, "metadata": metadata}
        items = b",".join(start + self._content(resource, obj) for obj in objects)
        return encode(head)[:-1] + b',"items":[' + items + b"]}"


def _members(obj: Object) -> bytes:
    return encode({name: value for name, value in obj.items() if name not in ("kind", "apiVersion")})[1:]


def _start(resource: Resource) -> bytes:
    return encode({"kind": resource.kind, "apiVersion": resource.api_version})[:-1] + b","
