"""How long a guard takes to be up, and the memory and the processor time of one that waits."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.guard.orders import Orders, Task
from chaosimagecorrupt.guard.start import start_guard
from chaosimagecorrupt.kube.settings import read_settings
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.rollbacks import restore_image

from .bench_cluster import BenchCluster
from .measuring import Row, median_text, summary
from .timing import by_turns

__all__ = ["measure"]

STARTS = 9
MOST_MILLISECONDS, MOST_MEGABYTES = 150, 25
START = 2.0  # seconds until the guard only waits
END = 0.2  # seconds until one that has nothing to guard has ended
HOUR = 3600.0
_TICKS = os.sysconf("SC_CLK_TCK")


def measure(cluster: BenchCluster, seconds: float) -> Iterator[Row]:
    """Yield the rows of the guard.

    Args:
        cluster: to measure on.
        seconds: how long to measure; the processor time is extrapolated to an hour.
    """
    ns = cluster.namespace("guard")
    cluster.deploy(ns, ["web"], 1)
    yield _start(ns)
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
    found = f"{memory:.0f} MB resident, {hourly:.1f} s of one processor in an hour ({how})"
    yield Row("the guard", found, f"at most {MOST_MEGABYTES} MB", memory <= MOST_MEGABYTES, memory)


def _start(ns: str) -> Row:
    task = Task("web", ns, Entry("app", None, id="bench"), time.time() + HOUR)
    orders = Orders((task,), read_settings(None, os.environ), os.devnull)

    def start_and_end() -> None:
        # the guard ends by itself, while this process goes on
        start_guard(orders, os.environ).release("bench")

    sample = summary("guard", by_turns({"start": start_and_end}, STARTS, lambda: time.sleep(END))["start"])
    what = "start of a guard, until it is up; the process that injects waits for it"
    target = f"at most {MOST_MILLISECONDS} ms"
    return Row(what, median_text(sample), target, sample.median <= MOST_MILLISECONDS, sample.median, (sample,))


def _processor_seconds(process: Path) -> float:
    # proc(5): the fields after the command in brackets; utime and stime are fields 14 and 15 of all, counted from 1
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident_megabytes(process: Path) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", (process / "status").read_text())
    assert found is not None
    return int(found[1]) / 1024
