"""Interrupts this thread at any step, as a handler of signals that raises does."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import FrameType


class Interrupted(Exception):
    """What Chaos Toolkit raises in its handler of a signal, wherever the main thread is."""


class InterruptedAt:
    """Interrupts this thread where the n-th function begins, which is where Python runs handlers of signals."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __enter__(self) -> "InterruptedAt":
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _trace(self, frame: FrameType, event: str, argument: object) -> None:
        self.left -= 1
        if self.left == 0:
            sys.settrace(None)
            raise Interrupted


def interrupted_at_each_step(call: Callable[[], object]) -> Iterator[int]:
    """Call something again and again, interrupted one step later each time, until it comes to its end.

    Yields:
        How often it was interrupted so far, after each time.
    """
    traced, interrupts = sys.gettrace(), 0
    try:
        while True:
            interrupt = InterruptedAt(interrupts + 1)
            with suppress(Interrupted), interrupt:
                call()
            if interrupt.left > 0:
                return
            interrupts += 1
            yield interrupts
    finally:
        sys.settrace(traced)


def another_thread_can(call: Callable[[], object]) -> bool:
    """Whether a call from another thread returns."""
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(10.0)
    return not thread.is_alive()
