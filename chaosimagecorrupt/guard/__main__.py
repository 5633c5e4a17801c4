"""The guard's process: `python -m chaosimagecorrupt.guard`, told its task on standard input.

It makes itself the child of nobody, in a session without a terminal, says that it is up, and stays until the fault is
undone.
"""

import json
import logging
import os
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from types import FrameType

import logzero

from ..errors import ImageCorruptError
from ..kube.client import Cluster
from ..record.entry import Entry
from ..workload.target import Target
from .decide import InjectorState
from .orders import Orders
from .start import DECIDED, INJECTED, RELEASED, UP
from .watch import Watch

# An API server's default share for one user's requests is a few dozen at a time (API Priority and Fairness)
RESTORES_AT_ONCE = 10


def main() -> None:
    """Read the orders, detach, and guard."""
    pipe = os.dup(0)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123, a device
        os.dup2(nothing.fileno(), 0)  # a credential plugin that reads would wait for the injecting process
    with open(pipe, "rb", closefd=False) as told:
        orders = Orders.from_line(told.readline())
    _log_to(orders.log)
    try:
        cluster = _connected(orders)
    except ImageCorruptError as x:
        os.write(1, f"{x}\n".encode())
        return
    if os.fork() > 0:
        os._exit(0)
    turns = threading.Semaphore(RESTORES_AT_ONCE)
    watches = {t.entry.id: Watch(t, cluster, time.time, turns) for t in orders.tasks}
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: _terminate(watches, number, frame))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.excepthook = lambda x: logzero.logger.error(f"the guard failed: {x.exc_value!r}")
    listener = threading.Thread(target=_listen, args=(pipe, watches), daemon=True, name="injector")
    # each in a thread of its own: signals are handled in this one
    threads = [threading.Thread(target=w.run, daemon=True, name="guard") for w in watches.values()]
    for thread in (listener, *threads):
        thread.start()
    for task in orders.tasks:
        logzero.logger.info(f"up, for injection {task.entry.id} until {task.entry.expires}, process {os.getpid()}")
    _say_that_it_is_up()
    for thread in threads:
        while thread.is_alive():
            thread.join(1.0)  # a signal that another thread took is handled once this one runs


def _connected(orders: Orders) -> Cluster:
    """Connect, and look at a Deployment: what cannot be read now could not be restored later.

    All files that this takes are read by then, modules included, and may be gone later.
    """
    cluster, task = Cluster.of(orders.settings), orders.tasks[0]
    Target(task.name, task.namespace, cluster).get()
    return cluster


def _say_that_it_is_up() -> None:
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123, a device
        os.dup2(nowhere.fileno(), 2)
        with suppress(BrokenPipeError):  # it died meanwhile, which the other pipe tells too
            os.write(1, f"{UP}\n".encode())
        os.dup2(nowhere.fileno(), 1)


def _terminate(watches: Mapping[str, Watch], number: int, frame: FrameType | None) -> None:
    for watch in watches.values():
        watch.terminate()


def _listen(pipe: int, watches: Mapping[str, Watch]) -> None:
    """Wait for what the injecting process says; the end of the pipe without a word means that it died."""
    words = {INJECTED.encode(): InjectorState.INJECTED, RELEASED.encode(): InjectorState.RELEASED}
    silent, said = dict(watches), b""
    while chunk := os.read(pipe, 4096):  # no buffered file: Python cannot end while a thread waits for one
        *lines, said = (said + chunk).split(b"\n")
        for word, injection_id, entry in ((*line.split(b" ", 2), b"")[:3] for line in lines):
            watch = silent.get(injection_id.decode())
            if watch is None:
                continue
            if word == DECIDED.encode():
                watch.decided(Entry(**json.loads(entry)))
                continue
            del silent[injection_id.decode()]
            watch.heard(words[word])
    for watch in silent.values():
        watch.heard(InjectorState.GONE)


def _log_to(path: str) -> None:
    logging.raiseExceptions = False  # a full disk must not stop the guard
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        logzero.logger = logzero.setup_default_logger(logfile=path, level=logging.INFO, disableStderrLogger=True)
    except OSError:
        logzero.logger = logzero.setup_default_logger(disableStderrLogger=True)


if __name__ == "__main__":
    main()
