"""The guard's process: `python -m chaosimagecorrupt.guard` reads its orders from standard input.

It detaches from its parent and from the terminal, writes that it is up, and stays until the fault is undone.
"""

import json
import logging
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

import logzero

from . import without_chaoslib  # noqa: F401 - before what imports chaoslib

# isort: split

from ..errors import ImageCorruptError
from ..kube.client import Cluster
from ..record.entry import Entry
from .decide import InjectorState
from .orders import Orders
from .start import DECIDED, INJECTED, RELEASED, UNDONE, UP
from .turns import Turns
from .watch import InjectionGuard, target_of

# An API server's default share for one user's requests is a few dozen at a time (API Priority and Fairness)
AT_ONCE = 10
# Seconds from a signal until the guard ends, whatever the API server does; promised: 5
END_WITHIN = 4.0
_POLL = 0.25  # seconds


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
    turns = Turns(AT_ONCE)
    # who may inject into several Deployments of a namespace at once has listed them all, and may watch them all
    many = {ns for ns, count in Counter(t.namespace for t in orders.tasks).items() if count > 1}
    guards = {
        t.entry.id: InjectionGuard(t, cluster, time.time, turns, shared_watch=t.namespace in many) for t in orders.tasks
    }
    asked_to_end = _handle_signals()
    threading.excepthook = lambda x: logzero.logger.error(f"the guard failed: {x.exc_value!r}")
    threads = _start_threads(pipe, guards)
    for task in orders.tasks:
        logzero.logger.info(f"up, for injection {task.entry.id} until {task.entry.expires}, process {os.getpid()}")
    _report_up()
    _wait_for(threads, asked_to_end, guards)


def _wait_for(
    threads: Sequence[threading.Thread], asked_to_end: Collection[int], guards: Mapping[str, InjectionGuard]
) -> None:
    """Wait until all threads end, but not longer than `END_WITHIN` seconds after a signal."""
    while not asked_to_end:
        alive = next((t for t in threads if t.is_alive()), None)
        if alive is None:
            return
        # Python runs a signal's handler only when this thread runs: the timeout lets it do so, also when the kernel
        # delivered the signal to another thread
        alive.join(_POLL)
    end = time.monotonic() + END_WITHIN
    logzero.logger.info(f"asked to end by {signal.Signals(next(iter(asked_to_end))).name}")
    for guard in guards.values():
        guard.ask_to_end()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    for thread, guard in zip(threads, guards.values(), strict=True):
        if thread.is_alive():
            guard.log_what_is_left()


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
    target_of(task, cluster).get()
    return cluster


def _handle_signals() -> list[int]:
    """Return the list that receives SIGTERM and SIGINT; ignore SIGHUP, which a closed terminal sends."""
    received = list[int]()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: received.append(number))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return received


def _start_threads(pipe: int, guards: Mapping[str, InjectionGuard]) -> list[threading.Thread]:
    """Start a thread that reads the reports, and one for each injection; return the latter.

    The main thread does nothing but handle signals, because Python handles them in no other. All threads are daemons: a
    guard whose injections are undone ends although the pipe is still open.
    """
    reader = threading.Thread(target=_read_reports, args=(pipe, guards), daemon=True, name="injector")
    threads = [threading.Thread(target=g.run, daemon=True, name="guard") for g in guards.values()]
    for thread in (reader, *threads):
        thread.start()
    return threads


def _report_up() -> None:
    """Write that the guard is up, and close both outputs, so that no reader waits for their end."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a file with a path of its own
        os.dup2(nowhere.fileno(), 2)
        with suppress(BrokenPipeError):  # the injecting process has ended; the end of the other pipe reports that
            os.write(1, f"{UP}\n".encode())
        os.dup2(nowhere.fileno(), 1)


def _read_reports(pipe: int, guards: Mapping[str, InjectionGuard]) -> None:
    """Pass on what the injecting process reports, and that it has ended, which ends the pipe."""
    states = {
        INJECTED.encode(): InjectorState.INJECTED,
        UNDONE.encode(): InjectorState.UNDONE,
        RELEASED.encode(): InjectorState.RELEASED,
    }
    rest = b""
    while chunk := os.read(pipe, 4096):  # no buffered file: Python cannot end while a thread waits for one
        *lines, rest = (rest + chunk).split(b"\n")
        for word, injection_id, entry in ((*line.split(b" ", 2), b"")[:3] for line in lines):
            guard = guards.get(injection_id.decode())
            if guard is None:
                continue
            if word == DECIDED.encode():
                guard.decided(Entry(**json.loads(entry)))
            else:
                guard.injector_reported(states[word])
    for guard in guards.values():
        guard.injector_ended()


def _log_to(path: str) -> None:
    logging.raiseExceptions = False  # a full disk must not stop the guard
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # before the logger creates it for all to read
        logzero.logger = logzero.setup_default_logger(logfile=path, level=logging.INFO, disableStderrLogger=True)
    except OSError:
        logzero.logger = logzero.setup_default_logger(disableStderrLogger=True)


if __name__ == "__main__":
    main()
