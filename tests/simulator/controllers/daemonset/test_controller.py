"""When a DaemonSet is synced, and what is written."""

from typing import Any

from ...controller_cluster import DAEMON_SETS, NS, PODS, REVISIONS, ControllerCluster, daemon_set


def status(cluster: ControllerCluster) -> Any:
    return cluster.client.get(DAEMON_SETS, NS, "web")["status"]


def messages(cluster: ControllerCluster, reason: str) -> list[str]:
    return [event["message"] for event in cluster.events(reason)]


def test_the_status_is_that_of_the_recorded_cluster(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(), DAEMON_SETS)
    assert status(cluster) == {
        "currentNumberScheduled": 1,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": 1,
        "numberReady": 1,
        "observedGeneration": 1,
        "updatedNumberScheduled": 1,
        "numberAvailable": 1,
    }


def test_events_say_what_was_created_and_deleted(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(), DAEMON_SETS)
    [name] = cluster.pod_images()
    cluster.set_image("b:1", resource=DAEMON_SETS)
    assert messages(cluster, "SuccessfulDelete") == [f"Deleted pod: {name}"]
    assert set(messages(cluster, "SuccessfulCreate")) == {
        f"Created pod: {each}" for each in (name, *cluster.pod_images())
    }


def test_a_pod_that_a_quota_forbids_is_reported_and_tried_again(cluster: ControllerCluster) -> None:
    quota = {"metadata": {"name": "none", "namespace": NS}, "spec": {"hard": {"pods": "0"}}}
    cluster.create(quota, "resourcequotas")
    cluster.create(daemon_set(), DAEMON_SETS)
    assert status(cluster)["numberUnavailable"] == 1
    assert all("is forbidden: exceeded quota: none" in each for each in messages(cluster, "FailedCreate"))
    cluster.change(lambda obj: obj["spec"]["hard"].update(pods="1"), "none", resource="resourcequotas", seconds=60)
    assert status(cluster)["numberAvailable"] == 1


def test_a_node_that_comes_gets_a_pod_and_one_that_does_not_match_loses_it(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(pod={"nodeSelector": {"on": "yes"}}), DAEMON_SETS)
    assert status(cluster)["desiredNumberScheduled"] == 0
    cluster.create({"metadata": {"name": "node2", "labels": {"on": "yes"}}}, "nodes")
    assert status(cluster)["numberAvailable"] == 1
    cluster.client.patch("nodes", "", "node2", lambda obj: {**obj, "metadata": {**obj["metadata"], "labels": {}}})
    cluster.clock.advance(5)
    assert status(cluster)["desiredNumberScheduled"] == 0 and cluster.pods() == []


def test_a_pod_that_is_deleted_is_replaced(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(), DAEMON_SETS)
    [name] = cluster.pod_images()
    cluster.delete(PODS, name)
    assert status(cluster)["numberAvailable"] == 1 and list(cluster.pod_images()) != [name]


def test_pods_are_available_after_min_ready_seconds(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(minReadySeconds=10), DAEMON_SETS)
    assert (status(cluster)["numberReady"], status(cluster).get("numberAvailable", 0)) == (1, 0)
    cluster.clock.advance(10)
    assert status(cluster)["numberAvailable"] == 1


def test_a_pod_that_has_ended_is_replaced(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(), DAEMON_SETS)
    [name] = cluster.pod_images()
    cluster.client.patch_status(PODS, NS, name, lambda pod: {**pod, "status": {**pod["status"], "phase": "Failed"}})
    cluster.clock.advance(5)
    assert list(cluster.pod_images()) != [name] and status(cluster)["numberAvailable"] == 1


def test_what_it_owns_goes_with_it(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(), DAEMON_SETS)
    cluster.delete(DAEMON_SETS, "web")
    assert cluster.pods() == [] and cluster.store.list(REVISIONS) == []


def test_what_was_orphaned_is_adopted(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(), DAEMON_SETS)
    [pod] = cluster.pods()
    cluster.delete(DAEMON_SETS, "web", policy="orphan")
    cluster.create(daemon_set(), DAEMON_SETS)
    assert [each["metadata"]["uid"] for each in cluster.pods()] == [pod["metadata"]["uid"]]
    assert len(cluster.store.list(REVISIONS)) == 1 and status(cluster)["updatedNumberScheduled"] == 1
