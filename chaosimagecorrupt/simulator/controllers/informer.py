"""Local copies of objects that a watch keeps up to date, with an index by owner (client-go: informers)."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from ..clock import Clock
from ..store import Store
from ..types import Object
from ..watch_cache import Change
from .randomness import Randomness

__all__ = ["Handler", "Informer", "controller_of"]

# Is called with a change: the object before, `None` when new; and after, `None` when gone
Handler = Callable[[Object | None, Object | None], None]


def controller_of(obj: Object) -> Object | None:
    """Return the owner reference of the object's controller, or `None`.

    Args:
        obj: the object.
    """
    for reference in obj["metadata"].get("ownerReferences", ()):
        if reference.get("controller"):
            return dict(reference)
    return None


class Informer:
    """Copies of the store's objects of some resources, a few milliseconds behind.

    Args:
        store: the objects to watch.
        clock: the time, and callbacks at a later time.
        randomness: how far the copies lag.
        resources: keys of the resources, such as `pods`.
    """

    def __init__(self, store: Store, clock: Clock, randomness: Randomness, resources: Iterable[str]) -> None:
        self._store = store
        self._clock = clock
        self._randomness = randomness
        self._objects: dict[str, dict[tuple[str, str], Object]] = {resource: {} for resource in resources}
        self._owned: dict[str, dict[str, dict[tuple[str, str], Object]]] = {
            resource: defaultdict(dict) for resource in self._objects
        }
        self._handlers: dict[str, list[Handler]] = defaultdict(list)
        self._coming: deque[tuple[float, Change]] = deque()

    def start(self) -> None:
        """Copy what is in the store, then watch."""
        for resource in self._objects:
            for obj in self._store.list(resource):
                self._deliver(Change("ADDED", resource, obj, None, self._store.revision))
        self._store.subscribe(self._changed)

    def on(self, resource: str, handler: Handler) -> None:
        """Call a handler for each change, once it has arrived.

        Args:
            resource: the resource's key.
            handler: takes the object before and after.
        """
        self._handlers[resource].append(handler)

    def get(self, resource: str, namespace: str, name: str) -> Object | None:
        """Return the newest copy of an object, or `None`.

        Args:
            resource: the resource's key.
            namespace: its namespace, empty for objects without a namespace.
            name: its name.
        """
        return self._objects[resource].get((namespace, name))

    def list(self, resource: str, namespace: str) -> Iterator[Object]:
        """Yield the objects of a namespace, in the order in which they arrived first.

        Args:
            resource: the resource's key.
            namespace: the namespace.
        """
        return (obj for key, obj in tuple(self._objects[resource].items()) if key[0] == namespace)

    def all(self, resource: str) -> Iterator[Object]:
        """Yield the objects of all namespaces, in the order in which they arrived first.

        Args:
            resource: the resource's key.
        """
        return iter(tuple(self._objects[resource].values()))

    def owned(self, resource: str, uid: str) -> Sequence[Object]:
        """Return the objects that an owner controls, in the order in which they arrived first.

        Args:
            resource: the resource's key.
            uid: the owner's uid; empty for the objects without a controller.
        """
        return tuple(self._owned[resource].get(uid, {}).values())

    def _changed(self, change: Change) -> None:
        if change.resource not in self._objects:
            return
        due = self._clock.now() + self._randomness.lag()
        if self._coming:
            due = max(due, self._coming[-1][0])
        self._coming.append((due, change))
        if len(self._coming) == 1:
            self._clock.call_at(due, self._arrive)

    def _arrive(self) -> None:
        while self._coming and self._coming[0][0] <= self._clock.now():
            self._deliver(self._coming[0][1])
            self._coming.popleft()
        if self._coming:
            self._clock.call_at(self._coming[0][0], self._arrive)

    def _deliver(self, change: Change) -> None:
        metadata = change.object["metadata"]
        key = (metadata.get("namespace", ""), metadata["name"])
        objects, owned = self._objects[change.resource], self._owned[change.resource]
        old = objects.pop(key, None) if change.type == "DELETED" else objects.get(key)
        if old is not None:
            self._disown(owned, old, key, keep=change.object if change.type != "DELETED" else None)
        new = None
        if change.type != "DELETED":
            new = objects[key] = change.object
            owned[_owner(new)][key] = new
        for handler in self._handlers[change.resource]:
            handler(old, new)

    @staticmethod
    def _disown(
        owned: dict[str, dict[tuple[str, str], Object]], old: Object, key: tuple[str, str], keep: Object | None
    ) -> None:
        owner = _owner(old)
        if keep is not None and _owner(keep) == owner:
            return
        owned[owner].pop(key, None)
        if not owned[owner]:
            del owned[owner]


def _owner(obj: Object) -> str:
    reference = controller_of(obj)
    return reference["uid"] if reference else ""
