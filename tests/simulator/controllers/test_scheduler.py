"""Which node a Pod is bound to."""

from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import GOOD, NS, PODS, ControllerCluster, deployment, pod_spec


def create(cluster: ControllerCluster, spec: Object, seconds: float = 5.0) -> None:
    cluster.create({"metadata": {"name": "one", "namespace": NS}, "spec": spec}, PODS, seconds)


def pod(cluster: ControllerCluster) -> Object:
    return cluster.client.get(PODS, NS, "one")


def conditions(cluster: ControllerCluster) -> dict[str, str]:
    return {each["type"]: each["status"] for each in pod(cluster)["status"]["conditions"]}


def said(why: str, preemption: str = "No preemption victims found for incoming pod") -> str:
    """What the scheduler says when the one node does not fit."""
    none = "0/1 nodes are available"
    return f"{none}: 1 {why}. no new claims to deallocate, preemption: {none}: 1 {preemption}."


def pending(cluster: ControllerCluster) -> list[str]:
    """What is said of the Pods that are not on a node."""
    waiting = [each for each in cluster.pods() if "nodeName" not in each["spec"]]
    return [condition["message"] for each in waiting for condition in each["status"]["conditions"]]


def test_without_a_node_a_pod_stays_unbound() -> None:
    cluster = ControllerCluster()
    cluster.store.delete("nodes", None, "node1")
    create(cluster, pod_spec())
    assert pending(cluster) == ["no nodes available to schedule pods"]
    cluster.create({"metadata": {"name": "node1"}}, "nodes")
    assert pod(cluster)["status"]["phase"] == "Running"


def test_a_pod_that_no_node_is_good_enough_for_stays_unbound_and_says_so(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(nodeSelector={"disk": "fast"}), seconds=1000)
    [condition] = pod(cluster)["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == ("False", "Unschedulable")
    message = said("node(s) didn't match Pod's node affinity/selector", "Preemption is not helpful for scheduling")
    assert [event["message"] for event in cluster.events("FailedScheduling")] == [message]
    labels = {"labels": {"disk": "fast"}}
    cluster.client.patch("nodes", "", "node1", lambda obj: {**obj, "metadata": {**obj["metadata"], **labels}})
    cluster.clock.advance(5)
    assert conditions(cluster)["Ready"] == "True"


def test_a_pod_that_does_not_tolerate_a_taint_waits_until_it_is_gone(cluster: ControllerCluster) -> None:
    taint = {"key": "only", "value": "db", "effect": "NoSchedule"}
    cluster.client.patch("nodes", "", "node1", lambda obj: {**obj, "spec": {"taints": [taint]}})
    create(cluster, pod_spec())
    assert pending(cluster) == [
        said("node(s) had untolerated taint {only: db}", "Preemption is not helpful for scheduling")
    ]
    cluster.client.patch("nodes", "", "node1", lambda obj: {**obj, "spec": {}})
    cluster.clock.advance(5)
    assert conditions(cluster)["Ready"] == "True"


def test_a_pod_goes_to_the_node_that_its_affinity_names(cluster: ControllerCluster) -> None:
    cluster.create({"metadata": {"name": "node2"}}, "nodes")
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node2"]}]}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    create(cluster, pod_spec(affinity={"nodeAffinity": required}))
    assert pod(cluster)["spec"]["nodeName"] == "node2"


def test_another_scheduler_s_pods_are_left_to_it(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(schedulerName="mine"))
    assert "nodeName" not in pod(cluster)["spec"]


PORTS = said("node(s) didn't have free ports for the requested pod ports")


def test_pods_with_the_same_host_port_do_not_share_a_node_and_the_next_one_follows(cluster: ControllerCluster) -> None:
    ports = [{"containerPort": 80, "hostPort": 8080, "protocol": "TCP"}]
    cluster.create(deployment(pod={"containers": [{"name": "app", "image": GOOD, "ports": ports}]}))
    assert pending(cluster) == [PORTS]
    first = next(each for each in cluster.pods() if "nodeName" in each["spec"])
    cluster.delete(PODS, first["metadata"]["name"])
    assert [each["status"]["phase"] for each in cluster.pods()].count("Running") == 1
    assert len(pending(cluster)) == 1


def test_a_pod_says_the_new_reason_when_it_waits_for_another_one(cluster: ControllerCluster) -> None:
    ports = [{"containerPort": 80, "hostPort": 8080}]
    spec = {"containers": [{"name": "app", "image": GOOD, "ports": ports}], "nodeSelector": {"disk": "fast"}}
    cluster.create(deployment(pod=spec, replicas=2))
    labels = {"labels": {"disk": "fast"}}
    cluster.client.patch("nodes", "", "node1", lambda obj: {**obj, "metadata": {**obj["metadata"], **labels}})
    cluster.clock.advance(5)
    assert pending(cluster) == [PORTS]


def test_replicas_that_keep_away_from_each_other_wait_for_a_second_node(cluster: ControllerCluster) -> None:
    term = {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": "kubernetes.io/hostname"}
    affinity = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    cluster.create(deployment(pod=pod_spec(affinity=affinity)))
    assert pending(cluster) == [said("node(s) didn't match pod anti-affinity rules")]
    cluster.create({"metadata": {"name": "node2", "labels": {"kubernetes.io/hostname": "node2"}}}, "nodes")
    assert sorted(each["spec"]["nodeName"] for each in cluster.pods()) == ["node1", "node2"]
