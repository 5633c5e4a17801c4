"""The guard's process: `python -m chaosimagecorrupt.guard` reads its orders from standard input.

It detaches from its parent and from the terminal, writes that it is up, and stays until the fault is undone.
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
    """Read the orders, detach, and guard until every fault is undone."""
    pipe = _take_over_stdin()
    with open(pipe, "rb", closefd=False) as orders_pipe:  # closefd: the reports come over the same pipe
        orders = Orders.from_line(orders_pipe.readline())
    _log_to(orders.log)
    try:
        cluster = _connected(orders)
    except ImageCorruptError as x:
        os.write(1, f"{x}\n".encode())
        return
    if os.fork() > 0:
        # the parent ends, so that the process that started it need not wait for the guard; _exit: the child alone
        # flushes buffers and runs what is registered for the exit
        os._exit(0)
    turns = threading.Semaphore(RESTORES_AT_ONCE)
    watches = {t.entry.id: Watch(t, cluster, time.time, turns) for t in orders.tasks}
    _handle_signals(watches)
    threading.excepthook = lambda x: logzero.logger.error(f"the guard failed: {x.exc_value!r}")
    threads = _start_threads(pipe, watches)
    for task in orders.tasks:
        logzero.logger.info(f"up, for injection {task.entry.id} until {task.entry.expires}, process {os.getpid()}")
    _report_up()
    for thread in threads:
        while thread.is_alive():
            # Python runs a signal's handler only when this thread runs: the timeout lets it do so, also when the kernel
            # delivered the signal to another thread
            thread.join(1.0)


def _take_over_stdin() -> int:
    """Return a file descriptor for the pipe on standard input, and put /dev/null there instead.

    A credential plugin that reads its standard input would otherwise read the reports, or wait for the injecting
    process.
    """
    pipe = os.dup(0)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device, not a file with a path of its own
        os.dup2(nothing.fileno(), 0)
    return pipe


def _connected(orders: Orders) -> Cluster:
    """Connect, and read a Deployment: what cannot be read now could not be restored later.

    This reads all files that the guard needs, Python's modules included; they may be removed later.
    """
    cluster, task = Cluster.of(orders.settings), orders.tasks[0]
    Target(task.name, task.namespace, cluster).get()
    return cluster


def _handle_signals(watches: Mapping[str, Watch]) -> None:
    """Restore on SIGTERM and SIGINT; ignore SIGHUP, which a closed terminal sends."""

    def terminate(number: int, frame: FrameType | None) -> None:
        for watch in watches.values():
            watch.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, terminate)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _start_threads(pipe: int, watches: Mapping[str, Watch]) -> list[threading.Thread]:
    """Start a thread that reads the reports, and one for each injection; return the latter.

    The main thread does nothing but handle signals, because Python handles them in no other. All threads are daemons: a
    guard whose injections are undone ends although the pipe is still open.
    """
    reader = threading.Thread(target=_read_reports, args=(pipe, watches), daemon=True, name="injector")
    guards = [threading.Thread(target=w.run, daemon=True, name="guard") for w in watches.values()]
    for thread in (reader, *guards):
        thread.start()
    return guards


def _report_up() -> None:
    """Write that the guard is up, and close both outputs, so that no reader waits for their end."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a file with a path of its own
        os.dup2(nowhere.fileno(), 2)
        with suppress(BrokenPipeError):  # the injecting process has ended; the end of the other pipe reports that
            os.write(1, f"{UP}\n".encode())
        os.dup2(nowhere.fileno(), 1)


def _read_reports(pipe: int, watches: Mapping[str, Watch]) -> None:
    """Pass on what the injecting process reports; if the pipe ends before a report, that process has ended."""
    states = {INJECTED.encode(): InjectorState.INJECTED, RELEASED.encode(): InjectorState.RELEASED}
    unreported, rest = dict(watches), b""
    while chunk := os.read(pipe, 4096):  # no buffered file: Python cannot end while a thread waits for one
        *lines, rest = (rest + chunk).split(b"\n")
        for word, injection_id, entry in ((*line.split(b" ", 2), b"")[:3] for line in lines):
            watch = unreported.get(injection_id.decode())
            if watch is None:
                continue
            if word == DECIDED.encode():
                watch.decided(Entry(**json.loads(entry)))
                continue
            del unreported[injection_id.decode()]
            watch.injector_reported(states[word])
    for watch in unreported.values():
        watch.injector_reported(InjectorState.GONE)


def _log_to(path: str) -> None:
    logging.raiseExceptions = False  # a full disk must not stop the guard
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # before the logger creates it for all to read
        logzero.logger = logzero.setup_default_logger(logfile=path, level=logging.INFO, disableStderrLogger=True)
    except OSError:
        logzero.logger = logzero.setup_default_logger(disableStderrLogger=True)


if __name__ == "__main__":
    main()
