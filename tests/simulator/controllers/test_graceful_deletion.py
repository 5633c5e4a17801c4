"""A Pod gets its grace period, and an object with finalizers stays until they are removed."""

import pytest

from chaosimagecorrupt.simulator.controllers.graceful_deletion import delete_gracefully
from chaosimagecorrupt.simulator.timestamps import timestamp
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import MAPS, NS, PODS, ControllerCluster, pod_spec


def delete(cluster: ControllerCluster, resource: str, name: str, grace: int | None = None) -> Object:
    found = cluster.client.get(resource, NS, name)
    return delete_gracefully(cluster.store, cluster.clock.now(), resource, found, grace)


@pytest.fixture
def pod(cluster: ControllerCluster) -> ControllerCluster:
    """A cluster with the Pod `one`, which runs and has 20 seconds to end."""
    cluster.create(
        {"metadata": {"name": "one", "namespace": NS}, "spec": pod_spec(terminationGracePeriodSeconds=20)}, PODS
    )
    return cluster


def test_what_has_no_finalizer_is_gone_at_once(cluster: ControllerCluster) -> None:
    cluster.create({"metadata": {"name": "one", "namespace": NS}}, MAPS)
    delete(cluster, MAPS, "one")
    assert cluster.store.get(MAPS, NS, "one") is None


def test_what_has_a_finalizer_is_only_marked_and_only_once(cluster: ControllerCluster) -> None:
    cluster.create({"metadata": {"name": "one", "namespace": NS, "finalizers": ["example.com/x"]}}, MAPS)
    marked = delete(cluster, MAPS, "one")
    assert marked["metadata"]["deletionTimestamp"] == timestamp(cluster.clock.now())
    cluster.clock.advance(5)
    assert delete(cluster, MAPS, "one")["metadata"] == marked["metadata"]


def test_a_pod_has_the_time_that_its_spec_gives(pod: ControllerCluster) -> None:
    metadata = delete(pod, PODS, "one")["metadata"]
    assert metadata["deletionGracePeriodSeconds"] == 20
    assert metadata["deletionTimestamp"] == timestamp(pod.clock.now() + 20)


def test_a_second_deletion_shortens_the_time_but_never_lengthens_it(pod: ControllerCluster) -> None:
    graces = [delete(pod, PODS, "one", grace)["metadata"]["deletionGracePeriodSeconds"] for grace in (20, 5, 10)]
    assert graces == [20, 5, 5]


def test_without_grace_a_pod_is_gone_at_once(pod: ControllerCluster) -> None:
    delete(pod, PODS, "one", 0)
    assert pod.store.get(PODS, NS, "one") is None


def test_a_pod_that_no_node_has_gets_no_grace(cluster: ControllerCluster) -> None:
    cluster.create({"metadata": {"name": "one", "namespace": NS}, "spec": pod_spec(schedulerName="mine")}, PODS)
    delete(cluster, PODS, "one")
    assert cluster.store.get(PODS, NS, "one") is None
