"""Processes that inject, restore, and die on the way: `python -m tests.crashing`.

Reads one line of JSON, a list of what `Life` holds, and lives these lives, some at a time. Each has a folder of its
own: `pid` when it begins, `events` when it has come to its end. Forked, because imports take longer than the lives.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.fault import inject
from chaosimagecorrupt.guard import report, reuse, start
from chaosimagecorrupt.restore import clean_up, restore
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.workload import target

__all__ = ["CORRUPTED", "Life", "lives"]

AT_A_TIME = 4
CORRUPTED = -1
TRACED = frozenset(str(m.__file__) for m in (inject, report, reuse, start, target, restore, clean_up))


@dataclass(frozen=True)
class Life:
    """One process.

    Attributes:
        name: of the Deployment that it corrupts and restores.
        ns: its namespace.
        ttl: of the fault.
        folder: where it writes what becomes of it, and its guard its log.
        last: the line that is not reached: SIGKILL; 0 for none, CORRUPTED for what comes after the corruption.
        before: the name of a Deployment that it corrupts before, at lines that do not count; empty for none.
    """

    name: str
    ns: str
    ttl: str
    folder: str
    last: int = 0
    before: str = ""


def lives(all_of_them: list[Life]) -> str:
    """Return what this program reads."""
    return json.dumps([asdict(life) for life in all_of_them]) + "\n"


def main() -> None:
    """Live all lives, AT_A_TIME at a time."""
    running = 0
    for fields in json.loads(sys.stdin.readline()):
        if running == AT_A_TIME:
            os.wait()
            running -= 1
        if os.fork() == 0:
            _live(Life(**fields))
        running += 1
    for _ in range(running):
        os.wait()


def _live(life: Life) -> None:
    folder = Path(life.folder)
    folder.mkdir(parents=True)
    (folder / "pid").write_text(str(os.getpid()))
    os.environ["XDG_STATE_HOME"] = life.folder
    events = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        nonlocal events
        if frame.f_code.co_filename not in TRACED or threading.current_thread() is not threading.main_thread():
            return None
        if event == "line":
            events += 1
            if events == life.last:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    if life.before:
        corrupt_image(life.before, life.ns, ttl=life.ttl)
    sys.settrace(trace)
    corrupt_image(life.name, life.ns, ttl=life.ttl)
    if life.last == CORRUPTED:
        os.kill(os.getpid(), signal.SIGKILL)
    restore_image(life.name, life.ns)
    sys.settrace(None)
    (folder / "events").write_text(str(events))
    os._exit(0)


if __name__ == "__main__":
    main()
