"""Rollouts, from a change of the spec to the status."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chaosimagecorrupt.simulator.controllers.deployment.replica_counts import max_surge, max_unavailable
from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import (
    BAD,
    BETTER,
    DEPLOYMENTS,
    GOOD,
    NS,
    PODS,
    SETS,
    ControllerCluster,
    deployment,
    pod_spec,
    rolling,
)


def test_a_new_deployment_becomes_available(web: ControllerCluster) -> None:
    status = web.status()
    assert {name: status[name] for name in ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")} == (
        dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), 2)
    )
    assert "unavailableReplicas" not in status and status["terminatingReplicas"] == 0
    assert web.condition("Available")["reason"] == "MinimumReplicasAvailable"
    assert web.condition("Progressing")["reason"] == "NewReplicaSetAvailable"


def test_the_status_lags_the_spec(web: ControllerCluster) -> None:
    web.set_image(BAD, seconds=0)
    obj = web.deployment()
    assert (obj["metadata"]["generation"], obj["status"]["observedGeneration"]) == (2, 1)
    assert obj["status"]["updatedReplicas"] == 2
    web.clock.advance(0.2)
    assert web.status()["observedGeneration"] == 2


def test_while_an_image_cannot_be_pulled_the_old_pods_keep_it_available(web: ControllerCluster) -> None:
    web.set_image(BAD, seconds=30)
    status = web.status()
    assert (status["replicas"], status["updatedReplicas"], status["readyReplicas"]) == (3, 1, 2)
    assert status["unavailableReplicas"] == 1
    assert web.condition("Available")["status"] == "True"
    assert web.sizes() == {GOOD: 2, BAD: 1}


def test_a_newer_image_replaces_one_that_cannot_be_pulled(web: ControllerCluster) -> None:
    web.set_image(BAD, seconds=20)
    web.set_image(BETTER, seconds=10)
    assert web.sizes() == {GOOD: 0, BAD: 0, BETTER: 2}
    assert web.condition("Progressing")["reason"] == "NewReplicaSetAvailable"
    assert len(web.pods()) == 2


@settings(max_examples=60, deadline=None)
@given(
    replicas=st.integers(1, 6),
    surge=st.sampled_from([0, 1, 2, "25%", "50%", "100%"]),
    unavailable=st.sampled_from([0, 1, 2, "25%", "50%"]),
    image=st.sampled_from([BETTER, BAD]),
    seed=st.integers(0, 1000),
)
def test_a_rolling_update_keeps_within_surge_and_unavailability(
    replicas: int, surge: int | str, unavailable: int | str, image: str, seed: int
) -> None:
    cluster = ControllerCluster(seed=seed)
    obj = deployment(replicas=replicas, strategy=rolling(surge, unavailable))
    cluster.create(obj)
    cluster.set_image(image, seconds=0)
    for _ in range(60):
        cluster.clock.advance(0.25)
        assert sum(cluster.sizes().values()) <= replicas + max_surge(obj)
        assert cluster.status().get("availableReplicas", 0) >= replicas - max_unavailable(obj)
    assert cluster.sizes()[image] == replicas or image == BAD


def test_recreate_starts_no_new_pod_while_an_old_one_runs(cluster: ControllerCluster) -> None:
    cluster.create(deployment(strategy={"type": "Recreate"}))
    cluster.set_image(BETTER, seconds=0)
    while cluster.pods(GOOD):
        cluster.clock.advance(0.01)
        running = [pod for pod in cluster.pods(GOOD) if pod["status"]["phase"] == "Running"]
        assert not running or not cluster.pods(BETTER)
    cluster.clock.advance(5)
    assert cluster.sizes() == {GOOD: 0, BETTER: 2}
    assert cluster.status()["readyReplicas"] == 2


def test_recreate_leaves_nothing_running_when_the_new_image_cannot_be_pulled(cluster: ControllerCluster) -> None:
    cluster.create(deployment(strategy={"type": "Recreate"}))
    cluster.set_image(BAD, seconds=20)
    assert "readyReplicas" not in cluster.status()
    assert cluster.condition("Available")["reason"] == "MinimumReplicasUnavailable"


def test_with_one_unavailable_and_no_surge_a_ready_pod_is_lost(cluster: ControllerCluster) -> None:
    cluster.create(deployment(replicas=3, strategy=rolling(0, 1)))
    cluster.set_image(BAD, seconds=20)
    assert cluster.sizes() == {GOOD: 2, BAD: 1}
    assert cluster.status()["readyReplicas"] == 2


def test_a_rollout_that_gets_stuck_exceeds_its_deadline(cluster: ControllerCluster) -> None:
    cluster.create(deployment(progressDeadlineSeconds=600))
    cluster.set_image(BAD, seconds=599)
    assert cluster.condition("Progressing")["status"] == "True"
    cluster.clock.advance(3)
    condition = cluster.condition("Progressing")
    name = cluster.sets()[BAD]["metadata"]["name"]
    assert (condition["status"], condition["reason"]) == ("False", "ProgressDeadlineExceeded")
    assert condition["message"] == f'ReplicaSet "{name}" has timed out progressing.'


def test_a_rollout_that_moves_again_is_progressing_again(cluster: ControllerCluster) -> None:
    cluster.create(deployment(progressDeadlineSeconds=10))
    cluster.set_image(BAD, seconds=20)
    cluster.set_image(GOOD)
    assert cluster.condition("Progressing")["reason"] == "NewReplicaSetAvailable"


def test_the_greatest_deadline_means_none(cluster: ControllerCluster) -> None:
    cluster.create(deployment(progressDeadlineSeconds=2147483647))
    cluster.set_image(BAD, seconds=3000)
    assert cluster.condition("Progressing") == {}


def test_a_finished_rollout_never_times_out(web: ControllerCluster) -> None:
    web.clock.advance(10_000)
    assert web.condition("Progressing")["reason"] == "NewReplicaSetAvailable"


def test_pods_are_available_only_after_min_ready_seconds(cluster: ControllerCluster) -> None:
    cluster.create(deployment(minReadySeconds=10), seconds=8)
    assert (cluster.status()["readyReplicas"], cluster.status().get("availableReplicas")) == (2, None)
    cluster.clock.advance(4)
    assert cluster.status()["availableReplicas"] == 2
    assert cluster.sets()[GOOD]["spec"]["minReadySeconds"] == 10


def test_a_paused_deployment_rolls_nothing_out_and_says_so(web: ControllerCluster) -> None:
    web.set(paused=True)
    web.set_image(BAD)
    assert web.sizes() == {GOOD: 2}
    assert (web.condition("Progressing")["status"], web.condition("Progressing")["reason"]) == (
        "Unknown",
        "DeploymentPaused",
    )
    assert web.status()["observedGeneration"] == web.deployment()["metadata"]["generation"]


def test_a_resumed_deployment_goes_on(web: ControllerCluster) -> None:
    web.set(paused=True)
    web.set_image(BETTER)
    web.set(paused=False, seconds=10)
    assert web.sizes() == {GOOD: 0, BETTER: 2}
    reasons = [each for each in web.history_of(DEPLOYMENTS, progressing_reason) if each]
    assert "DeploymentResumed" in reasons and reasons[-1] == "NewReplicaSetAvailable"


def progressing_reason(obj: Object) -> str | None:
    conditions = obj["status"].get("conditions", ())
    return next((each["reason"] for each in conditions if each["type"] == "Progressing"), None)


def test_a_paused_deployment_is_scaled_all_the_same(web: ControllerCluster) -> None:
    web.set(paused=True)
    web.set(replicas=4)
    assert (web.sizes(), web.status()["readyReplicas"]) == ({GOOD: 4}, 4)


def test_a_stuck_rollout_that_is_paused_keeps_its_verdict(cluster: ControllerCluster) -> None:
    cluster.create(deployment(progressDeadlineSeconds=5))
    cluster.set_image(BAD, seconds=20)
    cluster.set(paused=True)
    assert cluster.condition("Progressing")["reason"] == "ProgressDeadlineExceeded"


def test_only_so_many_old_replica_sets_are_kept(cluster: ControllerCluster) -> None:
    cluster.create(deployment(revisionHistoryLimit=2))
    for number in range(5):
        cluster.set_image(f"quay.io/app:{number}")
    assert set(cluster.sizes()) == {"quay.io/app:2", "quay.io/app:3", "quay.io/app:4"}


def test_nothing_is_cleaned_up_before_a_rollout_is_complete(cluster: ControllerCluster) -> None:
    cluster.create(deployment(revisionHistoryLimit=0))
    cluster.set_image(BETTER)
    cluster.set_image(BAD, seconds=20)
    assert set(cluster.sizes()) == {BETTER, BAD}
    cluster.set_image(BETTER)
    assert set(cluster.sizes()) == {BETTER}


def test_a_change_of_annotations_is_observed_without_a_rollout(web: ControllerCluster) -> None:
    web.change(lambda obj: obj["metadata"].setdefault("annotations", {}).update({"team": "a"}))
    obj = web.deployment()
    assert obj["metadata"]["generation"] == obj["status"]["observedGeneration"] == 2
    assert web.sizes() == {GOOD: 2}


def test_two_deployments_do_not_touch_each_other(cluster: ControllerCluster) -> None:
    cluster.create(deployment("one"))
    cluster.create(deployment("two", pod=pod_spec(BETTER)))
    cluster.set_image(BAD, "two", seconds=10)
    assert (cluster.status("one")["readyReplicas"], cluster.status("one")["updatedReplicas"]) == (2, 2)
    assert cluster.sizes() == {GOOD: 2, BETTER: 2, BAD: 1}


def test_white_space_around_an_image_fails_the_creation_of_pods_not_the_deployment(web: ControllerCluster) -> None:
    web.set_image(" lead", seconds=1)
    failure = web.condition("ReplicaFailure")
    assert (failure["status"], failure["reason"]) == ("True", "FailedCreate")
    assert failure["message"].endswith(
        'spec.containers[0].image: Invalid value: " lead": must not have leading or trailing whitespace'
    )
    web.set_image(GOOD)
    assert web.condition("ReplicaFailure") == {}


def test_a_deleted_deployment_takes_its_replica_sets_and_pods_along(web: ControllerCluster) -> None:
    web.set_image(BAD, seconds=10)
    web.delete(DEPLOYMENTS, "web")
    assert web.store.list(SETS, NS) == [] and web.pods() == []


def test_a_replica_set_that_is_deleted_by_hand_comes_back(web: ControllerCluster) -> None:
    web.delete(SETS, web.sets()[GOOD]["metadata"]["name"])
    assert web.status()["readyReplicas"] == 2
    assert web.sizes() == {GOOD: 2}


def test_the_corrupt_replica_set_may_be_deleted_from_the_history(web: ControllerCluster) -> None:
    web.set_image(BAD, seconds=10)
    web.set_image(GOOD)
    web.delete(SETS, web.sets()[BAD]["metadata"]["name"])
    assert web.sizes() == {GOOD: 2}
    assert web.condition("Progressing")["reason"] == "NewReplicaSetAvailable"


def test_ignoring_sigterm_processes_take_all_of_their_grace_period() -> None:
    cluster = ControllerCluster(Images(ignoring_sigterm=[GOOD]))
    cluster.create(deployment(strategy={"type": "Recreate"}, pod=pod_spec(terminationGracePeriodSeconds=7)))
    cluster.set_image(BETTER, seconds=6.5)
    assert len(cluster.pods(GOOD)) == 2 and not cluster.pods(BETTER)
    cluster.clock.advance(3)
    assert not cluster.pods(GOOD) and cluster.status()["readyReplicas"] == 2


ACTS = st.one_of(
    st.tuples(st.just("image"), st.sampled_from([GOOD, BETTER, BAD])),
    st.tuples(st.just("replicas"), st.integers(0, 4)),
    st.tuples(st.just("paused"), st.booleans()),
    st.tuples(st.just("delete pod"), st.integers(0, 5)),
    st.tuples(st.just("delete replica set"), st.integers(0, 2)),
)


def act(cluster: ControllerCluster, what: str, value: Any, seconds: float) -> None:
    if what == "image":
        cluster.set_image(str(value), seconds=seconds)
    elif what in ("replicas", "paused"):
        cluster.set(seconds=seconds, **{what: value})
    else:
        resource = PODS if what == "delete pod" else SETS
        for obj in cluster.store.list(resource, NS)[int(value) :][:1]:
            cluster.delete(resource, obj["metadata"]["name"], seconds=seconds)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(ACTS, st.sampled_from([0.0, 0.01, 0.03, 0.2, 1.0, 15.0])), max_size=8),
    st.sampled_from([rolling("25%", "25%"), rolling(0, 1), {"type": "Recreate"}]),
    st.integers(0, 1000),
)
def test_whatever_was_done_in_the_end_everything_is_as_the_spec_says(
    acts: list[tuple[tuple[str, object], float]], strategy: Object, seed: int
) -> None:
    cluster = ControllerCluster(seed=seed)
    cluster.create(deployment(strategy=strategy))
    for (what, value), seconds in acts:
        act(cluster, what, value, seconds)
    # to a size that no ReplicaSet has by randomness: the real controller, too, takes such a one for scaled already
    cluster.set(paused=False, replicas=9, seconds=0)
    cluster.set_image(GOOD, seconds=120)
    status = cluster.status()
    assert (status["replicas"], status["availableReplicas"], status["updatedReplicas"]) == (9, 9, 9)
    assert status["observedGeneration"] == cluster.deployment()["metadata"]["generation"]
    assert {image: size for image, size in cluster.sizes().items() if size} == {GOOD: 9}
    assert len(cluster.pods()) == 9 and cluster.condition("Progressing")["reason"] == "NewReplicaSetAvailable"
