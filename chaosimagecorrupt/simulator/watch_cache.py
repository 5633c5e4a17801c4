"""The newest changes of each resource, for watches that start at an older version (the API server's watch cache)."""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .types import Object

__all__ = ["LOG_LENGTH", "Change", "Expired", "WatchCache"]

# How many changes of one resource are kept
LOG_LENGTH = 20_000


class Expired(Exception):
    """The log of changes does not reach back to the version that was asked for."""


@dataclass(frozen=True)
class Change:
    """One change of one object.

    Attributes:
        type: what happened.
        resource: the resource's key, such as `pods`.
        object: the object after the change; when deleted, its last state with the version of the deletion.
        previous: the object before the change.
        revision: the version that the change made.
    """

    type: Literal["ADDED", "MODIFIED", "DELETED"]
    resource: str
    object: Object
    previous: Object | None
    revision: int


class WatchCache:
    """The newest changes of each resource.

    Args:
        revision: the version at which the log begins.
    """

    def __init__(self, revision: int) -> None:
        self._changes: dict[str, deque[Change]] = defaultdict(lambda: deque(maxlen=LOG_LENGTH))
        self._oldest: dict[str, int] = {}
        self._cut = revision

    def append(self, change: Change) -> None:
        """Add a change; when there are too many, the oldest of its resource is dropped.

        Args:
            change: the change.
        """
        changes = self._changes[change.resource]
        if len(changes) == LOG_LENGTH:
            self._oldest[change.resource] = changes[0].revision
        changes.append(change)

    def since(self, resource: str, revision: int) -> Sequence[Change]:
        """Return the changes of a resource that came after a version, oldest first.

        Args:
            resource: the resource's key.
            revision: the version that is known already.

        Raises:
            Expired: the log does not reach back so far.
        """
        oldest = self.oldest(resource)
        if revision < oldest:
            raise Expired(f"too old resource version: {revision} ({oldest})")
        return [change for change in self._changes[resource] if change.revision > revision]

    def oldest(self, resource: str) -> int:
        """Return the oldest version from which a resource can still be watched.

        Args:
            resource: the resource's key.
        """
        return max(self._cut, self._oldest.get(resource, 0))

    def expire(self, revision: int) -> None:
        """Forget all changes.

        Args:
            revision: the newest version.
        """
        self._cut = revision
        self._changes.clear()
