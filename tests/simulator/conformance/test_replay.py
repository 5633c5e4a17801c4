"""What the comparison makes of recordings that there are none of: the simulator plays the cluster that is recorded."""

import pytest

from chaosimagecorrupt.simulator.conformance import conform
from chaosimagecorrupt.simulator.conformance.environment import images_ignoring_sigterm, missing_images
from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import (
    BAD,
    BETTER,
    DEPLOYMENTS,
    GOOD,
    PODS,
    SETS,
    ControllerCluster,
    pod_spec,
    rolling,
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
