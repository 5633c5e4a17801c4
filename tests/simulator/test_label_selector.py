"""The selectors of Deployments and ReplicaSets."""

import pytest

from chaosimagecorrupt.simulator.label_selector import matches_label_selector
from chaosimagecorrupt.simulator.types import Object

EXPRESSIONS = [
    {"key": "app", "operator": "In", "values": ["web", "x"]},
    {"key": "app", "operator": "NotIn", "values": ["y"]},
    {"key": "app", "operator": "Exists"},
    {"key": "gone", "operator": "DoesNotExist"},
]


@pytest.mark.parametrize(
    ("expression", "other"), list(zip(EXPRESSIONS, [{"app": "y"}, {"app": "y"}, {}, {"gone": ""}], strict=True))
)
def test_selectors_by_expression(expression: Object, other: dict[str, str]) -> None:
    assert matches_label_selector({"matchExpressions": [expression]}, {"app": "web"})
    assert not matches_label_selector({"matchExpressions": [expression]}, other)
