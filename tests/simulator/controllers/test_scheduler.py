"""Which node a Pod is bound to."""

from chaosimagecorrupt.simulator.types import Json

from ..controller_cluster import NS, PODS, ControllerCluster, pod_spec


def create(cluster: ControllerCluster, spec: Json, seconds: float = 5.0) -> None:
    cluster.create({"metadata": {"name": "one", "namespace": NS}, "spec": spec}, PODS, seconds)


def pod(cluster: ControllerCluster) -> Json:
    return cluster.client.get(PODS, NS, "one")


def conditions(cluster: ControllerCluster) -> dict[str, str]:
    return {each["type"]: each["status"] for each in pod(cluster)["status"]["conditions"]}


def test_without_a_node_a_pod_stays_unbound() -> None:
    cluster = ControllerCluster()
    cluster.store.delete("nodes", None, "node1")
    create(cluster, pod_spec())
    assert "nodeName" not in pod(cluster)["spec"]
    cluster.create({"metadata": {"name": "node1"}}, "nodes")
    assert pod(cluster)["status"]["phase"] == "Running"


def test_a_pod_that_no_node_is_good_enough_for_stays_unbound_and_says_so(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(nodeSelector={"disk": "fast"}), seconds=1000)
    [condition] = pod(cluster)["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == ("False", "Unschedulable")
    message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector"
    assert [event["message"] for event in cluster.events("FailedScheduling")] == [message]
    labels = {"labels": {"disk": "fast"}}
    cluster.client.patch("nodes", "", "node1", lambda obj: {**obj, "metadata": {**obj["metadata"], **labels}})
    cluster.clock.advance(5)
    assert conditions(cluster)["Ready"] == "True"


def test_another_scheduler_s_pods_are_left_to_it(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(schedulerName="mine"))
    assert "nodeName" not in pod(cluster)["spec"]
