"""A cluster for the examples, in which time passes quickly, so that nobody waits for the pauses between pulls."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from chaosimagecorrupt.simulator import Simulator
from chaosimagecorrupt.simulator.clock import ManualClock

__all__ = ["quick_cluster"]

# seconds of the cluster, and seconds that they take
STEP, TAKES = 0.5, 0.02


@contextmanager
def quick_cluster(manifests: str) -> Iterator[Path]:
    """Run a cluster with these manifests, and give its kubeconfig."""
    ended = threading.Event()
    with Simulator(yaml.safe_load_all(manifests), ManualClock()) as simulator:

        def advance() -> None:
            while not ended.wait(TAKES):
                simulator.advance(STEP)

        passing = threading.Thread(target=advance)
        passing.start()
        try:
            yield simulator.kubeconfig
        finally:
            ended.set()
            passing.join()
