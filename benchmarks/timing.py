"""Measures calls in this process and in fresh ones."""

import gc
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

__all__ = ["FreshProcess", "by_turns", "collect_garbage", "fresh", "seconds_of"]

# a fresh interpreter prints its largest resident set at its end; proc(5): VmHWM
_PRINT_MEMORY = """
import re, sys
print('PEAK', re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1], file=sys.stderr)
"""


class FreshProcess(NamedTuple):
    """What a process took.

    Attributes:
        milliseconds: from its start to its end.
        megabytes: its largest resident set; 0 for a command.
    """

    milliseconds: float
    megabytes: float


def collect_garbage() -> None:
    """Collect garbage, so that no collection of what was made before is a part of the next measurement."""
    gc.collect()
    gc.freeze()


def seconds_of(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    collect_garbage()
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def by_turns(
    calls: Mapping[str, Callable[[], object]], repeats: int, between: Callable[[], object] = lambda: None
) -> dict[str, list[float]]:
    """Measure calls by turns, so that other load on the machine affects all of them.

    Args:
        calls: by name; each is called once first, which is not measured.
        repeats: number of measurements of each.
        between: is called after each call, and not measured.

    Returns:
        Milliseconds by name.
    """
    for call in calls.values():
        call()
        between()
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            found[name].append(seconds_of(call) * 1000)
            between()
    return found


def fresh(code: str | Sequence[str]) -> FreshProcess:
    """Run Python code, or a command, in a process of its own.

    Args:
        code: the code; a sequence is a command.

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    command = [sys.executable, "-c", code + _PRINT_MEMORY] if isinstance(code, str) else list(code)
    started = time.perf_counter()
    ended = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True)
    taken = time.perf_counter() - started
    peak = re.search(r"^PEAK (\d+)$", ended.stderr, re.MULTILINE)
    return FreshProcess(taken * 1000, int(peak[1]) / 1024 if peak else 0.0)
