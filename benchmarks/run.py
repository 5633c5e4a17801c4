"""All measurements, one after the other.

The `kubernetes` package reads KUBECONFIG when it is imported: so it must be set before this module is.
"""

import logging
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from logzero import logger

from . import counting, crowd, guarding, many, single
from .measuring import Row
from .place import Place

__all__ = ["run"]

COMPARED = 200  # Deployments: so many are also corrupted one after the other


def run(*, simulated: bool, pods: Sequence[int] | None, deployments: Sequence[int] | None, guard: float) -> Any:
    """Measure everything; return the results as they are kept in JSON.

    Args:
        simulated: whether the cluster is a simulator.
        pods: numbers of pods, ascending; None for the usual ones.
        deployments: numbers of Deployments; None for the usual ones.
        guard: seconds for which the guard is looked at.
    """
    logger.setLevel(logging.ERROR)
    logging.getLogger("chaostoolkit").setLevel(logging.ERROR)
    pods = pods or ([10, 100, 1000, 5000] if simulated else [10])
    deployments = deployments or ([10, 100, COMPARED, 1000] if simulated else [10])
    compared = COMPARED if COMPARED in deployments else deployments[-1]
    started, rows = time.monotonic(), list[Row]()
    of_pods: crowd.Growth = {}
    of_deployments: crowd.Growth = {}
    place = Place()
    try:
        for measured in (
            single.measure(place),
            guarding.measure(place, guard),
            crowd.measure(place, pods, of_pods),
            many.measure(place, deployments, compared, of_deployments),
        ):
            for row in measured:
                rows.append(row)
                print(f"{time.monotonic() - started:4.0f} s  {row.what}: {row.found}", file=sys.stderr, flush=True)
        counted = counting.count(place)
    finally:
        place.remove()
    return {
        "measured": time.strftime("%Y-%m-%d"),
        "against": "simulator" if simulated else "cluster",
        "machine": _machine(),
        "seconds": round(time.monotonic() - started),
        "rows": [row.to_json() for row in rows],
        "requests": counted,
        "growth": {"pods": of_pods, "Deployments": of_deployments},
    }


def _machine() -> dict[str, Any]:
    """Describe the machine, without anything that names it."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    packages = ("chaostoolkit-lib", "chaostoolkit-kubernetes", "kubernetes", "urllib3")
    return {
        "processors": os.cpu_count(),
        "memory": f"{pages * size / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
    }
