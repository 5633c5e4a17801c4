"""Ten Deployments to each of which the same is done at another moment, and the runs that corrupt them.

A run here is what Chaos Toolkit does, without its process: the control's hooks, the activities, and what others do
meanwhile. The cluster's time stands still unless the run advances it, so that the moments are exact.
"""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.control import (
    after_experiment_control,
    before_activity_control,
    before_experiment_control,
    cleanup_control,
)
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.requests import STRATEGIC_MERGE, Request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS, NAMESPACES
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.rollbacks import restore_images
from chaosimagecorrupt.simulator.clock import ManualClock

from ..faulty_simulator import FaultySimulator

__all__ = ["IMAGE", "NUMBER", "Conditions", "Story", "Ten", "run", "unnumbered"]

IMAGE = "registry.k8s.io/pause:3.10"
NUMBER = 10

Json = dict[str, Any]


class Ten:
    """Ten Deployments in a namespace of their own, with two pods each.

    Args:
        simulator: where they are; its clock is a manual one.
    """

    def __init__(self, simulator: FaultySimulator) -> None:
        self.simulator, self.ns = simulator, f"ten-{uuid.uuid4().hex[:8]}"
        self.names = [f"web-{number}" for number in range(NUMBER)]
        self._others = Cluster(configuration_of(Settings(kubeconfig=str(simulator.kubeconfig))))
        self.send("POST", NAMESPACES.path(), {"metadata": {"name": self.ns}})

    def send(self, method: str, path: str, body: Json | None = None) -> None:
        """Send a request as others do."""
        query = {} if method == "DELETE" else {"fieldManager": "ci"}
        kind = STRATEGIC_MERGE if method == "PATCH" else "application/json"
        self._others.send(Request(method, path, "do what others do", query, body, kind))

    def create(self, name: str, image: str = IMAGE, **pod: Any) -> None:
        """Create one of the Deployments."""
        labels = {"app": name}
        spec = {"containers": [{"name": "app", "image": image}], "terminationGracePeriodSeconds": 0, **pod}
        template = {"metadata": {"labels": labels}, "spec": spec}
        wanted = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
        self.send("POST", DEPLOYMENTS.path(self.ns), {"metadata": {"name": name}, "spec": wanted})

    def patch(self, name: str, **spec: Any) -> None:
        """Patch the spec of one of the Deployments."""
        self.send("PATCH", DEPLOYMENTS.path(self.ns, name), {"spec": spec})

    def set_containers(self, name: str, *containers: Json) -> None:
        """Patch the containers of one of the Deployments."""
        self.patch(name, template={"spec": {"containers": list(containers)}})

    def delete(self, name: str) -> None:
        """Delete one of the Deployments."""
        self.send("DELETE", DEPLOYMENTS.path(self.ns, name))


@dataclass(frozen=True)
class Story:
    """What is done to each of ten Deployments, and what follows.

    Attributes:
        act: what is done to one of them.
        moments: when, seconds after the corruption.
        verdict: on each of them.
        reasons: without their numbers.
        first: what is done to the cluster before the Deployments are created.
        before: what is done to it before the corruption.
        corrupted: whether the Deployments are corrupted before anything is done to them.
        pod: of the Deployments.
        ttl: of the faults.
        progress_deadline: for the time of the faults, seconds.
    """

    act: Callable[[Ten, str], object]
    moments: Sequence[float]
    verdict: str
    reasons: Sequence[str]
    first: Callable[[Ten], object] = lambda ten: None
    before: Callable[[Ten], object] = lambda ten: None
    corrupted: bool = True
    pod: Json = field(default_factory=dict)
    ttl: str = "300s"
    progress_deadline: int | None = None


@dataclass(frozen=True)
class Conditions:
    """How a run goes, whatever is done to the Deployments.

    Attributes:
        journal: what Chaos Toolkit writes into it.
        control: the arguments of the control, for each time that it is declared.
        method: activities beside the corruption.
        restores: whether the method restores.
    """

    journal: Mapping[str, Any] = field(default_factory=dict)
    control: Sequence[Json] = ({},)
    method: Sequence[Json] = ()
    restores: bool = True


def run(simulator: FaultySimulator, stories: Mapping[str, Story], how: Conditions) -> dict[str, list[Json]]:
    """Tell stories in one run; return what the journal has on the ten Deployments of each."""
    tens = {name: _prepared(simulator, story) for name, story in stories.items()}
    simulator.advance(5)
    for name, story in stories.items():
        story.before(tens[name])
    corruptions = [_corruption(ten, each) for ten in tens.values() for each in ten.names]
    experiment: Json = {"method": [*corruptions, *how.method]}
    for arguments in how.control:
        before_experiment_control(experiment, **arguments)
    before_activity_control(corruptions[0])
    _corrupt_and_act(simulator, tens, stories)
    if how.restores:
        for ten in tens.values():
            restore_images(ns=ten.ns, clean_history=False)
    simulator.advance(20)
    return _end(simulator, tens, {"status": "completed", "steady_states": {}, "experiment": experiment, **how.journal})


def unnumbered(reason: str) -> str:
    """Return a reason without what differs from run to run: seconds, times, and the names of pods."""
    reason = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", reason)
    reason = re.sub(r"\b\d+(\.\d+)?(e-\d+)?(?= s\b)", "N", reason)
    return re.sub(r"\bweb-\d-[a-z0-9]+-[a-z0-9]{5}\b", "POD", reason)


def _prepared(simulator: FaultySimulator, story: Story) -> Ten:
    ten = Ten(simulator)
    story.first(ten)
    for name in ten.names:
        ten.create(name, **story.pod)
    return ten


def _corruption(ten: Ten, name: str) -> Json:
    arguments = {"name": name, "ns": ten.ns}
    provider = {"module": "chaosimagecorrupt.actions", "func": "corrupt_image", "arguments": arguments}
    return {"type": "action", "name": "corrupt", "provider": provider}


def _corrupt_and_act(simulator: FaultySimulator, tens: Mapping[str, Ten], stories: Mapping[str, Story]) -> None:
    """Corrupt the Deployments at once, and then do to each what is done to it, in the order of the moments."""
    for told, ten in tens.items():
        story = stories[told]
        for name in ten.names if story.corrupted else ():
            corrupt_image(name, ten.ns, guard=False, ttl=story.ttl, progress_deadline=story.progress_deadline)
    due = [(at, t, n) for t, ten in tens.items() for n, at in zip(ten.names, stories[t].moments, strict=True)]
    now = 0.0
    for at, told, name in sorted(due):
        simulator.advance(at - now)
        now = at
        stories[told].act(tens[told], name)
    simulator.advance(5)


def _end(simulator: FaultySimulator, tens: Mapping[str, Ten], journal: Json) -> dict[str, list[Json]]:
    """End a run; each patch of the control's own restore is followed by a second in which the controllers act."""
    clock = simulator.world.clock
    assert isinstance(clock, ManualClock)
    simulator.faults.hook("after", lambda request: clock.advance(1), "PATCH", times=None)
    after_experiment_control(journal["experiment"], journal)
    cleanup_control()
    simulator.faults.clear()
    targets = journal["image-corrupt"]["targets"]
    return {name: [t for t in targets if t["namespace"] == ten.ns] for name, ten in tens.items()}
