"""A terminal with a process on it, and what a person sees there."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

__all__ = ["Terminal"]

ROWS = 60


class Terminal:
    """A process on a pseudo-terminal.

    Args:
        command: what runs there.
        folder: where it runs.
        columns: how wide the terminal is.
        env: added to the environment.
        rows: how high the terminal is.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, columns: int, env: Mapping[str, str], rows: int = ROWS
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self.raw = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        one_line = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")}
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**one_line, "TERM": "xterm-256color", **env},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def text(self) -> str:
        """What stands on the screen."""
        with self._lock:
            return "\n".join(line.rstrip() for line in self._screen.display).strip()

    @property
    def lines(self) -> list[str]:
        """The same, line by line."""
        return self.text.splitlines()

    @property
    def words(self) -> str:
        """The same on one line."""
        return " ".join(self.text.split())

    def shows(self, text: str, seconds: float = 60) -> bool:
        """Whether a text appears on the screen before long, on however many lines."""
        give_up = time.monotonic() + seconds
        while text not in self.words and time.monotonic() < give_up and self._reader.is_alive():
            time.sleep(0.02)
        return text in self.words

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        with self._lock:
            self._screen.resize(rows, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def write(self, text: str) -> None:
        """Type a text."""
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def finish(self, seconds: float = 60) -> int:
        """Wait for the end, and return the exit code."""
        code = self._process.wait(seconds)
        self._reader.join(10)
        return code

    def close(self) -> None:
        """End what is still running."""
        self._process.kill()
        self._process.wait()
        self._reader.join(10)
        os.close(self._master)

    def _read(self) -> None:
        while True:
            try:
                sent = os.read(self._master, 65536)
            except OSError:  # the process has ended (EIO)
                return
            if not sent:
                return
            with self._lock:
                self.raw += sent
                self._stream.feed(sent)
