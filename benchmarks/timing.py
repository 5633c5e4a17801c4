"""Stopwatches: in this process, by turns, and in fresh ones."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

__all__ = ["by_turns", "fresh", "seconds_of"]

# a fresh interpreter says its largest resident set at the end
_SAYS_MEMORY = """
import re, sys
print('PEAK', re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1], file=sys.stderr)
"""


def seconds_of(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def by_turns(
    calls: Mapping[str, Callable[[], object]], repeats: int, between: Callable[[], object] = lambda: None
) -> dict[str, list[float]]:
    """Measure calls by turns, so that what else happens on the machine strikes them alike.

    Args:
        calls: by name; each is made once before, not measured.
        repeats: of each.
        between: is done after each call, not measured.

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


def fresh(code: str | Sequence[str]) -> tuple[float, float]:
    """Run Python code, or a command, in a process of its own.

    Args:
        code: the code; a sequence is a command.

    Returns:
        Milliseconds from the start to the end, and its largest resident set in MB (0 for commands).

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    command = [sys.executable, "-c", code + _SAYS_MEMORY] if isinstance(code, str) else list(code)
    started = time.perf_counter()
    ended = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True)
    taken = time.perf_counter() - started
    peak = re.search(r"^PEAK (\d+)$", ended.stderr, re.MULTILINE)
    return taken * 1000, int(peak[1]) / 1024 if peak else 0.0
