"""How the Pods of a StatefulSet are created, replaced and deleted."""

from typing import Any

import pytest

from ...controller_cluster import BAD, BETTER, GOOD, NS, PODS, STATEFUL_SETS, ControllerCluster, stateful_set

FOREVER = {"readinessProbe": {"initialDelaySeconds": 1_000_000, "periodSeconds": 1, "httpGet": {"port": 80}}}


def made(cluster: ControllerCluster, **spec: Any) -> ControllerCluster:
    cluster.create(stateful_set(**spec), STATEFUL_SETS, seconds=20)
    return cluster


def status(cluster: ControllerCluster) -> Any:
    return cluster.client.get(STATEFUL_SETS, NS, "web")["status"]


def scale(cluster: ControllerCluster, replicas: int, seconds: float = 20) -> None:
    cluster.change(lambda obj: obj["spec"].update(replicas=replicas), resource=STATEFUL_SETS, seconds=seconds)


def order(cluster: ControllerCluster, type_: str) -> list[str]:
    """Return the names of the Pods that were created or removed, in order."""
    found = [each for each in cluster.changes if each.resource == PODS and each.type == type_]
    return [each.object["metadata"]["name"] for each in found]


def test_pods_are_created_one_after_the_other_each_when_those_before_are_ready(cluster: ControllerCluster) -> None:
    made(cluster)
    assert order(cluster, "ADDED") == ["web-0", "web-1", "web-2"]
    counts = cluster.history_of(STATEFUL_SETS, lambda obj: obj["status"].get("readyReplicas", 0))
    assert counts == [0, 1, 2, 3]


@pytest.mark.parametrize(("policy", "names"), [("OrderedReady", ["web-0"]), ("Parallel", ["web-0", "web-1", "web-2"])])
def test_a_pod_that_is_not_ready_holds_up_the_others_unless_parallel(
    cluster: ControllerCluster, policy: str, names: list[str]
) -> None:
    made(cluster, image=BAD, podManagementPolicy=policy)
    assert list(cluster.pod_images()) == names


def test_a_rollout_begins_with_the_last_pod_and_waits_for_it(cluster: ControllerCluster) -> None:
    made(cluster)
    cluster.set_image(BETTER, resource=STATEFUL_SETS, seconds=20)
    assert order(cluster, "DELETED") == ["web-2", "web-1", "web-0"]
    assert status(cluster)["currentRevision"] == status(cluster)["updateRevision"]
    cluster.set_image(BAD, resource=STATEFUL_SETS, seconds=20)
    assert cluster.pod_images() == {"web-0": BETTER, "web-1": BETTER, "web-2": BAD}
    assert (status(cluster)["readyReplicas"], status(cluster)["updatedReplicas"]) == (2, 1)


@pytest.mark.parametrize(("policy", "image"), [("OrderedReady", BAD), ("Parallel", GOOD)])
def test_a_stuck_pod_stays_after_the_restore_unless_parallel(
    cluster: ControllerCluster, policy: str, image: str
) -> None:
    made(cluster, podManagementPolicy=policy)
    cluster.set_image(BAD, resource=STATEFUL_SETS, seconds=20)
    cluster.set_image(GOOD, resource=STATEFUL_SETS, seconds=60)
    assert cluster.pod_images()["web-2"] == image
    cluster.delete(PODS, "web-2", seconds=10)
    assert set(cluster.pod_images().values()) == {GOOD} and status(cluster)["readyReplicas"] == 3


def test_ordinals_below_the_partition_keep_their_revision(cluster: ControllerCluster) -> None:
    made(cluster, updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 2}})
    cluster.set_image(BETTER, resource=STATEFUL_SETS, seconds=20)
    for name in ("web-0", "web-2"):
        cluster.delete(PODS, name, seconds=10)
    assert cluster.pod_images() == {"web-0": GOOD, "web-1": GOOD, "web-2": BETTER}
    assert status(cluster)["currentRevision"] != status(cluster)["updateRevision"]


def test_with_on_delete_only_pods_that_are_deleted_are_replaced(cluster: ControllerCluster) -> None:
    made(cluster, updateStrategy={"type": "OnDelete"})
    cluster.set_image(BETTER, resource=STATEFUL_SETS, seconds=20)
    assert set(cluster.pod_images().values()) == {GOOD}
    cluster.delete(PODS, "web-1", seconds=10)
    assert cluster.pod_images() == {"web-0": GOOD, "web-1": BETTER, "web-2": GOOD}


def test_scaling_down_deletes_the_last_pods_first(cluster: ControllerCluster) -> None:
    made(cluster)
    scale(cluster, 1)
    assert order(cluster, "DELETED") == ["web-2", "web-1"] and list(cluster.pod_images()) == ["web-0"]


def test_scaling_down_deletes_a_pod_that_is_stuck(cluster: ControllerCluster) -> None:
    made(cluster)
    cluster.set_image(BAD, resource=STATEFUL_SETS, seconds=20)
    scale(cluster, 2)
    assert list(cluster.pod_images()) == ["web-0", "web-1"]


def test_scaling_down_in_parallel_does_not_wait(cluster: ControllerCluster) -> None:
    made(cluster, podManagementPolicy="Parallel")
    scale(cluster, 0, seconds=0.1)
    assert all("deletionTimestamp" in pod["metadata"] for pod in cluster.pods())


def test_ordinals_may_begin_later(cluster: ControllerCluster) -> None:
    made(cluster, replicas=2, ordinals={"start": 5})
    assert list(cluster.pod_images()) == ["web-5", "web-6"]
    cluster.change(lambda obj: obj["spec"].update(ordinals={"start": 6}), resource=STATEFUL_SETS, seconds=20)
    assert list(cluster.pod_images()) == ["web-6", "web-7"]


def test_a_pod_that_has_ended_is_replaced(cluster: ControllerCluster) -> None:
    made(cluster)
    uid = cluster.client.get(PODS, NS, "web-1")["metadata"]["uid"]
    cluster.client.patch_status(PODS, NS, "web-1", lambda pod: {**pod, "status": {**pod["status"], "phase": "Failed"}})
    cluster.clock.advance(10)
    pod = cluster.client.get(PODS, NS, "web-1")
    assert pod["metadata"]["uid"] != uid and pod["status"]["phase"] == "Running"
