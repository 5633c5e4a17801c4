"""A simulated cluster whose time stands still, Deployments and custom resources on it, and a connection to it."""

import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from logzero import logger

from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.requests import Request, get_request, patch_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.timing import ClientTiming
from chaosimagecorrupt.simulator.clock import ManualClock

from .faulty_simulator import FaultySimulator

__all__ = ["BAD", "NS", "Shop", "once_within", "soon"]

NS = "shop"
BAD = "registry.invalid/app:v2"
Object = dict[str, Any]


class Shop:
    """A Deployment of a test's own, written to as others do it.

    Args:
        simulator: where it is.
        cluster: the connection of the others.
    """

    def __init__(self, simulator: FaultySimulator, cluster: Cluster) -> None:
        self.name = f"web-{uuid.uuid4().hex[:6]}"
        self.simulator, self.cluster = simulator, cluster
        self.create()

    def create(self, app: str | None = None) -> None:
        """Create the Deployment; its pods become ready when time goes by."""
        labels = {"app": app or self.name}
        pod = {"containers": [{"name": "app", "image": "registry.k8s.io/pause:3.10"}]}
        spec = {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        }
        body = {"metadata": {"name": self.name, "labels": labels}, "spec": spec}
        self.cluster.send(Request("POST", DEPLOYMENTS.path(NS), "create a Deployment", body=body))

    def delete(self) -> None:
        """Delete the Deployment."""
        self.cluster.send(Request("DELETE", DEPLOYMENTS.path(NS, self.name), "delete a Deployment"))

    def get(self) -> Any:
        """Read the Deployment."""
        return self.cluster.send(get_request(DEPLOYMENTS, NS, self.name))

    def patch(self, patch: Object) -> Object:
        """Patch the Deployment."""
        return self.cluster.send(patch_request(DEPLOYMENTS, NS, self.name, {"metadata": {}, **patch}))

    def set_image(self, image: str = BAD) -> Object:
        """Put another image into the template; the controllers do nothing before time goes by."""
        containers = [{"name": "app", "image": image}]
        return self.patch({"spec": {"template": {"spec": {"containers": containers}}}})

    def second_after_patches(self) -> None:
        """Let a second go by after each patch, so that the controllers have acted before it is answered."""
        self.simulator.faults.hook("after", lambda request: self.advance(1), "PATCH", times=None)

    def advance(self, seconds: float) -> None:
        """Let the cluster's time go by."""
        clock = self.simulator.world.clock
        assert isinstance(clock, ManualClock)
        clock.advance(seconds)

    def scale(self, replicas: int) -> Object:
        """Ask for so many replicas."""
        return self.patch({"spec": {"replicas": replicas}})


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[FaultySimulator]:
    shop = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NS}}
    serving = {
        "apiVersion": "operator.knative.dev/v1beta1",
        "kind": "KnativeServing",
        "metadata": {"name": "seed", "namespace": NS},
        "spec": {},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }
    cluster = {
        "apiVersion": "datasciencecluster.opendatahub.io/v1",
        "kind": "DataScienceCluster",
        "metadata": {"name": "seed"},
        "spec": {},
    }
    with FaultySimulator([shop, serving, cluster], clock=ManualClock()) as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator: FaultySimulator) -> Iterator[FaultySimulator]:
    """The simulator; the faults of a test end with it."""
    running_simulator.world.images.blocked = False  # by a pull that hangs, in a test before
    yield running_simulator
    running_simulator.faults.clear()


@pytest.fixture
def cluster(simulator: FaultySimulator) -> Cluster:
    """A connection to the simulator that soon stops repeating what fails, and soon opens a watch again."""
    settings = Settings(kubeconfig=str(simulator.kubeconfig))
    return Cluster(
        configuration_of(settings), Patience(connect=10, read=10, retry_for=1), timing=ClientTiming(watch_pause=0.1)
    )


@pytest.fixture
def shop(simulator: FaultySimulator) -> Shop:
    """A Deployment whose pods are ready."""
    others = Cluster(configuration_of(Settings(kubeconfig=str(simulator.kubeconfig))))
    shop = Shop(simulator, others)
    simulator.advance(5)
    return shop


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that is logged, by us through Chaos Toolkit's logger, and by the packages beneath."""
    caplog.set_level("DEBUG")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


@pytest.fixture
def watching() -> Callable[[], list[str]]:
    """Return what tells where each thread is that watches since the test began; others may have left some."""
    before = set(threading.enumerate())

    def found() -> list[str]:
        return stacks(t for t in threading.enumerate() if t.name.startswith("watch ") and t not in before)

    return found


def stacks(threads: Iterable[threading.Thread]) -> list[str]:
    """Return the name of each thread, and where it is."""
    frames = sys._current_frames()
    return [f"{t.name}: {''.join(traceback.format_stack(frames.get(t.ident or 0)))}" for t in threads]


def soon(is_so: Callable[[], object], seconds: float = 60.0) -> bool:
    """Return whether something becomes true before long, even where two workers compete for a slow machine.

    To look costs as much as what is waited for, so it looks less often the longer it has waited.
    """
    begun = time.monotonic()
    while not is_so():
        waited = time.monotonic() - begun
        if waited > seconds:
            return False
        time.sleep(min(max(0.005, waited / 10), 0.05))
    return True


def once_within(seconds: float, attempt: Callable[[], float], attempts: int = 20) -> bool:
    """Return whether one of some attempts takes no longer; on a machine with much to do, most may."""
    return any(attempt() < seconds for _ in range(attempts))
