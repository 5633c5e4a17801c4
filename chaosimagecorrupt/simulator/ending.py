"""When a simulated cluster that runs in the foreground ends: by a signal, or by what its command follows."""

import signal
from contextlib import suppress
from queue import Empty, SimpleQueue

__all__ = ["Ending"]

# A signal that arrives right before the main thread blocks is handled only when it goes on: seconds until it does
LATEST = 0.2


class Ending:
    """Ends a wait, from a signal's handler or another thread; made in the main thread, whose handlers it sets."""

    def __init__(self) -> None:
        # no Event: a signal that comes while its lock is held, on the way into the wait, would wait for itself
        self._ended = SimpleQueue[None]()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: self.end())

    def end(self) -> None:
        """End the wait."""
        self._ended.put(None)

    def wait(self) -> None:
        """Wait for the end."""
        while True:
            with suppress(Empty):
                return self._ended.get(timeout=LATEST)
