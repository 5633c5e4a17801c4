"""What an activity asks of the API server does not grow with the number of pods: requests are counted, not timed."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from chaosimagecorrupt import probes
from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.kube.client import connect
from chaosimagecorrupt.probes import many, many_during
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.timeline.recorder import Recorder
from chaosimagecorrupt.workload.target import Target

from .faulty_simulator import FaultySimulator
from .fixtures_http import soon
from .timeline.recording import following

NS = "shop"
# one page of a list, and several; a rollout of many more takes the simulator much longer
FEW, MANY = 10, 1200
IMAGE = "registry.k8s.io/pause:3.10"
# probes of a steady state, and their arguments
STEADY: dict[str, dict[str, Any]] = {
    "deployment_progressing": {},
    "deployment_available": {},
    "progress_deadline_exceeded": {},
    "progress_deadline_set": {},
    "pods_ready": {},
    "deployment_recovered": {},
    "workload_recovered": {},
    "serving_pods": {},
    "image_corrupted": {},
    "collateral": {},
    "resource_condition": {
        "api_version": "apps/v1",
        "kind": "Deployment",
        "condition_type": "Available",
    },
    "resource_exists": {"api_version": "apps/v1", "kind": "Deployment"},
}
ONE = {"GET deployments": 1}
WITH_SETS = {**ONE, "GET replicasets": 1}
# activity -> the requests that it takes
COSTS: dict[str, dict[str, int]] = {
    **dict.fromkeys(STEADY, ONE),
    "pods_ready": WITH_SETS,
    "deployment_recovered": WITH_SETS,
    "workload_recovered": WITH_SETS,
    "collateral": {
        **ONE,
        "GET services": 1,
        "GET webhookconfigurations": 2,
        "GET horizontalpodautoscalers": 1,
        "GET scaledobjects": 1,
    },
    "resource_condition": {**ONE, "GET discovery": 1},
    "resource_exists": {**ONE, "GET discovery": 1},
    # reads the Deployment, and what decides on a new pod's requests; makes the pod, finds its answer, deletes it
    "original_pullable": {
        **ONE,
        "GET limitranges": 1,
        "GET resourcequotas": 1,
        "POST pods": 1,
        "GET pods": 1,
        "DELETE pods": 1,
    },
    # the Namespace, whose owner may have protected it; and the Event, so that others see what was done
    "corrupt_image": {"GET namespaces": 1, **ONE, "PATCH deployments": 1, "POST events": 1},
    "image_pull_failing": {**WITH_SETS, "GET pods": 1},
    "reconcile_cycles": ONE,
    # reads, patches, gives up its field ownership, emits the Event, sees that done, deletes the corrupt ReplicaSet. The
    # controllers need no time at all here, so the second patch comes too late, and is sent again after another read
    "restore_image": {
        "GET deployments": 3,
        "PATCH deployments": 3,
        "POST events": 1,
        "GET replicasets": 1,
        "DELETE replicasets": 1,
    },
    "pull_backoff_growing": {"GET deployments": 2, "GET replicasets": 1, "GET pods": 1, "GET events": 1},
    "recovery_seconds": WITH_SETS,
    "timeline": {**WITH_SETS, "GET pods": 1, "GET events": 1, "GET services": 1, "GET webhookconfigurations": 2},
}

Cost = tuple[dict[str, int], int]


def deployment(pods: int) -> dict[str, Any]:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": IMAGE}]}}
    # one pod more than desired at a time: a simulated rollout of thousands takes a minute
    strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    spec = {"replicas": pods, "strategy": strategy, "selector": {"matchLabels": labels}, "template": template}
    metadata = {"name": "web", "namespace": NS, "labels": labels}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def asked(simulator: FaultySimulator, activity: Callable[[], object]) -> Cost:
    """Have an activity do its work; what it asked, and how many bytes it was answered with."""
    before = len(simulator.requests)
    activity()
    sent = simulator.requests[before:]
    return dict(Counter(f"{r.method} {kind_of(r.path)}" for r in sent)), sum(r.sent for r in sent)


def timeline(simulator: FaultySimulator) -> Cost:
    """What it costs to begin to follow a Deployment; its watches are opened a moment later, in the background."""
    before, recorder = len(simulator.requests), Recorder(Target("web", NS, connect()))
    recorder.start()
    try:
        assert recorder.wait_until_following(60) and soon(lambda: recorder.webhooks is not None)
    finally:
        recorder.end()
    sent = [r for r in simulator.requests[before:] if "watch=true" not in r.path]
    return dict(Counter(f"{r.method} {kind_of(r.path)}" for r in sent)), sum(r.sent for r in sent)


def pulls(simulator: FaultySimulator) -> Cost:
    """What it costs to look at the pulls; what is asked in the background meanwhile does not count."""
    before = len(simulator.requests)
    probes.pull_backoff_growing("web", NS, timeout=0)
    # a watch that is opened late would count for the next activity
    assert soon(lambda: not following()), following()
    sent = [r for r in simulator.requests[before:] if "watch=true" not in r.path]
    sent = [r for r in sent if kind_of(r.path) not in ("services", "webhookconfigurations")]
    return dict(Counter(f"{r.method} {kind_of(r.path)}" for r in sent)), sum(r.sent for r in sent)


def kind_of(path: str) -> str:
    parts = urlsplit(path).path.split("/")
    if parts[-1] in ("v1", "api", "apis"):
        return "discovery"
    plural = parts[-2] if parts[-1] == NS else parts[parts.index(NS) + 1] if NS in parts else parts[-1]
    return "webhookconfigurations" if plural.endswith("webhookconfigurations") else plural


def costs(pods: int) -> dict[str, Cost]:
    """Go through a fault on a Deployment of so many pods; what each activity cost."""
    with (
        FaultySimulator([deployment(pods)], clock=ManualClock(time.time())) as simulator,
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("KUBECONFIG", str(simulator.kubeconfig))
        clock = simulator.world.clock
        assert isinstance(clock, ManualClock)
        # the controllers have acted before a patch is answered
        simulator.faults.hook("after", lambda request: clock.advance(2), "PATCH", times=None)
        cost = {
            name: asked(simulator, partial(getattr(probes, name), name="web", ns=NS, **more))
            for name, more in STEADY.items()
        }
        # the kubelet has pulled before the creation is answered
        simulator.faults.hook("after", lambda request: clock.advance(5), "POST", rf"/namespaces/{NS}/pods\?")
        cost["original_pullable"] = asked(simulator, partial(probes.original_pullable, "web", NS))
        cost["timeline"] = timeline(simulator)
        cost["corrupt_image"] = asked(simulator, lambda: corrupt_image("web", NS, guard=False))
        for name in ("image_pull_failing", "reconcile_cycles"):
            cost[name] = asked(simulator, partial(getattr(probes, name), "web", NS))
        cost["pull_backoff_growing"] = pulls(simulator)
        cost["restore_image"] = asked(simulator, lambda: restore_image("web", NS))
        cost["recovery_seconds"] = asked(simulator, lambda: probes.recovery_seconds("web", NS))
        return cost


@pytest.fixture(scope="module")
def measured() -> Iterator[tuple[dict[str, Cost], dict[str, Cost]]]:
    """What each activity cost with few and with many pods."""
    yield costs(FEW), costs(MANY)


@pytest.mark.parametrize("activity", COSTS)
def test_requests(activity: str, measured: tuple[dict[str, Cost], dict[str, Cost]]) -> None:
    few, many = (each[activity] for each in measured)
    assert few[0] == many[0] == COSTS[activity]


@pytest.mark.parametrize("activity", COSTS)
def test_bytes(activity: str, measured: tuple[dict[str, Cost], dict[str, Cost]]) -> None:
    few, many = (each[activity] for each in measured)
    assert few[1] > 0 and many[1] < few[1] * 1.2 + 200 and many[1] < 100_000


def test_every_probe_of_one_deployment_is_counted() -> None:
    assert {*probes.__all__} - {*many.__all__, *many_during.__all__} == COSTS.keys() - {
        "corrupt_image",
        "restore_image",
        "timeline",
    }
