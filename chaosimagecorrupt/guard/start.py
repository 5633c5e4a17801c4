"""Starting a guard, from the process that injects."""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from ..errors import Refused, one_line
from ..kube.settings import Settings
from ..record.entry import Entry
from .orders import Orders

__all__ = ["DECIDED", "INJECTED", "RELEASED", "UP", "Guard", "log_path", "start_guard"]

START_TIMEOUT = 30.0  # seconds; measured: below 1
_TAIL = 600  # characters of what it says on each stream when it does not start; a traceback ends with the error

UP = "up"  # what a guard says once it is
# What it is told, with the injection's id, and with the entry after DECIDED
DECIDED, INJECTED, RELEASED = "decided", "injected", "released"

# The guard is told these over the pipe
_SECRET = ("KUBERNETES_API_KEY", "KUBERNETES_PASSWORD", "KUBERNETES_USERNAME")


class Guard:
    """A guard that is up, as the injecting process sees it. May be used by several threads.

    Args:
        pipe: the end that is written to; closed as soon as the guard knows of every injection what it is to know.
        entries: what the injections that it guards are to record, as far as it was told.
    """

    def __init__(self, pipe: int, entries: Iterable[Entry]) -> None:
        self._pipe, self._open = pipe, {entry.id: entry for entry in entries}
        self._saying = threading.Lock()

    def decided(self, entry: Entry) -> None:
        """Tell it what is to be recorded, when that was decided anew because somebody else wrote in between.

        Without it, a guard that sees neither the record nor this would put back an image that is not the original.
        """
        with self._saying:
            if self._open.get(entry.id, entry) != entry:
                self._open[entry.id] = entry
                self._write(f"{DECIDED} {entry.id} {json.dumps(asdict(entry))}\n")

    def injected(self, injection_id: str) -> None:
        """Tell it that this fault is in place."""
        self._say(injection_id, f"{INJECTED} {injection_id}\n")

    def release(self, injection_id: str) -> None:
        """Tell it that this fault was not injected, so that there is nothing to guard."""
        self._say(injection_id, f"{RELEASED} {injection_id}\n")

    def leave(self, injection_id: str) -> None:
        """Tell it nothing, because it is not known whether this fault is in place: it finds out by itself."""
        self._say(injection_id, "")

    def _say(self, injection_id: str, word: str) -> None:
        with self._saying:
            if injection_id not in self._open:
                return
            del self._open[injection_id]
            try:
                self._write(word)
            finally:
                if not self._open:
                    os.close(self._pipe)

    def _write(self, line: str) -> None:
        with suppress(BrokenPipeError):  # it has ended: the fault is undone already, or it was killed
            os.write(self._pipe, line.encode())


def start_guard(orders: Orders, env: Mapping[str, str], timeout: float = START_TIMEOUT) -> Guard:
    """Start a guard, and wait until it is up.

    Args:
        orders: what it is told.
        env: the environment that it gets, less what is secret in it.
        timeout: seconds to wait for its next word.

    Raises:
        Refused: when it does not start; nothing was changed.
    """
    try:
        process, pipe = _process({k: v for k, v in env.items() if k not in _SECRET})
    except OSError as x:  # no more open files, or processes, are allowed
        raise _not_started(str(x)) from x
    said = ""
    with process:  # waits for what was started, which ends as soon as it has made the guard
        try:
            # what has ended already says why
            with suppress(BrokenPipeError), open(pipe, "wb", closefd=False) as told:
                told.write(replace(orders, settings=_absolute(orders.settings)).to_line())
            said = _answer_of(process, timeout)
        finally:
            if said != UP:
                os.close(pipe)
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with the credential plugin that it may wait for
    if said != UP:
        raise _not_started(said)
    return Guard(pipe, [task.entry for task in orders.tasks])


def _process(env: Mapping[str, str]) -> tuple["subprocess.Popen[bytes]", int]:
    """Start the process; return it, and the pipe over which it is told."""
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "chaosimagecorrupt.guard"],
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
        os.close(reading)
    return process, writing


def _answer_of(process: "subprocess.Popen[bytes]", timeout: float) -> str:
    """Wait until the guard says that it is up; return that, or the end of whatever it says instead."""
    assert process.stdout is not None and process.stderr is not None
    said = {pipe.fileno(): b"" for pipe in (process.stdout, process.stderr)}
    end = time.monotonic() + timeout
    with selectors.PollSelector() as listening:
        for pipe in said:
            listening.register(pipe, selectors.EVENT_READ)
        while listening.get_map() and (left := end - time.monotonic()) > 0:
            for pipe in (key.fd for key, _ in listening.select(left)):
                some = os.read(pipe, 65536)
                said[pipe] = (said[pipe] + some)[-_TAIL:]
                if not some:
                    listening.unregister(pipe)
            if said[process.stdout.fileno()].strip() == UP.encode():
                return UP
        ended = not listening.get_map()
    words = b"\n".join(said.values()).decode(errors="replace").strip()
    return words if ended else f"{words} and nothing more in {timeout:g} s"


def _not_started(said: str) -> Refused:
    return Refused(
        "the guard that is to undo the fault after its ttl did not start, so nothing was injected; guard=False does "
        f"without it. It said: {one_line(said, 10 * _TAIL)[-2 * _TAIL :] or 'nothing'}"
    )


def _absolute(settings: Settings) -> Settings:
    """Resolve paths that count from the present folder: the guard's is another."""
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


def log_path(guard_id: str, env: Mapping[str, str]) -> Path:
    """Return where a guard logs: below XDG_STATE_HOME or `~/.local/state`, else in the folder for temporary files.

    Args:
        guard_id: the injection's that it guards, or another that is as good as unique.
        env: the environment.
    """
    state = env.get("XDG_STATE_HOME") or (f"{env['HOME']}/.local/state" if env.get("HOME") else "")
    folder = Path(state, "chaosimagecorrupt")
    try:
        usable = bool(state)
        if usable:
            folder.mkdir(parents=True, exist_ok=True)
            usable = os.access(folder, os.W_OK)
    except OSError:
        usable = False
    try:
        return (folder if usable else Path(tempfile.gettempdir())) / f"guard-{guard_id}.log"
    except FileNotFoundError:  # a read-only file system
        return Path(os.devnull)
