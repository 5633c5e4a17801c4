"""Of several statuses in a row only the last one is written."""

import pytest

from chaosimagecorrupt.simulator.controllers.kubelet.status_manager import StatusManager
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import NS, PODS, ControllerCluster, pod_spec


@pytest.fixture
def pod(cluster: ControllerCluster) -> Object:
    """A Pod that the kubelet leaves alone."""
    spec = pod_spec(schedulerName="mine")
    return cluster.create({"metadata": {"name": "one", "namespace": NS}, "spec": spec}, PODS)


@pytest.fixture
def manager(cluster: ControllerCluster, pod: Object) -> StatusManager:
    return StatusManager(cluster.client, cluster.clock, Randomness(1), pod)


def status(phase: str, *conditions: str) -> Object:
    return {"phase": phase, "conditions": [{"type": each, "status": "True"} for each in conditions]}


def phases(cluster: ControllerCluster) -> list[str]:
    return cluster.history_of(PODS, lambda pod: pod["status"].get("phase"))


def test_the_last_of_several_is_written_soon(cluster: ControllerCluster, manager: StatusManager) -> None:
    manager.post(status("Running"))
    manager.post(status("Succeeded"))
    assert phases(cluster) == ["Pending"] and manager.last["phase"] == "Succeeded"
    cluster.clock.advance(1)
    assert phases(cluster) == ["Pending", "Succeeded"]


def test_what_waits_is_written_at_once_when_it_has_to(cluster: ControllerCluster, manager: StatusManager) -> None:
    manager.post(status("Running"))
    manager.flush()
    manager.flush()
    assert phases(cluster) == ["Pending", "Running"]


def test_nothing_is_written_after_the_stop(cluster: ControllerCluster, manager: StatusManager) -> None:
    manager.post(status("Running"))
    manager.stop()
    cluster.clock.advance(1)
    assert phases(cluster) == ["Pending"]


def test_conditions_of_others_are_kept(cluster: ControllerCluster, manager: StatusManager) -> None:
    cluster.client.patch_status(PODS, NS, "one", lambda pod: {**pod, "status": status("Pending", "Theirs", "Ready")})
    manager.post(status("Running", "Ready"))
    manager.flush()
    found = cluster.client.get(PODS, NS, "one")["status"]["conditions"]
    assert [each["type"] for each in found] == ["Ready", "Theirs"]


def test_a_new_pod_of_the_same_name_gets_no_status(cluster: ControllerCluster, manager: StatusManager) -> None:
    cluster.client.delete(PODS, NS, "one")
    spec = pod_spec(schedulerName="mine")
    cluster.create({"metadata": {"name": "one", "namespace": NS}, "spec": spec}, PODS, 0)
    manager.post(status("Running"))
    manager.flush()
    assert cluster.client.get(PODS, NS, "one")["status"].get("phase") != "Running"
