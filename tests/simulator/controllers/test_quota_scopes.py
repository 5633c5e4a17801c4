"""Which Pods a quota counts."""

import pytest

from chaosimagecorrupt.simulator.controllers.quota_scopes import has_scopes, in_scopes
from chaosimagecorrupt.simulator.types import Object

PLAIN: Object = {"containers": [{"name": "app"}]}
SIZED: Object = {"containers": [{"name": "app", "resources": {"requests": {"cpu": "1"}}}]}
FAR = {"namespaces": ["other"], "topologyKey": "zone"}


def affine(kind: str, term: Object, *, required: bool = True) -> Object:
    if required:
        return {**PLAIN, "affinity": {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}
    weighted = {"weight": 1, "podAffinityTerm": term}
    return {**PLAIN, "affinity": {kind: {"preferredDuringSchedulingIgnoredDuringExecution": [weighted]}}}


@pytest.mark.parametrize(
    ("scopes", "spec", "inside"),
    [
        ([], PLAIN, True),
        (["Terminating"], {**PLAIN, "activeDeadlineSeconds": 5}, True),
        (["Terminating"], PLAIN, False),
        (["NotTerminating"], PLAIN, True),
        (["BestEffort"], PLAIN, True),
        (["BestEffort"], SIZED, False),
        (["NotBestEffort"], SIZED, True),
        (["NotBestEffort", "Terminating"], SIZED, False),
        (["PriorityClass"], PLAIN, False),
        (["PriorityClass"], {**PLAIN, "priorityClassName": "high"}, True),
        (["CrossNamespacePodAffinity"], PLAIN, False),
        (["CrossNamespacePodAffinity"], affine("podAffinity", FAR), True),
        (["CrossNamespacePodAffinity"], affine("podAntiAffinity", {"namespaceSelector": {}}, required=False), True),
        (["CrossNamespacePodAffinity"], affine("podAntiAffinity", {"topologyKey": "zone"}), False),
        (["Unheard"], PLAIN, False),
    ],
)
def test_a_pod_has_to_be_in_all_scopes(scopes: list[str], spec: Object, inside: bool) -> None:
    quota = {"spec": {"scopes": scopes}}
    assert in_scopes(quota, {"spec": spec}) is inside
    assert has_scopes(quota) is bool(scopes)


@pytest.mark.parametrize(
    ("operator", "values", "classes"),
    [
        ("In", ["high"], ["high"]),
        ("NotIn", ["high"], ["low", ""]),
        ("Exists", [], ["high", "low"]),
        ("DoesNotExist", [], [""]),
    ],
)
def test_a_selector_chooses_priority_classes(operator: str, values: list[str], classes: list[str]) -> None:
    expression = {"scopeName": "PriorityClass", "operator": operator, "values": values}
    quota = {"spec": {"scopeSelector": {"matchExpressions": [expression]}}}
    pods = {name: {"spec": {**PLAIN, "priorityClassName": name}} for name in ("high", "low", "")}
    assert [name for name, pod in pods.items() if in_scopes(quota, pod)] == classes
    assert has_scopes(quota)
