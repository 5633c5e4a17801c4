"""The guard's process: `python -m chaosimagecorrupt.guard`, told its task on standard input.

It makes itself the child of nobody, in a session without a terminal, says that it is up, and stays until the fault is
undone.
"""

import logging
import os
import signal
import sys
import threading
import time
from types import FrameType

import logzero

from ..cluster import Cluster, configuration_of
from ..errors import ImageCorruptError
from .duty import Injector
from .start import UP
from .task import Task
from .watch import Watch


def main() -> None:
    """Read the task, detach, and guard."""
    task = Task.from_line(sys.stdin.buffer.readline())
    if os.fork() > 0:
        os._exit(0)
    _log_to(task.log)
    try:
        cluster = Cluster(configuration_of(task.settings))
    except ImageCorruptError as x:
        os.write(1, f"{x}\n".encode())
        return
    watch = Watch(task, cluster, time.time)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: _terminate(watch, number, frame))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=_listen, args=(watch,), daemon=True, name="injector").start()
    logzero.logger.info(f"up, for injection {task.entry.id} until {task.entry.expires}, process {os.getpid()}")
    os.write(1, f"{UP}\n".encode())
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123, a device
        os.dup2(nowhere.fileno(), 1)
    watch.run()


def _terminate(watch: Watch, number: int, frame: FrameType | None) -> None:
    watch.terminate()


def _listen(watch: Watch) -> None:
    """Wait for what the injecting process says; the end of the pipe without a word means that it died."""
    said = b""
    while chunk := os.read(0, 64):
        said += chunk
    words = {b"injected": Injector.INJECTED, b"released": Injector.RELEASED}
    watch.heard(words.get(said.strip(), Injector.GONE))


def _log_to(path: str) -> None:
    logging.raiseExceptions = False  # a full disk must not stop the guard
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        logzero.logger = logzero.setup_default_logger(logfile=path, level=logging.INFO, disableStderrLogger=True)
    except OSError:
        logzero.logger = logzero.setup_default_logger(disableStderrLogger=True)


if __name__ == "__main__":
    main()
