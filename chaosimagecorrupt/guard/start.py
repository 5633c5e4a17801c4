"""Starts a guard, in the process that injects, and reports to it."""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from ..duration import duration_text
from ..errors import Refused, one_line
from ..kube.settings import Settings
from ..record.entry import Entry
from .log import remove_old_logs
from .orders import Orders

__all__ = ["DECIDED", "INJECTED", "RELEASED", "UNDONE", "UP", "GuardProcess", "start_guard"]

START_TIMEOUT = 30.0  # seconds; measured: below 1
_TAIL = 600  # bytes that are kept of each output of a guard that does not start; a traceback ends with the error

UP = "up"  # what a guard writes to its standard output once it is up
# The reports that it reads from the pipe, each a line: the word, the injection's id, and for DECIDED the entry as JSON
DECIDED, INJECTED, UNDONE, RELEASED = "decided", "injected", "undone", "released"

# The orders carry these over the pipe; an environment can be read by other processes of the same user
_SECRET = ("KUBERNETES_API_KEY", "KUBERNETES_PASSWORD", "KUBERNETES_USERNAME")


class GuardProcess:
    """A guard that is up, as the injecting process sees it. Several threads may use it.

    The pipe is closed once the guard is released. If this process ends earlier, the kernel closes it, and the guard
    knows.

    Args:
        pipe: the file descriptor to write reports to.
        entries: what the injections that it guards are to record, as its orders have it.
    """

    def __init__(self, pipe: int, entries: Iterable[Entry]) -> None:
        self._pipe, self._open = pipe, {entry.id: entry for entry in entries}
        self._writing = threading.Lock()

    def decided(self, entry: Entry) -> None:
        """Report what is to be recorded, when that was decided again because another client wrote in between.

        Otherwise a guard that does not find the record would put back an image that is not the original.

        Args:
            entry: the new entry, with the injection's id.
        """
        with self._writing:
            if self._open.get(entry.id, entry) != entry:
                self._open[entry.id] = entry
                self._write(f"{DECIDED} {entry.id} {json.dumps(asdict(entry))}\n")

    def injected(self, injection_id: str) -> None:
        """Report that this fault is in place."""
        self._report(INJECTED, injection_id)

    def undone(self, injection_id: str) -> None:
        """Report that this fault is undone, and that this process is about to clean up."""
        self._report(UNDONE, injection_id)

    def release(self, injection_id: str) -> None:
        """Report that there is nothing to guard: this fault was not injected, or no trace of it is left."""
        self._report(RELEASED, injection_id)
        self._close(injection_id)

    def leave(self, injection_id: str) -> None:
        """Make no report, because it is unknown whether this fault is in place; the guard finds out by itself."""
        self._close(injection_id)

    def _report(self, word: str, injection_id: str) -> None:
        with self._writing:
            if injection_id in self._open:
                self._write(f"{word} {injection_id}\n")

    def _close(self, injection_id: str) -> None:
        """Ignore later reports on an injection; once that holds for all of them, the pipe is closed."""
        with self._writing:
            if self._open.pop(injection_id, None) is not None and not self._open:
                os.close(self._pipe)

    def _write(self, line: str) -> None:
        with suppress(BrokenPipeError):  # the guard has ended: the fault is undone already, or the guard was killed
            os.write(self._pipe, line.encode())


def start_guard(orders: Orders, env: Mapping[str, str], timeout: float = START_TIMEOUT) -> GuardProcess:
    """Start a guard, and wait until it is up; logs of guards that ended a week ago are removed.

    Args:
        orders: what it is to do.
        env: its environment; secrets are left out.
        timeout: seconds to wait until it is up.

    Returns:
        What this process reports to.

    Raises:
        Refused: it does not start; nothing was changed.
    """
    remove_old_logs(Path(orders.log), time.time())
    try:
        process, pipe = _process(orders.about, {k: v for k, v in env.items() if k not in _SECRET})
    except OSError as x:  # no more open files, or processes, are allowed
        raise _not_started(str(x)) from x
    answer = ""
    with process:  # waits for the started process; it ends as soon as its child, the guard itself, exists
        try:
            # a process that has ended already has written the reason to its output; closefd: the pipe stays open for
            # the reports
            with suppress(BrokenPipeError), open(pipe, "wb", closefd=False) as orders_pipe:
                orders_pipe.write(replace(orders, settings=_absolute(orders.settings)).to_line())
            answer = _answer_of(process, timeout)
        finally:
            if answer != UP:
                os.close(pipe)
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with the credential plugin that it may wait for
    if answer != UP:
        raise _not_started(answer)
    return GuardProcess(pipe, [task.entry for task in orders.tasks])


def _process(about: Sequence[str], env: Mapping[str, str]) -> tuple["subprocess.Popen[bytes]", int]:
    """Start the process; return it, and the file descriptor to write its orders and reports to.

    Args:
        about: what the process is about, for whoever lists processes; the guard does not read it.
        env: its environment.
    """
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "chaosimagecorrupt.guard", *about],
            stdin=reading,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            cwd="/",
            start_new_session=True,
        )
    except OSError:
        os.close(writing)
        raise
    finally:
        os.close(reading)  # the process has its own copy; with ours open, writing to a dead guard would not fail
    return process, writing


def _answer_of(process: "subprocess.Popen[bytes]", timeout: float) -> str:
    """Wait until the guard is up; return UP, or the end of what it writes to its outputs instead."""
    assert process.stdout is not None and process.stderr is not None
    output = {pipe.fileno(): b"" for pipe in (process.stdout, process.stderr)}
    end = time.monotonic() + timeout
    # file descriptors are polled, not read to their end: the guard keeps its outputs open until it is up
    with selectors.PollSelector() as selector:
        for pipe in output:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map() and (left := end - time.monotonic()) > 0:
            _read_available(selector, left, output)
            if output[process.stdout.fileno()].strip() == UP.encode():
                return UP
        ended = not selector.get_map()
    text = b"\n".join(output.values()).decode(errors="replace").strip()
    return text if ended else f"{text} and nothing more in {duration_text(timeout)}"


def _read_available(selector: selectors.BaseSelector, timeout: float, output: dict[int, bytes]) -> None:
    """Add to each output what can be read within `timeout` seconds; what has ended is no longer polled."""
    for pipe in (key.fd for key, _ in selector.select(timeout)):
        chunk = os.read(pipe, 65536)
        output[pipe] = (output[pipe] + chunk)[-_TAIL:]
        if not chunk:
            selector.unregister(pipe)


def _not_started(output: str) -> Refused:
    return Refused(
        "the guard that is to undo the fault after its ttl did not start, so nothing was injected; guard=False does "
        f"without it. It said: {one_line(output, 10 * _TAIL)[-2 * _TAIL :] or 'nothing'}"
    )


def _absolute(settings: Settings) -> Settings:
    """Make relative paths absolute, because the guard works in the root folder."""
    files = (settings.kubeconfig or "").split(os.pathsep)
    kubeconfig = os.pathsep.join(str(Path(f).expanduser().absolute()) for f in files if f)

    def resolved(path: str | None) -> str | None:
        return str(Path(path).absolute()) if path else path

    return replace(
        settings,
        kubeconfig=kubeconfig or None,
        cert_file=resolved(settings.cert_file),
        key_file=resolved(settings.key_file),
        ca_file=resolved(settings.ca_file),
    )
