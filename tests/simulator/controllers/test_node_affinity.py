"""Which nodes a Pod may be on."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.node_affinity import matches_node, untolerated
from chaosimagecorrupt.simulator.types import Object

NODE = {"metadata": {"name": "node1", "labels": {"disk": "ssd", "cores": "8"}}}


def wanting(*terms: Object) -> Object:
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": list(terms)}}
    return {"affinity": {"nodeAffinity": required}}


def label(key: str, operator: str, *values: str) -> Object:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


def field(operator: str, *values: str) -> Object:
    return {"matchFields": [{"key": "metadata.name", "operator": operator, "values": list(values)}]}


@pytest.mark.parametrize(
    ("spec", "matches"),
    [
        ({}, True),
        ({"nodeSelector": {"disk": "ssd"}}, True),
        ({"nodeSelector": {"disk": "hdd"}}, False),
        (wanting(), False),
        (wanting({}), False),
        (wanting(label("disk", "In", "ssd", "nvme")), True),
        (wanting(label("disk", "NotIn", "ssd")), False),
        (wanting(label("gpu", "NotIn", "a100")), True),
        (wanting(label("disk", "Exists")), True),
        (wanting(label("gpu", "DoesNotExist")), True),
        (wanting(label("cores", "Gt", "4")), True),
        (wanting(label("cores", "Lt", "8")), False),
        (wanting(label("disk", "Gt", "4")), False),
        (wanting(field("In", "node1")), True),
        (wanting(field("NotIn", "node1")), False),
        (wanting(label("gpu", "Exists"), field("In", "node1")), True),
        (wanting({**label("gpu", "Exists"), **field("In", "node1")}), False),
        ({"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [1]}}}, True),
    ],
)
def test_selector_and_affinity(spec: Object, matches: bool) -> None:
    assert matches_node(spec, NODE) is matches


@pytest.mark.parametrize(
    ("toleration", "tolerated"),
    [
        ({"operator": "Exists"}, True),
        ({"key": "only", "operator": "Exists"}, True),
        ({"key": "only", "value": "db"}, True),
        ({"key": "only", "operator": "Equal", "value": "web"}, False),
        ({"key": "other", "operator": "Exists"}, False),
        ({"key": "only", "operator": "Exists", "effect": "NoExecute"}, False),
    ],
)
def test_taints_and_tolerations(toleration: dict[str, Any], tolerated: bool) -> None:
    taint = {"key": "only", "value": "db", "effect": "NoSchedule"}
    node = {**NODE, "spec": {"taints": [taint]}}
    assert (untolerated({"tolerations": [toleration]}, node, ("NoSchedule",)) is None) is tolerated
    assert untolerated({}, node, ("NoSchedule",)) == taint and untolerated({}, node, ("NoExecute",)) is None
