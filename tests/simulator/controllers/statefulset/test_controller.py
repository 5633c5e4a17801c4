"""When a StatefulSet is synced, and what is written."""

from ...controller_cluster import BAD, GOOD, NS, PODS, REVISIONS, STATEFUL_SETS, ControllerCluster, stateful_set


def labels(cluster: ControllerCluster, name: str, **changes: str | None) -> None:
    def change(pod: dict[str, object]) -> None:
        metadata = pod["metadata"]
        assert isinstance(metadata, dict)
        metadata["labels"] = {k: v for k, v in {**metadata["labels"], **changes}.items() if v is not None}

    cluster.change(change, name, resource=PODS, seconds=5)


def test_the_status_is_that_of_the_recorded_cluster(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(), STATEFUL_SETS)
    [revision] = cluster.store.list(REVISIONS)
    name = revision["metadata"]["name"]
    assert cluster.client.get(STATEFUL_SETS, NS, "web")["status"] == {
        "observedGeneration": 1,
        "replicas": 3,
        "readyReplicas": 3,
        "currentReplicas": 3,
        "updatedReplicas": 3,
        "currentRevision": name,
        "updateRevision": name,
        "collisionCount": 0,
        "availableReplicas": 3,
    }


def test_pods_are_available_after_min_ready_seconds_and_the_next_one_waits_for_it(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(replicas=2, minReadySeconds=10), STATEFUL_SETS)
    status = cluster.client.get(STATEFUL_SETS, NS, "web")["status"]
    assert (status["readyReplicas"], status["availableReplicas"], list(cluster.pod_images())) == (1, 0, ["web-0"])
    cluster.clock.advance(30)
    assert cluster.client.get(STATEFUL_SETS, NS, "web")["status"]["availableReplicas"] == 2


def test_the_spec_may_change_while_a_sync_is_under_way(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(), STATEFUL_SETS)
    for image in (BAD, GOOD, BAD, GOOD):
        cluster.set_image(image, resource=STATEFUL_SETS, seconds=0.01)
    cluster.clock.advance(30)
    obj = cluster.client.get(STATEFUL_SETS, NS, "web")
    assert obj["status"]["observedGeneration"] == obj["metadata"]["generation"] == 5


def test_what_it_owns_goes_with_it(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(), STATEFUL_SETS)
    cluster.delete(STATEFUL_SETS, "web")
    assert cluster.pods() == [] and cluster.store.list(REVISIONS) == []


def test_it_waits_for_what_it_owns_when_deleted_in_the_foreground(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(), STATEFUL_SETS)
    cluster.delete(STATEFUL_SETS, "web", policy="foregroundDeletion", seconds=0.5)
    assert cluster.store.get(STATEFUL_SETS, NS, "web") is not None
    cluster.clock.advance(10)
    assert cluster.store.get(STATEFUL_SETS, NS, "web") is None and cluster.pods() == []


def test_a_pod_is_released_with_its_labels_and_adopted_with_them(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(replicas=2), STATEFUL_SETS)
    uid = cluster.client.get(PODS, NS, "web-1")["metadata"]["uid"]
    labels(cluster, "web-1", app="other")
    assert "ownerReferences" not in cluster.client.get(PODS, NS, "web-1")["metadata"]
    labels(cluster, "web-1", app="web")
    pod = cluster.client.get(PODS, NS, "web-1")
    assert pod["metadata"]["uid"] == uid and pod["metadata"]["ownerReferences"]
    assert cluster.client.get(STATEFUL_SETS, NS, "web")["status"]["readyReplicas"] == 2


def test_a_pod_of_another_name_is_not_adopted(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(replicas=1), STATEFUL_SETS)
    spec = cluster.pods()[0]["spec"]
    cluster.create({"metadata": {"name": "stray", "namespace": NS, "labels": {"app": "web"}}, "spec": spec}, PODS)
    assert "ownerReferences" not in cluster.client.get(PODS, NS, "stray")["metadata"]
