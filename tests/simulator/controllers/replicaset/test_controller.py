"""The Pods of a ReplicaSet are created, deleted and counted."""

import pytest

from chaosimagecorrupt.simulator.controllers.errors import StatusError
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import BAD, GOOD, NS, PODS, SETS, ControllerCluster, deployment, pod_spec


def quota(pods: int) -> Object:
    return {"metadata": {"name": "few", "namespace": NS}, "spec": {"hard": {"pods": str(pods)}}}


def test_a_pod_that_is_deleted_is_replaced(web: ControllerCluster) -> None:
    before = {pod["metadata"]["name"] for pod in web.pods()}
    web.delete(PODS, min(before))
    assert len(before & {pod["metadata"]["name"] for pod in web.pods()}) == 1
    assert web.status()["readyReplicas"] == 2


def test_a_pod_says_which_replica_set_it_belongs_to(web: ControllerCluster) -> None:
    replica_set = web.sets()[GOOD]["metadata"]
    pod = web.pods()[0]["metadata"]
    assert pod["name"].startswith(f"{replica_set['name']}-") and pod["generateName"] == f"{replica_set['name']}-"
    assert pod["labels"] == {"app": "web", "pod-template-hash": replica_set["labels"]["pod-template-hash"]}
    assert pod["ownerReferences"][0]["uid"] == replica_set["uid"]


def test_the_counts_of_a_replica_set_tell_ready_from_available_and_ending(web: ControllerCluster) -> None:
    web.set(replicas=3, minReadySeconds=30, seconds=3)
    status = web.sets()[GOOD]["status"]
    assert (status["replicas"], status["fullyLabeledReplicas"], status["readyReplicas"]) == (3, 3, 3)
    # the two that have been ready before have been so for long enough or not, the third one has not
    assert status.get("availableReplicas", 0) < 3
    web.set(replicas=1, seconds=0.06)
    assert web.sets()[GOOD]["status"]["terminatingReplicas"] == 2
    web.clock.advance(10)
    assert web.sets()[GOOD]["status"]["terminatingReplicas"] == 0


def test_pods_that_never_started_go_first(web: ControllerCluster) -> None:
    ready = {pod["metadata"]["name"] for pod in web.pods()}
    web.images.missing.add(GOOD)
    for pod in web.pods()[:1]:
        web.delete(PODS, pod["metadata"]["name"])
    stuck = {pod["metadata"]["name"] for pod in web.pods()} - ready
    web.set(replicas=1)
    left = {pod["metadata"]["name"] for pod in web.pods()}
    assert len(left) == 1 and not left & stuck


def test_a_quota_stops_a_rollout_and_the_replica_set_says_so(web: ControllerCluster) -> None:
    web.create(quota(2), "resourcequotas")
    web.set(replicas=4, seconds=2)
    failure = web.condition("ReplicaFailure")
    assert failure["reason"] == "FailedCreate"
    assert "exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2" in failure["message"]
    web.store.delete("resourcequotas", NS, "few")
    web.clock.advance(60)
    assert (web.status()["readyReplicas"], web.condition("ReplicaFailure")) == (4, {})


def test_creation_that_fails_is_tried_again_ever_more_rarely(web: ControllerCluster) -> None:
    web.create(quota(2), "resourcequotas")
    web.set(replicas=20, seconds=1)
    soon = sum(event["count"] for event in web.events("FailedCreate"))
    web.clock.advance(100)
    later = sum(event["count"] for event in web.events("FailedCreate"))
    # one Pod of the first batch fails, and then no more are tried
    assert 5 <= soon <= 12 and later - soon <= 8


def test_no_pod_is_created_in_a_namespace_that_is_going_away(web: ControllerCluster) -> None:
    marks = {"deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["example.com/wait"]}
    web.store.create("namespaces", {"metadata": {"name": NS, **marks}, "spec": {"finalizers": ["kubernetes"]}})
    with pytest.raises(StatusError, match="because it is being terminated"):
        web.client.create(PODS, {"metadata": {"name": "one", "namespace": NS}, "spec": pod_spec()})


def test_pods_are_created_in_growing_batches(web: ControllerCluster) -> None:
    web.set(replicas=30, seconds=0)
    made = [0]
    while made[-1] < 28:
        web.clock.advance(0.001)
        count = len(web.pods()) - 2
        if count != made[-1]:
            made.append(count)
    assert made[1] == 1 and len(made) < 28


def test_a_pod_that_ended_does_not_count(web: ControllerCluster) -> None:
    name = web.pods()[0]["metadata"]["name"]
    web.client.patch_status(PODS, NS, name, lambda pod: {**pod, "status": {**pod["status"], "phase": "Failed"}})
    web.clock.advance(5)
    assert len([pod for pod in web.pods() if pod["status"]["phase"] == "Running"]) == 2


def test_a_status_is_written_only_when_it_changes(web: ControllerCluster) -> None:
    web.clock.advance(10)
    revision = web.store.revision
    web.clock.advance(10_000)
    assert web.store.revision == revision


def test_replica_sets_of_one_s_own_work_too() -> None:
    cluster = ControllerCluster()
    spec = deployment()["spec"]
    cluster.create({"metadata": {"name": "own", "namespace": NS}, "spec": {**spec, "replicas": 3}}, SETS)
    assert cluster.sets()[GOOD]["status"]["readyReplicas"] == 3


def test_bad_images_do_not_keep_a_replica_set_from_counting() -> None:
    cluster = ControllerCluster()
    cluster.create(deployment(pod=pod_spec(BAD)), seconds=20)
    assert cluster.sets()[BAD]["status"] == {
        "replicas": 2,
        "fullyLabeledReplicas": 2,
        "terminatingReplicas": 0,
        "observedGeneration": 1,
    }
