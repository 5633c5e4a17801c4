"""Starts a guard, in the process that injects."""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..duration import duration_text
from ..errors import ImageCorruptError, Refused, one_line
from ..kube.configuration import kubeconfig_of
from ..kube.settings import Settings
from .log import remove_old_logs
from .orders import Orders
from .report import UP, GuardProcess

__all__ = ["guard_environment", "start_guard", "with_absolute_paths"]

START_TIMEOUT = 30.0  # seconds; measured: below 1
_TAIL = 600  # bytes that are kept of each output of a guard that does not start; a traceback ends with the error

# The orders carry these over the socket; an environment can be read by other processes of the same user
_SECRET = ("KUBERNETES_API_KEY", "KUBERNETES_PASSWORD", "KUBERNETES_USERNAME")


def guard_environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that a guard gets: all but secrets."""
    return {name: value for name, value in env.items() if name not in _SECRET}


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
        process, channel = _process(orders.about, guard_environment(env))
    except OSError as x:  # no more open files, or processes, are allowed
        raise _not_started(str(x)) from x
    answer = ""
    with process:  # waits for the started process; it ends as soon as its child, the guard itself, exists
        try:
            # a process that has ended already has written the reason to its output
            with suppress(ConnectionError):
                channel.sendall(_for_guard(orders).to_line())
            answer = _answer_of(process, timeout)
        finally:
            if answer != UP:
                channel.close()
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with the credential plugin that it may wait for
    if answer != UP:
        raise _not_started(answer)
    return GuardProcess(channel, orders.tasks, orders.log)


def _process(about: Sequence[str], env: Mapping[str, str]) -> tuple["subprocess.Popen[bytes]", socket.socket]:
    """Start the process; return it, and the socket to its standard input, over which it gets orders, and answers.

    Args:
        about: what the process is about, for whoever lists processes; the guard does not read it.
        env: its environment.
    """
    ours, its = socket.socketpair()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "chaosimagecorrupt.guard", *about],
            stdin=its.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            cwd="/",
            start_new_session=True,
        )
    except OSError:
        ours.close()
        raise
    finally:
        its.close()  # the process has its own copy; with ours open, writing to a dead guard would not fail
    return process, ours


def _for_guard(orders: Orders) -> Orders:
    """Return the orders with what this process reads while the other one starts."""
    settings, kubeconfig = with_absolute_paths(orders.settings), None
    # a kubeconfig that cannot be read, or that JSON cannot express: the guard reads it, and says what is wrong
    with suppress(ImageCorruptError, OSError, ValueError, LookupError, TypeError, RecursionError):
        kubeconfig = json.dumps(kubeconfig_of(settings))
    return replace(orders, settings=settings, kubeconfig=kubeconfig)


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


def with_absolute_paths(settings: Settings) -> Settings:
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
