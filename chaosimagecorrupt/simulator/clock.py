"""The time that everything in the simulator goes by: driven by a test, or an event loop's own."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Callable
from typing import Protocol

__all__ = ["Clock", "LoopClock", "ManualClock", "Timer"]


class Timer(Protocol):
    """A callback that is due at some time."""

    def cancel(self) -> None:
        """Do not call back; nothing happens when that was done already."""


class Clock(Protocol):
    """Tells the time and calls back at one."""

    def now(self) -> float:
        """Return seconds since 1970."""

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back once.

        Args:
            when: Seconds since 1970; a time that is past means as soon as possible, never at once.
            callback: Takes nothing.
        """


class _Due:
    """One entry of a manual clock."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class ManualClock:
    """A clock that stands still until it is told to go on, so that ten minutes take no time at all."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        """Start the clock.

        Args:
            start: The time that it shows first, in seconds since 1970.
        """
        self._now = start
        self._queue: list[tuple[float, int, _Due]] = []
        self._count = 0

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._now

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back when the clock has been advanced so far; callbacks of one time go in the order of asking.

        Args:
            when: Seconds since 1970; a time that is past means the next advance.
            callback: Takes nothing.
        """
        due = _Due(callback)
        self._count += 1
        heapq.heappush(self._queue, (max(when, self._now), self._count, due))
        return due

    def advance(self, seconds: float) -> None:
        """Let time go by, running what falls due in order, each callback at its own time.

        Args:
            seconds: How long; 0 runs what is due now.
        """
        self.advance_to(self._now + seconds)

    def advance_to(self, when: float) -> None:
        """Let time go by until a moment; nothing happens when it is past.

        Args:
            when: Seconds since 1970.
        """
        while self._queue and self._queue[0][0] <= when:
            self._now, _, due = heapq.heappop(self._queue)
            callback, due.callback = due.callback, None
            if callback is not None:
                callback()
        self._now = max(self._now, when)


class LoopClock:
    """The time of an asyncio loop, as seconds since 1970; steps of the machine's clock do not show."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Go by a loop.

        Args:
            loop: The loop that calls back; :meth:`call_at` is for its thread only.
        """
        self._loop = loop
        self._epoch = time.time() - loop.time()

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._epoch + self._loop.time()

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back in the loop.

        Args:
            when: Seconds since 1970; a time that is past means the loop's next round.
            callback: Takes nothing.
        """
        return self._loop.call_at(when - self._epoch, callback)
