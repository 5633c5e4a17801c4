"""Which guards of one process work at the same time: a few, and those that restore before those that clean up."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Turns"]


class Turns:
    """Lets a few threads work at the same time; a clean-up begins only when no restore waits for its turn.

    Args:
        at_once: how many work at the same time, at most.

    Attributes:
        waiting: how many wait for their turn.
    """

    def __init__(self, at_once: int) -> None:
        self._free, self._restores, self.waiting = at_once, 0, 0
        self._changed = threading.Condition()

    @contextmanager
    def to_restore(self) -> Iterator[None]:
        """Hold a turn; waits for a free one."""
        with self._changed:
            self._restores += 1
            self._take(lambda: self._free > 0)
            self._restores -= 1
        with self._given_back():
            yield

    @contextmanager
    def to_clean_up(self) -> Iterator[None]:
        """Hold a turn; waits for a free one that no restore waits for."""
        with self._changed:
            self._take(lambda: self._free > self._restores)
        with self._given_back():
            yield

    def _take(self, is_free: Callable[[], bool]) -> None:
        self.waiting += 1
        self._changed.wait_for(is_free)
        self.waiting -= 1
        self._free -= 1

    @contextmanager
    def _given_back(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()
