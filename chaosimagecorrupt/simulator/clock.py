"""The simulator's time: virtual time that is advanced explicitly, or the time of an event loop."""

import asyncio
import heapq
import time
from collections.abc import Callable, Iterator
from typing import Protocol

__all__ = ["Clock", "LoopClock", "ManualClock", "Timer"]


class Timer(Protocol):
    """A callback that is due at some time."""

    def cancel(self) -> None:
        """Do not call back; nothing happens when that was done already."""


class Clock(Protocol):
    """Returns the time, and calls back at a time."""

    def now(self) -> float:
        """Return seconds since 1970."""

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back once.

        Args:
            when: seconds since 1970; a time that is past means as soon as possible, never at once.
            callback: has no parameters.
        """

    def catch_up(self) -> None:
        """Run what has fallen due since the clock began, if it began in the past."""


class _Due:
    """One entry of a manual clock."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None

    def run(self) -> None:
        callback, self.callback = self.callback, None
        if callback is not None:
            callback()


class ManualClock:
    """A clock that stands still until it is advanced, so that ten minutes take no time.

    Args:
        start: the time at the start, in seconds since 1970.
    """

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start
        self._queue: list[tuple[float, int, _Due]] = []
        self._count = 0

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._now

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back at a time; callbacks of the same time run in the order in which they were registered.

        Args:
            when: seconds since 1970; a time that is past means the next advance.
            callback: has no parameters.
        """
        due = _Due(callback)
        self._count += 1
        heapq.heappush(self._queue, (max(when, self._now), self._count, due))
        return due

    def advance(self, seconds: float) -> None:
        """Advance the time, and run what falls due in order, each callback at its own time.

        Args:
            seconds: how long; 0 runs what is due now.
        """
        self.advance_to(self._now + seconds)

    def advance_to(self, when: float) -> None:
        """Advance the time to a moment; nothing happens when it is past.

        Args:
            when: seconds since 1970.
        """
        while self._queue and self._queue[0][0] <= when:
            self._now, _, due = heapq.heappop(self._queue)
            due.run()
        self._now = max(self._now, when)

    def catch_up(self) -> None:
        """Do nothing: this clock begins when it is made."""

    def drain(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """Yield what is still to come, and keep none of it.

        Yields:
            When it is due, in seconds since 1970, and what to call then; that does nothing once it is cancelled.
        """
        while self._queue:
            when, _, due = heapq.heappop(self._queue)
            yield when, due.run


# Seconds for which a cluster in real time has been running when it starts to serve
HEAD_START = 600.0


class LoopClock:
    """The time of an asyncio loop, as seconds since 1970; changes of the machine's clock have no effect.

    It starts `HEAD_START` seconds in the past, and stands still until `catch_up` runs what falls due up to now. So a
    cluster that has been running for a while exists at once.

    Args:
        loop: calls back; only its thread may use the clock.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._epoch = time.time() - loop.time()
        begin = self._epoch + loop.time() - HEAD_START
        self._past: ManualClock | None = ManualClock(begin)

    def now(self) -> float:
        """Return seconds since 1970."""
        if self._past is not None:
            return self._past.now()
        return self._epoch + self._loop.time()

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back in the loop.

        Args:
            when: seconds since 1970; a time that is past means the loop's next round.
            callback: has no parameters.
        """
        if self._past is not None:
            return self._past.call_at(when, callback)
        return self._loop.call_at(when - self._epoch, callback)

    def catch_up(self) -> None:
        """Run what has fallen due since the clock began, then go on in real time; nothing happens the second time."""
        past = self._past
        if past is None:
            return
        past.advance_to(self._epoch + self._loop.time())
        self._past = None
        for when, callback in past.drain():
            self.call_at(when, callback)
