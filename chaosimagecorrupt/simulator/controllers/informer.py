"""Local copies of objects that a watch keeps up to date, indexed by namespace and owner (client-go: informers)."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from ..clock import Clock
from ..index import Index
from ..store import Store
from ..types import Object
from ..watch_cache import Change
from .randomness import Randomness

__all__ = ["Handler", "Informer", "controller_of"]

_Key = tuple[str, str]

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
        self._objects: dict[str, dict[_Key, Object]] = {resource: {} for resource in resources}
        self._index = {resource: Index[_Key, tuple[str, str]](_found_by) for resource in self._objects}
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

    def list(self, resource: str, namespace: str) -> Sequence[Object]:
        """Return the objects of a namespace, in the order in which they arrived first.

        Args:
            resource: the resource's key.
            namespace: the namespace.
        """
        return self._having(resource, ("namespace", namespace))

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
        return self._having(resource, ("owner", uid))

    def _having(self, resource: str, value: tuple[str, str]) -> Sequence[Object]:
        return tuple(self._objects[resource][key] for key in self._index[resource].keys(value))

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
        objects = self._objects[change.resource]
        old, new = objects.get(key), None if change.type == "DELETED" else change.object
        if new is not None:
            objects[key] = new
        elif old is not None:
            del objects[key]
        self._index[change.resource].change(key, old, new)
        for handler in self._handlers[change.resource]:
            handler(old, new)


def _found_by(obj: Object) -> set[tuple[str, str]]:
    reference = controller_of(obj)
    return {("namespace", obj["metadata"].get("namespace", "")), ("owner", reference["uid"] if reference else "")}
