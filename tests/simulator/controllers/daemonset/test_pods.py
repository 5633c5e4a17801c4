"""The Pods of a DaemonSet, and the nodes that they are to be on."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.daemonset.pods import (
    TEMPLATE_GENERATION,
    by_age,
    by_node,
    is_updated,
    new_pod,
    should_run,
    target_node,
)
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import daemon_set


def web(annotations: dict[str, str] | None = None, **pod: Any) -> Object:
    made = daemon_set(pod=pod)
    made["metadata"] |= {"uid": "1", "annotations": annotations or {}}
    return made


def node(name: str = "node1", labels: dict[str, str] | None = None, *taints: str) -> Object:
    found = [{"key": "only", "value": "db", "effect": effect} for effect in taints]
    return {"metadata": {"name": name, "labels": labels or {}}, "spec": {"taints": found}}


def test_a_pod_is_made_for_its_node() -> None:
    chosen: Object = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{}]}}}
    pod = new_pod(web({TEMPLATE_GENERATION: "3"}, affinity={**chosen, "podAffinity": {}}), "node1", "abc", "x1y2z")
    assert pod["metadata"]["name"] == "web-x1y2z"
    assert pod["metadata"]["labels"] == {
        "app": "web",
        "controller-revision-hash": "abc",
        "pod-template-generation": "3",
    }
    [term] = pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]
    assert term == {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node1"]}]}
    assert pod["spec"]["affinity"]["podAffinity"] == {} and target_node(pod) == "node1"


def test_a_pod_tolerates_what_befalls_nodes() -> None:
    own = {"key": "only", "operator": "Exists"}
    pod = new_pod(web(tolerations=[own], hostNetwork=True), "node1", "abc", "x")
    keys = [each["key"].removeprefix("node.kubernetes.io/") for each in pod["spec"]["tolerations"]]
    assert keys == ["only", "not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure",
                    "unschedulable", "network-unavailable"]  # fmt: skip


@pytest.mark.parametrize(
    ("daemons", "where", "expected"),
    [
        (web(), node(), (True, True)),
        (web(nodeName="node2"), node(), (False, False)),
        (web(nodeSelector={"disk": "ssd"}), node(), (False, False)),
        (web(nodeSelector={"disk": "ssd"}), node("n", {"disk": "ssd"}), (True, True)),
        (web(), node("n", None, "NoSchedule"), (False, True)),
        (web(), node("n", None, "NoExecute"), (False, False)),
        (web(), node("n", None, "PreferNoSchedule"), (True, True)),
        (web(tolerations=[{"operator": "Exists"}]), node("n", None, "NoExecute"), (True, True)),
    ],
)
def test_where_pods_are_to_be_and_where_they_may_stay(
    daemons: Object, where: Object, expected: tuple[bool, bool]
) -> None:
    assert should_run(daemons, where) == expected


def pod(name: str, on: str = "", **status: Any) -> Object:
    metadata = {"name": name, "creationTimestamp": f"2026-01-01T00:00:0{len(name)}Z"}
    return {"metadata": metadata, "spec": {"nodeName": on} if on else {}, "status": status}


def test_what_has_ended_and_goes_counts_for_no_node() -> None:
    going = pod("a", "node1", phase="Succeeded")
    going["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    staying = pod("b", "node1", phase="Failed")
    assert by_node([going, staying, pod("nowhere")]) == {"node1": [staying]}


def test_those_on_a_node_come_first_then_the_oldest() -> None:
    names = [each["metadata"]["name"] for each in by_age([pod("a"), pod("ccc", "n"), pod("bb", "n")])]
    assert names == ["bb", "ccc", "a"]


def test_a_pod_is_updated_by_its_hash_or_by_the_number_of_its_template() -> None:
    numbered = web({TEMPLATE_GENERATION: "3"})
    made = new_pod(numbered, "node1", "abc", "x")
    assert is_updated(web(), made, "abc") and not is_updated(web(), made, "def")
    assert is_updated(numbered, made, "def")
