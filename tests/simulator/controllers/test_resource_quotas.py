"""The status of ResourceQuotas."""

from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import BAD, GOOD, NS, PODS, ControllerCluster, deployment, pod_spec

QUOTAS = "resourcequotas"


def limited(cluster: ControllerCluster, hard: Object) -> None:
    cluster.create({"metadata": {"name": "q", "namespace": NS}, "spec": {"hard": hard}}, QUOTAS)


def status(cluster: ControllerCluster) -> Object:
    found: Object = cluster.client.get(QUOTAS, NS, "q")["status"]
    return found


def test_a_new_quota_counts_what_is_there(cluster: ControllerCluster) -> None:
    cluster.create(deployment())
    limited(cluster, {"pods": "0004", "count/replicasets.apps": "5"})
    assert status(cluster) == {
        "hard": {"pods": "4", "count/replicasets.apps": "5"},
        "used": {"pods": "2", "count/replicasets.apps": "1"},
    }


def test_pods_are_charged_when_they_are_created_and_credited_when_they_end(cluster: ControllerCluster) -> None:
    limited(cluster, {"pods": "5"})
    cluster.create(deployment(replicas=3), seconds=0.2)
    assert status(cluster)["used"] == {"pods": "3"}
    cluster.set(replicas=1)
    assert status(cluster)["used"] == {"pods": "1"}


def test_a_changed_quota_is_computed_again(cluster: ControllerCluster) -> None:
    limited(cluster, {"pods": "5"})
    cluster.create(deployment())
    cluster.client.patch(QUOTAS, NS, "q", lambda obj: {**obj, "spec": {"hard": {"count/pods": "3"}}})
    cluster.clock.advance(1)
    assert status(cluster) == {"hard": {"count/pods": "3"}, "used": {"count/pods": "2"}}


def test_a_rollout_waits_for_the_quota_and_goes_on_when_it_has_room(cluster: ControllerCluster) -> None:
    cluster.create(deployment())
    limited(cluster, {"pods": "2"})
    cluster.set_image(BAD)
    assert cluster.condition("ReplicaFailure")["reason"] == "FailedCreate"
    expected = "is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2"
    assert cluster.condition("ReplicaFailure")["message"].endswith(expected)
    cluster.client.patch(QUOTAS, NS, "q", lambda obj: {**obj, "spec": {"hard": {"pods": "3"}}})
    cluster.clock.advance(120)
    assert len(cluster.pods(BAD)) == 1


def test_a_quota_of_cpu_refuses_the_pods_of_a_template_without_requests(cluster: ControllerCluster) -> None:
    limited(cluster, {"requests.cpu": "4"})
    cluster.create(deployment())
    assert cluster.pods() == []
    expected = "is forbidden: failed quota: q: must specify requests.cpu for: app"
    assert cluster.condition("ReplicaFailure")["message"].endswith(expected)


def test_a_quota_of_replica_sets_refuses_the_new_one_and_the_deployment_says_so(cluster: ControllerCluster) -> None:
    cluster.create(deployment())
    limited(cluster, {"count/replicasets.apps": "1"})
    cluster.set_image(BAD)
    assert list(cluster.sets()) == [GOOD]
    condition = cluster.condition("Progressing")
    assert (condition["status"], condition["reason"]) == ("False", "ReplicaSetCreateError")
    assert "exceeded quota: q, requested: count/replicasets.apps=1" in condition["message"]
    assert [event["type"] for event in cluster.events("ReplicaSetCreateError")][:1] == ["Warning"]


def test_a_pod_that_failed_no_longer_uses_what_it_requested(cluster: ControllerCluster) -> None:
    limited(cluster, {"pods": "5", "count/pods": "5"})
    cluster.create({"metadata": {"name": "one", "namespace": NS}, "spec": pod_spec()}, PODS)
    cluster.client.patch_status(PODS, NS, "one", lambda obj: {**obj, "status": {**obj["status"], "phase": "Failed"}})
    cluster.clock.advance(1)
    assert status(cluster)["used"] == {"pods": "0", "count/pods": "1"}
