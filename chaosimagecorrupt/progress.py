"""What is waited for, and how long at most: in the log when a wait begins, and on a terminal as long as it lasts."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from logzero import logger

from .duration import duration_text

__all__ = ["waiting_for"]

# seconds; a shorter wait is not worth a line on the terminal, which is drawn again after each pause
_SHOWN_AFTER, _PAUSE = 2.0, 1.0
_ERASE = "\r\x1b[2K"


@contextmanager
def waiting_for(text: str, at_most: float) -> Iterator[None]:
    """Log what is waited for; on a terminal, show below the log how long already, until the block ends.

    Args:
        text: who waits for what, such as `Deployment shop/web: waiting for all pods to be ready`.
        at_most: seconds after which the wait ends in any case.
    """
    logger.info(f"{text}, {duration_text(at_most)} at most")
    if not _is_terminal():
        yield
        return
    wait = _Wait(text, at_most)
    _SCREEN.add(wait)
    try:
        yield
    finally:
        _SCREEN.remove(wait)


def _is_terminal() -> bool:
    # a live view of the command line replaces stderr, and draws by itself
    own = sys.__stderr__
    return own is not None and sys.stderr is own and own.isatty() and os.environ.get("TERM", "dumb") != "dumb"


class _Wait:
    """A wait that has begun: what it is for, and its limit in seconds."""

    def __init__(self, text: str, at_most: float) -> None:
        self._text, self._at_most, self._began = text, at_most, time.monotonic()

    @property
    def line(self) -> str:
        """What is shown of it; empty while it is short."""
        lasted = time.monotonic() - self._began
        if lasted < _SHOWN_AFTER:
            return ""
        return f"{self._text}, {duration_text(int(lasted))} of {duration_text(self._at_most)}"


class _LastLine:
    """Takes the place of the terminal in the log's handler: the last line shows a wait, and log lines go above it.

    Args:
        terminal: where it is written.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal, self._lock, self._shown = terminal, threading.Lock(), False

    def write(self, text: str) -> None:
        """Write a log line in the place of the last line, which is drawn again later."""
        with self._lock:
            self._erase()
            self._terminal.write(text)

    def flush(self) -> None:
        """Flush what was written."""
        self._terminal.flush()

    def draw(self, text: str) -> None:
        """Show a text on the last line, as much of it as fits; nothing when it is empty."""
        with self._lock:
            self._erase()
            if text:
                columns = os.get_terminal_size(self._terminal.fileno()).columns
                self._terminal.write(text[: columns - 1])
                self._shown = True
            self._terminal.flush()

    def _erase(self) -> None:
        if self._shown:
            self._terminal.write(_ERASE)
            self._shown = False


class _Screen:
    """The waits of this process, which may run in several threads; the one that began first is shown."""

    def __init__(self) -> None:
        self._lock, self._waits = threading.Lock(), list[_Wait]()
        self._line: _LastLine | None = None
        self._replaced: list[tuple[logging.StreamHandler[Any], Any]] = []

    def add(self, wait: _Wait) -> None:
        with self._lock:
            self._waits.append(wait)
            if self._line is None:
                self._line = _LastLine(sys.stderr)
                self._replaced = [(h, h.setStream(self._line)) for h in logger.handlers if _writes_to_terminal(h)]
                threading.Thread(target=self._draw_repeatedly, args=(self._line,), daemon=True).start()

    def remove(self, wait: _Wait) -> None:
        with self._lock:
            self._waits.remove(wait)
            if not self._waits and self._line is not None:
                self._line.draw("")
                for handler, terminal in self._replaced:
                    handler.setStream(terminal)
                self._line = None

    def _draw_repeatedly(self, line: _LastLine) -> None:
        while True:
            time.sleep(_PAUSE)
            with self._lock:
                if self._line is not line:
                    return
                more = f" (and {len(self._waits) - 1} more)" if len(self._waits) > 1 else ""
                first = self._waits[0].line
                try:
                    line.draw(first and f"{first}{more}")
                except OSError:  # the terminal is gone
                    return


_SCREEN = _Screen()


def _writes_to_terminal(handler: logging.Handler) -> bool:
    return isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr
