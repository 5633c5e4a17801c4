"""Finds objects by a value without a look at the others (client-go: Indexer)."""

from collections.abc import Callable, Collection, Hashable, Set
from typing import Generic, TypeVar

from .types import Object

__all__ = ["Index"]

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT", bound=Hashable)


class Index(Generic[KeyT, ValueT]):
    """The keys of objects by the values that the objects have.

    Args:
        values_of: returns the values by which an object is found.
    """

    def __init__(self, values_of: Callable[[Object], Set[ValueT]]) -> None:
        self._values_of = values_of
        self._keys: dict[ValueT, dict[KeyT, None]] = {}

    def change(self, key: KeyT, old: Object | None, new: Object | None) -> None:
        """Take a change of an object.

        Args:
            key: the object's key.
            old: the object before; `None` when it is new.
            new: the object after; `None` when it is gone.
        """
        before = set[ValueT]() if old is None else self._values_of(old)
        after = set[ValueT]() if new is None else self._values_of(new)
        for value in before - after:
            keys = self._keys[value]
            del keys[key]
            if not keys:
                del self._keys[value]
        for value in after - before:
            self._keys.setdefault(value, {})[key] = None

    def keys(self, value: ValueT) -> Collection[KeyT]:
        """Return the keys of the objects that have a value, in the order in which they got it.

        Args:
            value: the value.
        """
        return self._keys.get(value, {}).keys()
