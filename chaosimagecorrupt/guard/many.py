"""All injections that one guard process guards: more may come, until it is about to end."""

import threading
import time
from collections.abc import Callable, Sequence

from .orders import Task
from .watch import InjectionGuard

__all__ = ["InjectionGuards"]


class InjectionGuards:
    """The guards of all injections, each with a thread of its own. Several threads may use it.

    Once it takes no more, it never does again. So a process that ends then leaves none that was taken, and open.

    Args:
        guard_of: returns the guard of an injection.
    """

    def __init__(self, guard_of: Callable[[Task], InjectionGuard]) -> None:
        self._guard_of = guard_of
        self._guards: dict[str, tuple[InjectionGuard, threading.Thread]] = {}
        self._changing = threading.Lock()
        self._closed = False

    def add(self, tasks: Sequence[Task]) -> bool:
        """Guard further injections.

        Args:
            tasks: all of them, or none, are taken.

        Returns:
            Whether they are guarded from now on.
        """
        guards = {task.entry.id: self._guard_of(task) for task in tasks}
        # daemons: a guard whose injections are undone ends although the injecting process still may report
        added = {i: (g, threading.Thread(target=g.run, daemon=True, name="guard")) for i, g in guards.items()}
        with self._changing:
            if self._closed:
                return False
            self._guards = {i: pair for i, pair in self._guards.items() if pair[1].is_alive()}
            for injection_id, pair in added.items():
                pair[1].start()
                self._guards[injection_id] = pair
            return True

    def close(self) -> None:
        """Take no more. Waits for nothing, because a signal's handler calls it, whatever it interrupts."""
        self._closed = True

    def find(self, injection_id: str) -> InjectionGuard | None:
        """Return the guard of an injection; None when it is not guarded, or no longer."""
        guard, _ = self._guards.get(injection_id, (None, None))
        return guard

    def injector_ended(self) -> None:
        """Tell all that the injecting process has ended."""
        for guard, _ in list(self._guards.values()):
            guard.injector_ended()

    def wait(self, seconds: float) -> bool:
        """Wait until one ends, but not for long; return whether any is left. If not, no more are taken."""
        with self._changing:
            left = [thread for _, thread in self._guards.values() if thread.is_alive()]
            if not left:
                self._closed = True
                return False
        left[0].join(seconds)
        return True

    def end(self, until: float) -> None:
        """Take no more, have all make one attempt, and log what is left of those that do not end in time.

        Args:
            until: by `time.monotonic`.
        """
        with self._changing:  # an addition that has begun is completed
            self._closed = True
            pairs = list(self._guards.values())
        for guard, _ in pairs:
            guard.ask_to_end()
        for _, thread in pairs:
            thread.join(max(0.0, until - time.monotonic()))
        for guard, thread in pairs:
            if thread.is_alive():
                guard.log_what_is_left()
