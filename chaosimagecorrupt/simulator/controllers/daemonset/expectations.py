"""The creations and deletions that a controller waits to see (pkg/controller/controller_utils.go: expectations)."""

__all__ = ["Expectations"]


class Expectations:
    """How many creations and deletions of Pods have not been seen yet, by owner."""

    def __init__(self) -> None:
        self._missing: dict[str, tuple[int, int]] = {}

    def expect(self, uid: str, creations: int, deletions: int) -> None:
        """Expect so many creations and deletions, and forget what was expected before.

        Args:
            uid: the owner's uid.
            creations: how many Pods are about to be created.
            deletions: how many are about to be deleted.
        """
        self._missing[uid] = (creations, deletions)

    def observe(self, uid: str, creations: int = 0, deletions: int = 0) -> None:
        """Expect fewer, because so many were seen or will never be.

        Args:
            uid: the owner's uid.
            creations: how many creations.
            deletions: how many deletions.
        """
        if uid in self._missing:
            before = self._missing[uid]
            self._missing[uid] = (before[0] - creations, before[1] - deletions)

    def forget(self, uid: str) -> None:
        """Expect nothing of an owner any more.

        Args:
            uid: the owner's uid.
        """
        self._missing.pop(uid, None)

    def are_met(self, uid: str) -> bool:
        """Return whether nothing is missing; more than was expected may have been seen.

        Args:
            uid: the owner's uid.
        """
        return all(count <= 0 for count in self._missing.get(uid, (0, 0)))
