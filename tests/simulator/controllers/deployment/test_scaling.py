"""ReplicaSets follow the replicas of their Deployment."""

import pytest

from ...controller_cluster import BAD, BETTER, GOOD, ControllerCluster, deployment, rolling


def test_scaling_in_the_middle_of_a_rollout_keeps_the_proportions(cluster: ControllerCluster) -> None:
    cluster.create(deployment(replicas=10, strategy=rolling(3, 2)))
    cluster.set_image(BAD, seconds=10)
    assert cluster.sizes() == {GOOD: 8, BAD: 5}
    cluster.set(replicas=15, seconds=0.1)
    assert sum(cluster.sizes().values()) == 18
    assert {image: each["metadata"]["annotations"]["deployment.kubernetes.io/max-replicas"] for image, each in
            cluster.sets().items()} == {GOOD: "18", BAD: "18"}  # fmt: skip


def test_scaling_to_zero_and_back(web: ControllerCluster) -> None:
    web.set(replicas=0)
    assert (web.pods(), web.sizes()) == ([], {GOOD: 0})
    assert web.condition("Available")["status"] == "True"
    web.set(replicas=3)
    assert web.status()["readyReplicas"] == 3


def test_scaling_is_no_new_revision_and_says_so_in_an_event(web: ControllerCluster) -> None:
    web.set(replicas=3)
    assert web.revisions() == {GOOD: "1"}
    messages = [event["message"] for event in web.events("ScalingReplicaSet")]
    name = web.sets()[GOOD]["metadata"]["name"]
    assert messages == [f"Scaled up replica set {name} from 0 to 2", f"Scaled up replica set {name} from 2 to 3"]


@pytest.mark.parametrize(
    ("replicas", "sizes"), [(20, {GOOD: 14, BAD: 9}), (5, {GOOD: 5, BAD: 3}), (0, {GOOD: 0, BAD: 0})]
)
def test_a_paused_rollout_keeps_its_proportions(
    cluster: ControllerCluster, replicas: int, sizes: dict[str, int]
) -> None:
    cluster.create(deployment(replicas=10, strategy=rolling(3, 2)))
    cluster.set_image(BAD, seconds=10)
    assert cluster.sizes() == {GOOD: 8, BAD: 5}
    cluster.set(paused=True)
    cluster.set(replicas=replicas)
    assert cluster.sizes() == sizes


def test_the_same_number_of_replicas_changes_nothing(web: ControllerCluster) -> None:
    before = web.sets()
    web.set(replicas=2)
    assert web.sets() == before


def test_after_a_rollout_only_the_newest_replica_set_grows(web: ControllerCluster) -> None:
    web.set_image(BETTER)
    web.set(replicas=4)
    assert web.sizes() == {GOOD: 0, BETTER: 4}
