"""The memory and the processor time of a waiting guard."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.rollbacks import restore_image

from .bench_cluster import BenchCluster
from .measuring import Row

__all__ = ["measure"]

START = 2.0  # seconds until the guard only waits
HOUR = 3600.0
_TICKS = os.sysconf("SC_CLK_TCK")


def measure(cluster: BenchCluster, seconds: float) -> Iterator[Row]:
    """Yield the row of the guard.

    Args:
        cluster: to measure on.
        seconds: how long to measure; the processor time is extrapolated to an hour.
    """
    ns = cluster.namespace("guard")
    cluster.deploy(ns, ["web"], 1)
    log = corrupt_image("web", ns, ttl="2h")["guard_log"]
    try:
        started = re.search(r"process (\d+)", Path(log).read_text())
        assert started is not None
        process = Path("/proc") / started[1]
        time.sleep(START)
        before = _processor_seconds(process)
        time.sleep(seconds)
        hourly = (_processor_seconds(process) - before) * HOUR / seconds
        memory = _resident_megabytes(process)
    finally:
        restore_image("web", ns)
    how = "measured" if seconds >= HOUR else f"extrapolated from {seconds:.0f} s"
    yield Row(
        "the guard", f"{memory:.0f} MB resident, {hourly:.1f} s of one processor in an hour ({how})", value=memory
    )


def _processor_seconds(process: Path) -> float:
    # proc(5): the fields after the command in brackets; utime and stime are fields 14 and 15 of all, counted from 1
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident_megabytes(process: Path) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", (process / "status").read_text())
    assert found is not None
    return int(found[1]) / 1024
