"""Which Pods of a DaemonSet are created and deleted, on several nodes."""

from collections import Counter
from typing import Any

import pytest

from ...controller_cluster import BAD, BETTER, DAEMON_SETS, GOOD, NS, PODS, ControllerCluster, daemon_set

NODES = ("node1", "node2", "node3", "node4")


@pytest.fixture
def nodes(cluster: ControllerCluster) -> ControllerCluster:
    for name in NODES[1:]:
        cluster.create({"metadata": {"name": name}}, "nodes", seconds=0)
    cluster.clock.advance(1)
    return cluster


def made(cluster: ControllerCluster, unavailable: int | str = 1, surge: int | str = 0, **spec: Any) -> None:
    rolling = {"maxUnavailable": unavailable, "maxSurge": surge}
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    cluster.create(daemon_set(**{"updateStrategy": strategy, **spec}), DAEMON_SETS)


def on_nodes(cluster: ControllerCluster) -> dict[str, str]:
    return {pod["spec"]["nodeName"]: pod["spec"]["containers"][0]["image"] for pod in cluster.pods()}


def test_each_node_has_a_pod(nodes: ControllerCluster) -> None:
    made(nodes)
    assert on_nodes(nodes) == dict.fromkeys(NODES, GOOD)


@pytest.mark.parametrize(("unavailable", "lost"), [(1, 1), (2, 2), ("50%", 2), ("100%", 4)])
def test_as_many_pods_are_lost_as_may_be(nodes: ControllerCluster, unavailable: int | str, lost: int) -> None:
    made(nodes, unavailable)
    nodes.set_image(BAD, resource=DAEMON_SETS, seconds=20)
    status = nodes.client.get(DAEMON_SETS, NS, "web")["status"]
    assert Counter(on_nodes(nodes).values())[BAD] == status["numberUnavailable"] == lost
    nodes.set_image(GOOD, resource=DAEMON_SETS, seconds=20)
    assert on_nodes(nodes) == dict.fromkeys(NODES, GOOD)


def test_a_rollout_goes_through_all_nodes(nodes: ControllerCluster) -> None:
    made(nodes)
    nodes.set_image(BETTER, resource=DAEMON_SETS, seconds=30)
    assert on_nodes(nodes) == dict.fromkeys(NODES, BETTER)
    least = min(nodes.history_of(DAEMON_SETS, lambda obj: obj["status"].get("numberAvailable", 0))[5:])
    assert least == 3


def test_with_a_surge_no_pod_is_lost(nodes: ControllerCluster) -> None:
    made(nodes, 0, 1)
    nodes.set_image(BAD, resource=DAEMON_SETS, seconds=20)
    images = Counter(pod["spec"]["containers"][0]["image"] for pod in nodes.pods())
    assert images == {GOOD: 4, BAD: 1}
    nodes.set_image(GOOD, resource=DAEMON_SETS, seconds=20)
    assert Counter(pod["spec"]["containers"][0]["image"] for pod in nodes.pods()) == {GOOD: 4}
    nodes.set_image(BETTER, resource=DAEMON_SETS, seconds=30)
    assert on_nodes(nodes) == dict.fromkeys(NODES, BETTER) and len(nodes.pods()) == 4


def test_a_node_whose_pod_is_stuck_gets_the_new_one_at_once_with_a_surge(nodes: ControllerCluster) -> None:
    made(nodes, 0, 1, image=BAD)
    nodes.set_image(GOOD, resource=DAEMON_SETS, seconds=20)
    assert on_nodes(nodes) == dict.fromkeys(NODES, GOOD) and len(nodes.pods()) == 4


@pytest.mark.parametrize("surge", [0, 1])
def test_pods_leave_the_nodes_that_no_longer_match(nodes: ControllerCluster, surge: int) -> None:
    made(nodes, 1 - surge, surge)
    nodes.client.patch("nodes", "", "node2", lambda obj: _labelled(obj, {"on": "yes"}))

    def choose(obj: Any) -> None:
        obj["spec"]["template"]["spec"]["nodeSelector"] = {"on": "yes"}

    nodes.change(choose, resource=DAEMON_SETS, seconds=20)
    assert on_nodes(nodes) == {"node2": GOOD}


def test_with_on_delete_only_pods_that_are_deleted_are_replaced(nodes: ControllerCluster) -> None:
    made(nodes, updateStrategy={"type": "OnDelete"})
    nodes.set_image(BETTER, resource=DAEMON_SETS, seconds=20)
    assert set(on_nodes(nodes).values()) == {GOOD}
    [pod] = [pod for pod in nodes.pods() if pod["spec"]["nodeName"] == "node3"]
    nodes.delete(PODS, pod["metadata"]["name"])
    assert on_nodes(nodes) == {**dict.fromkeys(NODES, GOOD), "node3": BETTER}


def _labelled(node: Any, labels: dict[str, str]) -> Any:
    return {**node, "metadata": {**node["metadata"], "labels": labels}}
