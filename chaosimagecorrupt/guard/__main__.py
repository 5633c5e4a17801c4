"""The guard's process: `python -m chaosimagecorrupt.guard` reads its orders from standard input.

It detaches from its parent and from the terminal, writes that it is up, and stays until the fault is undone.
"""

import json
import logging
import os
import signal
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial

from . import without_logzero  # noqa: F401 - before what imports logzero

# isort: split

from logzero import logger

from ..errors import ImageCorruptError
from ..kube.client import Cluster
from .attempts import HASTY
from .listen import Listener
from .many import InjectionGuards
from .orders import Orders, Task
from .report import ENDED, UP
from .turns import Turns
from .watch import InjectionGuard, target_of

# An API server's default share for one user's requests is a few dozen at a time (API Priority and Fairness)
AT_ONCE = 10
# Seconds from a signal until the guard ends, whatever the API server does; promised: 5
END_WITHIN = 4.0
# Those of logzero, for the line and for its time
LOG_FORMAT = "[%(levelname)1.1s %(asctime)s %(module)s:%(lineno)d] %(message)s", "%y%m%d %H:%M:%S"
_POLL = 0.25  # seconds


def main() -> None:
    """Read the orders, detach, and guard until every fault is undone."""
    channel = _take_over_stdin()
    with open(channel, "rb", closefd=False) as lines:  # closefd: the reports come over the same socket
        orders = Orders.from_line(lines.readline())
    _log_to(orders.log)
    try:
        kubeconfig = json.loads(orders.kubeconfig) if orders.kubeconfig else None
        cluster = Cluster.of(orders.settings, kubeconfig=kubeconfig)
        _read_one(orders.tasks, cluster)
    except ImageCorruptError as x:
        os.write(1, f"{x}\n".encode())
        return
    if os.fork() > 0:
        # the parent ends, so that the process that started it need not wait for the guard; _exit: the child alone
        # flushes buffers and runs what is registered for the exit
        os._exit(0)
    turns = Turns(AT_ONCE)
    guards = InjectionGuards(lambda task: InjectionGuard(task, cluster, time.time, turns))
    asked_to_end = _handle_signals(guards)
    threading.excepthook = lambda x: logger.error(f"the guard failed: {x.exc_value!r}")
    if not _take(guards, orders.tasks):  # it was asked to end
        return
    listener = Listener(channel, guards, partial(_take_further, guards, cluster.with_patience(HASTY)))
    # the main thread does nothing but handle signals, because Python handles them in no other. A daemon: a guard whose
    # injections are undone ends although the injecting process may still say something
    threading.Thread(target=listener.run, daemon=True, name="injector").start()
    _report_up()
    _wait_for(guards, asked_to_end)
    with suppress(OSError):  # the injecting process has ended
        os.write(channel, f"{ENDED}\n".encode())


def _wait_for(guards: InjectionGuards, asked_to_end: Collection[int]) -> None:
    """Wait until all faults are undone, but not longer than `END_WITHIN` seconds after a signal."""
    # Python runs a signal's handler only when this thread runs: the pauses are short to let it do so, also when the
    # kernel delivered the signal to another thread
    while not asked_to_end:
        if not guards.wait(_POLL):
            return
    logger.info(f"asked to end by {signal.Signals(next(iter(asked_to_end))).name}")
    guards.end(time.monotonic() + END_WITHIN)


def _take(guards: InjectionGuards, tasks: Sequence[Task]) -> bool:
    """Guard injections, unless this process is about to end; return whether they are guarded."""
    taken = guards.add(tasks)
    for task in tasks if taken else ():
        logger.info(f"up, for injection {task.entry.id} until {task.entry.expires}, process {os.getpid()}")
    return taken


def _take_further(guards: InjectionGuards, cluster: Cluster, tasks: Sequence[Task]) -> bool:
    _read_one(tasks, cluster)
    return _take(guards, tasks)


def _take_over_stdin() -> int:
    """Return a file descriptor for the socket on standard input, and put /dev/null there instead.

    A credential plugin that reads its standard input would otherwise read the reports, or wait for the injecting
    process.
    """
    channel = os.dup(0)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device, not a file with a path of its own
        os.dup2(nothing.fileno(), 0)
    return channel


def _read_one(tasks: Sequence[Task], cluster: Cluster) -> None:
    """Read a Deployment: what cannot be read now could not be restored later.

    The first time, this reads all files that the guard needs, Python's modules included; they may be removed later.
    """
    target_of(tasks[0], cluster).get()


def _handle_signals(guards: InjectionGuards) -> list[int]:
    """Return the list that receives SIGTERM and SIGINT; ignore SIGHUP, which a closed terminal sends."""
    received = list[int]()

    def take(number: int, frame: object) -> None:
        guards.close()
        received.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, take)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return received


def _report_up() -> None:
    """Write that the guard is up, and close both outputs, so that no reader waits for their end."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a file with a path of its own
        os.dup2(nowhere.fileno(), 2)
        with suppress(BrokenPipeError):  # the injecting process has ended; the end of the socket reports that
            os.write(1, f"{UP}\n".encode())
        os.dup2(nowhere.fileno(), 1)


def _log_to(path: str) -> None:
    logging.raiseExceptions = False  # a full disk must not stop the guard
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # before the logger creates it for all to read
        handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter(*LOG_FORMAT))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


if __name__ == "__main__":
    main()
