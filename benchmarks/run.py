"""All measurements, one after the other.

The `kubernetes` package reads KUBECONFIG when it is imported, so set KUBECONFIG before you import this module.
"""

import logging
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version

from logzero import logger

from . import guard, many_deployments, many_pods, single_deployment
from .bench_cluster import BenchCluster
from .measuring import Row
from .request_counts import count_requests
from .results import Machine, Results

__all__ = ["run"]

COMPARED = 200  # this number of Deployments is also corrupted one after the other


def run(
    *, simulated: bool, pods: Sequence[int] | None, deployments: Sequence[int] | None, guard_seconds: float
) -> Results:
    """Measure everything.

    Args:
        simulated: whether the cluster is a simulator.
        pods: numbers of pods, ascending; None for the default.
        deployments: numbers of Deployments; None for the default.
        guard_seconds: how long the guard is measured.
    """
    logger.setLevel(logging.ERROR)
    logging.getLogger("chaostoolkit").setLevel(logging.ERROR)
    pods = pods or ([10, 100, 1000, 5000] if simulated else [2, 10])
    deployments = deployments or ([10, 100, COMPARED, 1000] if simulated else [10])
    compared = COMPARED if COMPARED in deployments else deployments[-1]
    started, rows = time.monotonic(), list[Row]()
    of_pods: many_pods.Growth = {}
    of_deployments: many_pods.Growth = {}
    cluster = BenchCluster()
    try:
        for measured in (
            single_deployment.measure(cluster),
            guard.measure(cluster, guard_seconds),
            many_pods.measure(cluster, pods, of_pods),
            many_deployments.measure(cluster, deployments, compared, of_deployments),
        ):
            for row in measured:
                rows.append(row)
                print(f"{time.monotonic() - started:4.0f} s  {row.what}: {row.found}", file=sys.stderr, flush=True)
        requests = count_requests(cluster)
    finally:
        cluster.remove()
    return {
        "measured": time.strftime("%Y-%m-%d"),
        "machine": _machine(),
        "seconds": round(time.monotonic() - started),
        "rows": [row.to_json() for row in rows],
        "requests": requests,
        "growth": {"pods": of_pods, "Deployments": of_deployments},
    }


def _machine() -> Machine:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    packages = ("chaostoolkit-lib", "chaostoolkit-kubernetes", "kubernetes", "urllib3")
    return {
        "processors": os.cpu_count(),
        "memory": f"{pages * size / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
    }
