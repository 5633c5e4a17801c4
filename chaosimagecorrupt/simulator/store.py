"""Objects, their versions and the log of changes: what etcd and the watch cache are to a real API server.

No semantics of the API live here apart from those that hold for every writer, controllers included: versions,
generations, identities, ownership of fields and the removal of an object whose last finalizer went.
"""

import random
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Literal

from .indexed_objects import IndexedObjects
from .kinds import Kinds, Resource
from .lifecycle import generation_moves, is_over
from .managed_fields import track
from .selector import EVERYTHING, Selector
from .timestamps import timestamp
from .types import Object
from .watch_cache import Change, WatchCache

__all__ = ["NAME_CHARACTERS", "AlreadyExists", "Store"]

Key = tuple[str, str]

# The first version: as on a cluster that has run for a while, version 1 is long past
FIRST_REVISION = 1000

# What generated names end in (k8s.io/apimachinery/pkg/util/rand)
NAME_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789"


class AlreadyExists(Exception):
    """An object of this name is there already."""


class Store:
    """Objects by resource, namespace and name.

    Stored objects are immutable by convention: `get` and `list` return the stored dict itself;
    to change one, copy it and pass the copy to `update`.

    Args:
        now: returns the time, in seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.revision = FIRST_REVISION
        self.kinds = Kinds()
        self._now = now
        self._objects: dict[str, IndexedObjects] = defaultdict(IndexedObjects)
        self._log = WatchCache(FIRST_REVISION)
        self._subscribers: list[Callable[[Change], None]] = []
        self._pending: deque[Change] = deque()
        self._publishing = False
        self._random = random.Random()

    def get(self, resource: str, namespace: str | None, name: str) -> Object | None:
        """Return an object, or `None`.

        Args:
            resource: the resource's key, such as `deployments.apps`.
            namespace: its namespace, `None` for objects without a namespace.
            name: its name.
        """
        return self._objects[resource].get(namespace or "", name)

    def list(self, resource: str, namespace: str | None = None, selector: Selector = EVERYTHING) -> list[Object]:
        """Return objects in the order of namespace and name.

        Args:
            resource: the resource's key.
            namespace: only those of one namespace; `None` for all.
            selector: only those that it matches.
        """
        return self._objects[resource].list(namespace, selector)

    def create(self, resource: str, obj: Object, *, manager: str | None = None, dry_run: bool = False) -> Object:
        """Store a new object and return it as stored.

        Sets uid, creationTimestamp, resourceVersion, generation 1 where the kind has one, and a name after
        `generateName`.

        Args:
            resource: the resource's key.
            obj: the object; not changed.
            manager: the field manager that owns its fields; `None` leaves `managedFields` as given.
            dry_run: whether to store nothing.

        Raises:
            AlreadyExists: an object of this name is there.
        """
        kind = self.kinds.named(resource)
        metadata = {"name": None, **obj.get("metadata", {})}
        if not metadata["name"]:
            metadata["name"] = metadata["generateName"] + "".join(self._random.choices(NAME_CHARACTERS, k=5))
        key = (metadata.get("namespace", ""), metadata["name"])
        if self._objects[resource].get(*key) is not None:
            raise AlreadyExists(f"{resource} {metadata['name']!r} already exists")
        metadata["uid"] = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        metadata["creationTimestamp"] = self.time()
        if kind.generation != "none":
            metadata["generation"] = 1
        new = {"kind": kind.kind, "apiVersion": kind.api_version, **obj, "metadata": metadata}
        self._own(kind, None, new, manager, None)
        return new if dry_run else self._put("ADDED", kind, key, new, None)

    def update(
        self,
        resource: str,
        obj: Object,
        *,
        manager: str | None = None,
        subresource: str | None = None,
        dry_run: bool = False,
    ) -> Object:
        """Store a new state of an object and return it as stored.

        Nothing happens, and the stored object is returned, when nothing changed. The generation moves as the
        kind says, never through `status`. An object that is being deleted and has neither finalizers nor a
        grace period left is removed.

        Args:
            resource: the resource's key.
            obj: the whole new object; not changed.
            manager: the field manager that owns what changed; `None` leaves `managedFields` as given.
            subresource: the subresource that the write came through.
            dry_run: whether to store nothing.

        Raises:
            KeyError: the object is not there any more.
        """
        kind = self.kinds.named(resource)
        metadata = {name: value for name, value in obj["metadata"].items() if value not in ([], {})}
        key = (metadata.get("namespace", ""), metadata["name"])
        old = self._stored(resource, key)
        metadata["resourceVersion"] = old["metadata"]["resourceVersion"]
        new = {**obj, "metadata": metadata}
        if kind.generation != "none":
            moved = subresource != "status" and generation_moves(kind, old, new)
            metadata["generation"] = old["metadata"].get("generation", 1) + moved
        if new == old:
            return old
        self._own(kind, old, new, manager, subresource)
        if dry_run:
            return new
        if is_over(new):
            return self._remove(kind, key, new)
        return self._put("MODIFIED", kind, key, new, old)

    def delete(self, resource: str, namespace: str | None, name: str) -> Object:
        """Remove an object at once and return its last state.

        Args:
            resource: the resource's key.
            namespace: its namespace, `None` for objects without a namespace.
            name: its name.

        Raises:
            KeyError: there is no such object.
        """
        key = (namespace or "", name)
        return self._remove(self.kinds.named(resource), key, self._stored(resource, key))

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back after each change, in the order of the changes, even when a callback makes some itself.

        Args:
            callback: takes the change.

        Returns:
            A function that ends the subscription.
        """
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback) if callback in self._subscribers else None

    def changes_since(self, resource: str, revision: int) -> Sequence[Change]:
        """Return the changes of a resource that came after a version, oldest first.

        Args:
            resource: the resource's key.
            revision: the version that is known already.

        Raises:
            Expired: the log does not reach back so far.
        """
        return self._log.since(resource, revision)

    def time(self) -> str:
        """Return the time as the API writes it."""
        return timestamp(self._now())

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return self._now()

    def oldest(self, resource: str) -> int:
        """Return the oldest version from which a resource can still be watched.

        Args:
            resource: the resource's key.
        """
        return self._log.oldest(resource)

    def expire(self) -> None:
        """Forget all past changes, as a compaction of etcd does."""
        self._log.expire(self.revision)

    def _stored(self, resource: str, key: Key) -> Object:
        found = self._objects[resource].get(*key)
        if found is None:
            raise KeyError(key)
        return found

    def _own(
        self, kind: Resource, old: Object | None, new: Object, manager: str | None, subresource: str | None
    ) -> None:
        if manager is not None:
            fields = track(kind, old, new, manager, subresource, self.time())
            new["metadata"]["managedFields"] = fields
        if not new["metadata"].get("managedFields"):
            new["metadata"].pop("managedFields", None)

    def _put(
        self, type: Literal["ADDED", "MODIFIED"], kind: Resource, key: Key, new: Object, old: Object | None
    ) -> Object:
        self.revision += 1
        new["metadata"]["resourceVersion"] = str(self.revision)
        self._objects[kind.name].put(*key, new)
        self._publish(Change(type, kind.name, new, old, self.revision))
        return new

    def _remove(self, kind: Resource, key: Key, last: Object) -> Object:
        self.revision += 1
        previous = self._objects[kind.name].pop(*key)
        gone = {**last, "metadata": {**last["metadata"], "resourceVersion": str(self.revision)}}
        self._publish(Change("DELETED", kind.name, gone, previous, self.revision))
        return gone

    def _publish(self, change: Change) -> None:
        self._log.append(change)
        self._pending.append(change)
        if self._publishing:  # made by a callback: the loop below delivers it, further up the stack
            return
        self._publishing = True
        try:
            while self._pending:
                delivered = self._pending.popleft()
                for callback in list(self._subscribers):
                    callback(delivered)
        finally:
            self._publishing = False
