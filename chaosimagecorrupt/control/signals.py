"""Keeps Chaos Toolkit's exit signals from ending the control while it restores and judges."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from logzero import logger

__all__ = ["without_exit_signals"]

# by these `chaoslib.exit` ends a run; the safeguards of chaostoolkit-addons use the first
_EXIT_SIGNALS = (signal.SIGUSR1, signal.SIGUSR2)


@contextmanager
def without_exit_signals() -> Iterator[None]:
    """Drop the exit signals within this block: the run is over, and one of them would end `chaos` without a journal."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread gets signals
        yield
        return
    before = {number: signal.signal(number, _drop) for number in _EXIT_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _drop(number: int, frame: FrameType | None) -> None:
    logger.warning(f"image-corrupt: {signal.Signals(number).name} comes too late to end the run: it restores already")
