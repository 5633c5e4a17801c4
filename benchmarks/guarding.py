"""What the guard costs while it waits."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.rollbacks import restore_image

from .measuring import Row
from .place import Place

__all__ = ["measure"]

SETTLED = 2.0  # seconds until it only waits
HOUR = 3600.0
_TICKS = os.sysconf("SC_CLK_TCK")


def measure(place: Place, seconds: float) -> Iterator[Row]:
    """Yield the row about the guard.

    Args:
        place: where.
        seconds: how long it is looked at; its processor time is extrapolated to an hour.
    """
    ns = place.namespace("guard")
    place.deploy(ns, ["web"], 1)
    log = corrupt_image("web", ns, ttl="2h")["guard_log"]
    try:
        started = re.search(r"process (\d+)", Path(log).read_text())
        assert started is not None
        process = Path("/proc") / started[1]
        time.sleep(SETTLED)
        before = _processor(process)
        time.sleep(seconds)
        hourly = (_processor(process) - before) * HOUR / seconds
        memory = _resident(process)
    finally:
        restore_image("web", ns)
    how = "measured" if seconds >= HOUR else f"extrapolated from {seconds:.0f} s"
    yield Row(
        "the guard", f"{memory:.0f} MB resident, {hourly:.1f} s of one processor in an hour ({how})", value=memory
    )


def _processor(process: Path) -> float:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident(process: Path) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", (process / "status").read_text())
    assert found is not None
    return int(found[1]) / 1024
