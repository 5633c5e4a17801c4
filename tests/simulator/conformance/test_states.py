"""What of an object is compared."""

import pytest

from chaosimagecorrupt.simulator.conformance.states import state_of
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import (
    BAD,
    DAEMON_SETS,
    REVISIONS,
    STATEFUL_SETS,
    ControllerCluster,
    daemon_set,
    deployment,
    stateful_set,
)  # fmt: skip


@pytest.fixture
def web(cluster: ControllerCluster) -> ControllerCluster:
    cluster.create(deployment())
    return cluster


def test_names_uids_and_times_are_left_out(web: ControllerCluster) -> None:
    other = ControllerCluster(seed=9)
    other.clock.advance(1000)
    other.create(deployment())
    assert state_of("Deployment", web.deployment(), {}) == state_of("Deployment", other.deployment(), {})
    assert state_of("Pod", web.pods()[0], {}) == state_of("Pod", other.pods()[0], {})


def test_a_deployment_is_compared_by_counts_generations_and_conditions(web: ControllerCluster) -> None:
    state = state_of("Deployment", web.deployment(), {})
    assert (state["readyReplicas"], state["generation"], state["observedGeneration"], state["revision"]) == (
        2,
        1,
        1,
        "1",
    )
    assert state["Available"] == "True/MinimumReplicasAvailable" and "fullyLabeledReplicas" not in state


def test_a_replica_set_is_compared_by_its_annotations_too(web: ControllerCluster) -> None:
    [replica_set] = web.sets().values()
    state = state_of("ReplicaSet", replica_set, {})
    assert (state["desired-replicas"], state["max-replicas"], state["fullyLabeledReplicas"]) == ("2", "3", 2)


def test_a_pod_is_compared_by_what_its_containers_do(web: ControllerCluster) -> None:
    assert state_of("Pod", web.pods()[0], {}) == {
        "phase": "Running",
        "ready": True,
        "scheduled": True,
        "app": "running ready",
    }


def test_what_is_being_deleted_differs(web: ControllerCluster) -> None:
    pod: Object = web.pods()[0]
    marked = {**pod, "metadata": {**pod["metadata"], "deletionTimestamp": "2026-11-22T15:00:00Z"}}
    assert state_of("Pod", marked, {}) == {**state_of("Pod", pod, {}), "deleted": True}


def test_a_stateful_set_is_compared_by_the_how_manyth_its_revisions_are(cluster: ControllerCluster) -> None:
    made = cluster.create(stateful_set(), STATEFUL_SETS, seconds=10)
    stored = cluster.client.get(STATEFUL_SETS, "shop", made["metadata"]["name"])
    state = state_of("StatefulSet", stored, {stored["status"]["currentRevision"]: 1})
    assert (state["currentRevision"], state["updateRevision"], state["currentReplicas"], state["collisionCount"]) == (
        1, 1, 3, 0,
    )  # fmt: skip


def test_a_pod_is_compared_by_its_revision_too(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(replicas=1), STATEFUL_SETS)
    [revision] = cluster.store.list(REVISIONS)
    assert state_of("Pod", cluster.pods()[0], {revision["metadata"]["name"]: 4})["ofRevision"] == 4
    assert state_of("ControllerRevision", revision, {}) == {"revision": 1}


def test_a_daemon_set_is_compared_by_its_counts(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(image=BAD), DAEMON_SETS)
    state = state_of("DaemonSet", cluster.client.get(DAEMON_SETS, "shop", "web"), {})
    assert (state["desiredNumberScheduled"], state["numberUnavailable"], state["numberAvailable"]) == (1, 1, 0)
