"""What the controllers have in common that follow the store itself, and not the copies of an informer."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from ..clock import Clock
from ..types import Object
from ..watch_cache import Change
from .client import Client
from .randomness import Randomness
from .workqueue import Key, Work, WorkQueue

__all__ = ["StoreController", "key_of", "parts_of"]


def key_of(resource: str, metadata: Mapping[str, Any]) -> Key:
    """Return the key of an object of any kind.

    Args:
        resource: the resource's key, such as `pods`.
        metadata: the object's.
    """
    return f"{resource}/{metadata.get('namespace', '')}", metadata["name"]


def parts_of(key: Key) -> tuple[str, str, str]:
    """Return resource, namespace (empty for the cluster) and name of an object's key.

    Args:
        key: from `key_of`.
    """
    resource, _, namespace = key[0].rpartition("/")
    return resource, namespace, key[1]


class StoreController(ABC):
    """Queues keys when something changes in the store, and works on them.

    Args:
        client: sends the requests.
        clock: the time, and callbacks at a later time.
        randomness: how long requests take, and how late changes are noticed.
    """

    workers: ClassVar[int] = 5

    def __init__(self, client: Client, clock: Clock, randomness: Randomness) -> None:
        self._client = client
        self._store = client.store
        self._clock = clock
        self._randomness = randomness
        self._queue = WorkQueue(clock, randomness, self._sync, self.workers)

    def start(self) -> None:
        """Take what is in the store as added, then follow the changes."""
        for kind in self._store.kinds:
            for obj in self._store.list(kind.name):
                self._changed(Change("ADDED", kind.name, obj, None, self._store.revision))
        self._store.subscribe(self._changed)

    def _add(self, key: Key) -> None:
        """Queue a key for when the change is noticed."""
        self._queue.add_after(key, self._randomness.lag())

    def _get(self, key: Key) -> Object | None:
        resource, namespace, name = parts_of(key)
        return self._store.get(resource, namespace or None, name)

    @abstractmethod
    def _changed(self, change: Change) -> None:
        """Queue what a change concerns."""

    @abstractmethod
    def _sync(self, key: Key) -> Work:
        """Return the work on a key."""
