"""The kubelet runs the Pods that are bound to its node, and no others."""

from typing import Any

from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import NS, PODS, ControllerCluster, pod_spec


def create(cluster: ControllerCluster, name: str, **spec: Any) -> None:
    cluster.create({"metadata": {"name": name, "namespace": NS}, "spec": pod_spec(**spec)}, PODS)


def status(cluster: ControllerCluster, name: str) -> Object:
    found: Object = cluster.client.get(PODS, NS, name)["status"]
    return found


def test_each_pod_of_the_node_runs_with_an_address_of_its_own(cluster: ControllerCluster) -> None:
    names = [f"pod-{n}" for n in range(5)]
    for name in names:
        create(cluster, name)
    assert {status(cluster, name)["phase"] for name in names} == {"Running"}
    assert len({status(cluster, name)["podIP"] for name in names}) == 5


def test_pods_of_another_node_and_of_none_are_left_alone(cluster: ControllerCluster) -> None:
    create(cluster, "elsewhere", nodeName="node2")
    create(cluster, "unbound", schedulerName="mine")
    assert [status(cluster, name).get("podIP") for name in ("elsewhere", "unbound")] == [None, None]


def test_a_node_that_is_new_runs_the_pods_that_are_bound_to_it(cluster: ControllerCluster) -> None:
    cluster.create({"metadata": {"name": "node2"}}, "nodes")
    create(cluster, "here", nodeName="node1")
    create(cluster, "there", nodeName="node2")
    assert [status(cluster, name)["phase"] for name in ("here", "there")] == ["Running", "Running"]
    assert status(cluster, "here")["podIP"] != status(cluster, "there")["podIP"]


def test_a_pod_that_has_ended_is_not_started_again(cluster: ControllerCluster) -> None:
    pod = {"metadata": {"name": "done", "namespace": NS}, "spec": pod_spec(nodeName="node1")}
    cluster.store.create(PODS, {**pod, "status": {"phase": "Succeeded"}})
    cluster.clock.advance(10)
    assert status(cluster, "done") == {"phase": "Succeeded"}


def test_a_pod_is_forgotten_when_it_is_gone(cluster: ControllerCluster) -> None:
    create(cluster, "one")
    cluster.client.delete(PODS, NS, "one", grace=0)
    cluster.clock.advance(5)
    create(cluster, "one")
    assert status(cluster, "one")["phase"] == "Running"
