"""Interrupts this thread at any step, as a handler of signals that raises does."""

import sys
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
