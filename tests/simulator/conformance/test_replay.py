"""What the comparison makes of recordings that there are none of: the simulator plays the cluster that is recorded."""

from collections.abc import Callable

import pytest

from chaosimagecorrupt.simulator.conformance import conform
from chaosimagecorrupt.simulator.conformance.environment import images_ignoring_sigterm, missing_images
from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import (
    BAD,
    BETTER,
    DAEMON_SETS,
    DEPLOYMENTS,
    GOOD,
    PODS,
    REVISIONS,
    SETS,
    STATEFUL_SETS,
    ControllerCluster,
    daemon_set,
    pod_spec,
    rolling,
    stateful_set,
)
from .recorded import Steps, corrupted, record, restored


def resumed(cluster: ControllerCluster) -> None:
    cluster.set(paused=True)
    cluster.set_image(GOOD)
    cluster.set(paused=False)


def cleaned(cluster: ControllerCluster) -> None:
    restored(cluster)
    cluster.delete(SETS, cluster.sets()[BAD]["metadata"]["name"])


SCENARIOS: dict[str, tuple[Steps, Object]] = {
    "one replica": (corrupted(restored), {"replicas": 1}),
    "scaled up while corrupted": (corrupted(lambda cluster: cluster.set(replicas=4)), {}),
    "scaled down while corrupted": (corrupted(lambda cluster: cluster.set(replicas=1)), {"replicas": 3}),
    "a newer image while corrupted": (corrupted(lambda cluster: cluster.set_image(BETTER)), {}),
    "minReadySeconds": (corrupted(restored), {"minReadySeconds": 3}),
    "surge": (corrupted(restored), {"replicas": 3, "strategy": rolling("100%", 0)}),
    "Recreate with a deadline": (
        corrupted(restored),
        {"strategy": {"type": "Recreate"}, "progressDeadlineSeconds": 7},
    ),
    "no deadline": (corrupted(restored), {"progressDeadlineSeconds": 2147483647}),
    "paused and resumed": (corrupted(resumed), {}),
    "no history": (corrupted(restored), {"revisionHistoryLimit": 0}),
    "deleted while corrupted": (corrupted(lambda cluster: cluster.delete(DEPLOYMENTS, "web")), {}),
    "deleted in the foreground": (
        corrupted(lambda cluster: cluster.delete(DEPLOYMENTS, "web", "foregroundDeletion")),
        {},
    ),
    "a Pod deleted by hand": (
        lambda cluster: cluster.delete(PODS, cluster.pods()[1]["metadata"]["name"]),
        {},
    ),
    "the corrupt ReplicaSet deleted by hand": (corrupted(cleaned), {}),
    "imagePullPolicy Never": (
        corrupted(restored),
        {"pod": {"containers": [{"name": "app", "image": GOOD, "imagePullPolicy": "Never"}]}},
    ),
    "two containers": (
        corrupted(restored),
        {"pod": {"containers": [{"name": "app", "image": GOOD}, {"name": "side", "image": BETTER}]}},
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_other_latencies_are_no_difference(name: str) -> None:
    steps, spec = SCENARIOS[name]
    result = conform(record(steps, **spec))
    assert result.difference is None, str(result.difference)


Many = list[Callable[[ControllerCluster], object]]


def image(reference: str, resource: str, seconds: float = 15) -> Callable[[ControllerCluster], object]:
    return lambda cluster: cluster.set_image(reference, resource=resource, seconds=seconds)


def pod_deleted(name: str) -> Callable[[ControllerCluster], object]:
    return lambda cluster: cluster.delete(PODS, name)


def scaled(replicas: int) -> Callable[[ControllerCluster], object]:
    change = {"replicas": replicas}
    return lambda cluster: cluster.change(lambda obj: obj["spec"].update(change), resource=STATEFUL_SETS, seconds=10)


def only_pod_deleted(cluster: ControllerCluster) -> None:
    cluster.delete(PODS, cluster.pods()[0]["metadata"]["name"])


def corrupt_revision_deleted(cluster: ControllerCluster) -> None:
    [corrupt] = [each for each in cluster.store.list(REVISIONS) if each["revision"] == 2]
    cluster.delete(REVISIONS, corrupt["metadata"]["name"])


FROM_1 = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
SURGE = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
ON_DELETE = {"type": "OnDelete"}
STS_FAULT: Many = [image(BAD, STATEFUL_SETS), image(GOOD, STATEFUL_SETS)]
DS_FAULT: Many = [image(BAD, DAEMON_SETS), image(GOOD, DAEMON_SETS)]

STATEFUL: dict[str, tuple[Object, Many]] = {
    "partition": (stateful_set(updateStrategy=FROM_1), [*STS_FAULT, pod_deleted("web-2"), pod_deleted("web-0")]),
    "scaled": (stateful_set(replicas=2), [scaled(4), scaled(1)]),
    "scaled in parallel": (stateful_set(podManagementPolicy="Parallel"), [scaled(4), scaled(0), scaled(3)]),
    "scaled while corrupted": (stateful_set(), [STS_FAULT[0], scaled(4), scaled(2), STS_FAULT[1]]),
    "restored at once": (stateful_set(), [image(BAD, STATEFUL_SETS, 0.3), STS_FAULT[1]]),
    "without a trace": (stateful_set(), [*STS_FAULT, pod_deleted("web-2"), corrupt_revision_deleted]),
    "minReadySeconds": (stateful_set(minReadySeconds=3), [image(BETTER, STATEFUL_SETS, 40)]),
    "no history": (stateful_set(replicas=1, revisionHistoryLimit=0), STS_FAULT),
}
DAEMONS: dict[str, tuple[Object, Many]] = {
    "OnDelete": (daemon_set(updateStrategy=ON_DELETE), [DS_FAULT[0], only_pod_deleted, DS_FAULT[1], only_pod_deleted]),
    "restored at once": (daemon_set(), [image(BAD, DAEMON_SETS, 0.3), DS_FAULT[1]]),
    "surge": (daemon_set(updateStrategy=SURGE), [*DS_FAULT, image(BETTER, DAEMON_SETS)]),
    "without a trace": (daemon_set(), [*DS_FAULT, corrupt_revision_deleted]),
}


@pytest.mark.parametrize(
    ("resource", "name"), [*((STATEFUL_SETS, name) for name in STATEFUL), *((DAEMON_SETS, name) for name in DAEMONS)]
)
def test_other_latencies_are_no_difference_for_stateful_sets_and_daemon_sets(resource: str, name: str) -> None:
    workload, steps = {STATEFUL_SETS: STATEFUL, DAEMON_SETS: DAEMONS}[resource][name]

    def play(cluster: ControllerCluster) -> None:
        for step in steps:
            step(cluster)

    result = conform(record(play, workload=workload, resource=resource))
    assert result.difference is None, str(result.difference)


def test_an_image_that_the_recorded_node_did_not_have_is_missing_in_the_replay_too() -> None:
    recording = record(lambda cluster: cluster.set_image(BETTER, seconds=20), images=Images(missing=[BETTER]))
    assert missing_images(recording) == {BETTER}
    assert conform(recording).difference is None


def test_processes_that_had_to_be_killed_are_killed_in_the_replay_too() -> None:
    spec: Object = {"strategy": {"type": "Recreate"}, "pod": pod_spec(terminationGracePeriodSeconds=6)}
    recording = record(
        lambda cluster: cluster.set_image(BETTER, seconds=20), images=Images(ignoring_sigterm=[GOOD]), **spec
    )
    assert images_ignoring_sigterm(recording) == {GOOD}
    assert conform(recording).difference is None


def test_a_deployment_that_behaves_otherwise_differs() -> None:
    """A Recreate Deployment that was recorded as RollingUpdate: its inputs are the same but for one word."""
    recording = record(corrupted(restored), strategy={"type": "Recreate"})
    for seen in recording.observations:
        if seen.kind == "Deployment":
            seen.object["spec"]["strategy"] = rolling(1, 0)
    assert conform(recording, 10).difference is not None
