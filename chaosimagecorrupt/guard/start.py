"""Starting a guard, from the process that injects."""

import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..errors import Refused, plain
from ..settings import Settings
from .task import Task

__all__ = ["UP", "Guard", "log_path", "start_guard"]

START_TIMEOUT = 30.0  # seconds; measured: below 1

UP = "up"  # what a guard says once it is

# The guard is told these over the pipe
_SECRET = ("KUBERNETES_API_KEY", "KUBERNETES_PASSWORD", "KUBERNETES_USERNAME")


class Guard:
    """A guard that is up, as the injecting process sees it."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def injected(self) -> None:
        """Tell it that the fault is in place."""
        self._say(b"injected\n")

    def release(self) -> None:
        """Tell it that there is nothing to guard."""
        self._say(b"released\n")

    def leave(self) -> None:
        """Tell it nothing, because it is not known whether the fault is in place: it finds out by itself."""
        self._say(b"")

    def _say(self, word: bytes) -> None:
        try:
            os.write(self._pipe, word)
        except BrokenPipeError:
            pass  # it has ended: the fault is undone already, or it was killed
        finally:
            os.close(self._pipe)


def start_guard(task: Task, env: Mapping[str, str]) -> Guard:
    """Start a guard, and wait until it is up.

    Args:
        task: what it is told.
        env: the environment that it gets, less what is secret in it.

    Raises:
        Refused: when it does not start; nothing was changed.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "chaosimagecorrupt.guard"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={k: v for k, v in env.items() if k not in _SECRET},
        cwd="/",
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None
    pipe = os.dup(process.stdin.fileno())
    said = ""
    try:
        process.stdin.write(replace(task, settings=_absolute(task.settings)).to_line())
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], START_TIMEOUT)
        said = process.stdout.readline().decode(errors="replace").strip() if ready else "nothing"
    except OSError as x:
        said = str(x)
    finally:
        if said != UP:
            os.close(pipe)
            process.kill()
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()  # not for the guard: what was started has made the guard and ended
    if said != UP:
        raise Refused(
            f"the guard that is to undo the fault after its ttl did not start (it said {plain(said) or 'nothing'}), so "
            "nothing was injected; guard=False does without it"
        )
    return Guard(pipe)


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


def log_path(injection_id: str, env: Mapping[str, str]) -> Path:
    """Return where a guard logs: below XDG_STATE_HOME or `~/.local/state`, else in the folder for temporary files.

    Args:
        injection_id: of the injection that it guards.
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
        return (folder if usable else Path(tempfile.gettempdir())) / f"guard-{injection_id}.log"
    except FileNotFoundError:  # a read-only file system
        return Path(os.devnull)
