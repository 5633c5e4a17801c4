"""What the comparison makes of recordings that there are none of: the simulator plays the cluster that is recorded."""

import itertools
from collections.abc import Callable

import pytest

from chaosimagecorrupt.simulator.conformance import Recording, conform
from chaosimagecorrupt.simulator.conformance.actions import actions
from chaosimagecorrupt.simulator.conformance.environment import clock_offset, missing_images, stubborn_images
from chaosimagecorrupt.simulator.conformance.histories import histories
from chaosimagecorrupt.simulator.conformance.recording import KINDS, Observation
from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.watch_cache import Change

from ..controller_cluster import (
    BAD,
    BETTER,
    DEPLOYMENTS,
    GOOD,
    PODS,
    SETS,
    ControllerCluster,
    deployment,
    pod_spec,
    rolling,
)

Steps = Callable[[ControllerCluster], None]


def record(steps: Steps, seed: int = 5, images: Images | None = None, **spec: object) -> Recording:
    """Return what is seen of a cluster with a Deployment to which some steps are done."""
    cluster = ControllerCluster(images, seed)
    start, seen = cluster.clock.now(), list[Observation]()

    def see(change: Change) -> None:
        if change.object["kind"] in KINDS:
            t = cluster.clock.now() - start
            seen.append(Observation(t, change.object["kind"], change.type, change.object))

    cluster.store.subscribe(see)
    cluster.create(deployment(**spec))  # type: ignore[arg-type]
    steps(cluster)
    return Recording("recorded", seen, cluster.clock.now() - start)


def corrupted(then: Steps) -> Steps:
    def steps(cluster: ControllerCluster) -> None:
        cluster.set_image(BAD, seconds=20)
        then(cluster)

    return steps


def restored(cluster: ControllerCluster) -> None:
    cluster.set_image(GOOD, seconds=10)


def resumed(cluster: ControllerCluster) -> None:
    cluster.set(paused=True)
    cluster.set_image(GOOD)
    cluster.set(paused=False)


def cleaned(cluster: ControllerCluster) -> None:
    restored(cluster)
    cluster.delete(SETS, cluster.sets()[BAD]["metadata"]["name"])


SCENARIOS: dict[str, tuple[Steps, dict[str, object]]] = {
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
    spec = {"strategy": {"type": "Recreate"}, "pod": pod_spec(terminationGracePeriodSeconds=6)}
    recording = record(lambda cluster: cluster.set_image(BETTER, seconds=20), images=Images(stubborn=[GOOD]), **spec)
    assert stubborn_images(recording) == {GOOD}
    assert conform(recording).difference is None


def test_a_deployment_that_behaves_otherwise_differs() -> None:
    """A Recreate Deployment that was recorded as RollingUpdate: its inputs are the same but for one word."""
    recording = record(corrupted(restored), strategy={"type": "Recreate"})
    for seen in recording.observations:
        if seen.kind == "Deployment":
            seen.object["spec"]["strategy"] = rolling(1, 0)
    assert conform(recording, 10).difference is not None


def test_what_users_did_is_read_from_the_differences() -> None:
    def steps(cluster: ControllerCluster) -> None:
        cluster.set_image(BAD)
        cluster.change(lambda obj: obj["metadata"].setdefault("annotations", {}).update({"a": "b"}))
        cluster.delete(PODS, cluster.pods(GOOD)[0]["metadata"]["name"])
        cluster.delete(DEPLOYMENTS, "web")

    found = actions(record(steps))
    assert [(each.verb, each.object["kind"]) for each in found] == [
        ("create", "Deployment"),
        ("change", "Deployment"),
        ("change", "Deployment"),
        ("delete", "Pod"),
        ("delete", "Deployment"),
    ]


def test_what_controllers_delete_is_not_a_user_s_doing() -> None:
    def steps(cluster: ControllerCluster) -> None:
        cluster.set_image(BETTER)
        cluster.set_image(BAD, seconds=20)
        cluster.set(replicas=1)
        restored(cluster)

    verbs = {each.verb for each in actions(record(steps, revisionHistoryLimit=0))}
    assert verbs == {"create", "change"}


def test_the_time_of_day_is_found_from_times_of_creation() -> None:
    recording = record(corrupted(restored))
    assert clock_offset(recording) == pytest.approx(1_700_000_000.0, abs=0.5)


def test_a_history_has_each_state_once_after_the_other() -> None:
    recording = record(corrupted(restored))
    for history in histories(recording.observations):
        states = [state for _, state in history.states]
        assert all(one != two for one, two in itertools.pairwise(states))
