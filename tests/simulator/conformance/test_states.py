"""What of an object is compared."""

import pytest

from chaosimagecorrupt.simulator.conformance.states import state_of
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import ControllerCluster, deployment


@pytest.fixture
def web(cluster: ControllerCluster) -> ControllerCluster:
    cluster.create(deployment())
    return cluster


def test_names_uids_and_times_are_left_out(web: ControllerCluster) -> None:
    other = ControllerCluster(seed=9)
    other.clock.advance(1000)
    other.create(deployment())
    assert state_of("Deployment", web.deployment()) == state_of("Deployment", other.deployment())
    assert state_of("Pod", web.pods()[0]) == state_of("Pod", other.pods()[0])


def test_a_deployment_is_compared_by_counts_generations_and_conditions(web: ControllerCluster) -> None:
    state = state_of("Deployment", web.deployment())
    assert (state["readyReplicas"], state["generation"], state["observedGeneration"], state["revision"]) == (
        2,
        1,
        1,
        "1",
    )
    assert state["Available"] == "True/MinimumReplicasAvailable" and "fullyLabeledReplicas" not in state


def test_a_replica_set_is_compared_by_its_annotations_too(web: ControllerCluster) -> None:
    [replica_set] = web.sets().values()
    state = state_of("ReplicaSet", replica_set)
    assert (state["desired-replicas"], state["max-replicas"], state["fullyLabeledReplicas"]) == ("2", "3", 2)


def test_a_pod_is_compared_by_what_its_containers_do(web: ControllerCluster) -> None:
    assert state_of("Pod", web.pods()[0]) == {
        "phase": "Running",
        "ready": True,
        "scheduled": True,
        "app": "running ready",
    }


def test_what_is_being_deleted_differs(web: ControllerCluster) -> None:
    pod: Object = web.pods()[0]
    marked = {**pod, "metadata": {**pod["metadata"], "deletionTimestamp": "2026-11-22T15:00:00Z"}}
    assert state_of("Pod", marked) == {**state_of("Pod", pod), "deleted": True}
