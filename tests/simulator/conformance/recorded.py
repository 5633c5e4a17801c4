"""Recordings: of a real cluster, and of a simulated one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chaosimagecorrupt.simulator.conformance import Recording
from chaosimagecorrupt.simulator.conformance.recording import KINDS, Observation
from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.types import Object
from chaosimagecorrupt.simulator.watch_cache import Change

from ..controller_cluster import (
    BAD,
    DEPLOYMENTS,
    GOOD,
    ControllerCluster,
    deployment,
)

RECORDINGS = Path(__file__).parent.parent.parent / "recordings"
SCENARIOS = sorted(path.stem for path in RECORDINGS.glob("*.jsonl") if path.stem != "api")

# Runs that may get no further, where a difference is expected: more would only take longer
FEW = 15

Steps = Callable[[ControllerCluster], None]


def record(
    steps: Steps,
    seed: int = 5,
    images: Images | None = None,
    workload: Object | None = None,
    resource: str = DEPLOYMENTS,
    **spec: Any,
) -> Recording:
    """Return what is seen of a cluster with a workload, by default a Deployment, to which some steps are done."""
    cluster = ControllerCluster(images, seed)
    start, seen = cluster.clock.now(), list[Observation]()

    def see(change: Change) -> None:
        if change.object["kind"] in KINDS:
            t = cluster.clock.now() - start
            seen.append(Observation(t, change.object["kind"], change.type, change.object))

    cluster.store.subscribe(see)
    cluster.create(workload or deployment(**spec), resource, seconds=10)
    steps(cluster)
    return Recording("recorded", seen, cluster.clock.now() - start)


def corrupted(then: Steps) -> Steps:
    def steps(cluster: ControllerCluster) -> None:
        cluster.set_image(BAD, seconds=20)
        then(cluster)

    return steps


def restored(cluster: ControllerCluster) -> None:
    cluster.set_image(GOOD, seconds=10)
