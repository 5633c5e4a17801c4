"""Custom resources follow their schema."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api.structural_schema import default_custom, invalid_custom
from chaosimagecorrupt.simulator.types import Object

from ..calls import MERGE, PureCalls
from ..custom_resource import WIDGET, WIDGETS, define_widgets


@pytest.mark.parametrize(
    ("spec", "field"),
    [({}, "spec.size"), ({"size": 0}, "spec.size"), ({"size": 1, "colour": "green"}, "spec.colour")],
)
def test_a_custom_resource_is_held_to_its_schema(calls: PureCalls, spec: Object, field: str) -> None:
    define_widgets(calls)
    assert calls("POST", WIDGETS, {**WIDGET, "spec": spec}).fields == [field]


def test_a_custom_resource_is_pruned(calls: PureCalls) -> None:
    define_widgets(calls)
    made = calls("POST", WIDGETS, {**WIDGET, "spec": {"size": 1, "taste": "sour"}}).body
    assert made["spec"] == {"size": 1}
    free = {"status": {"anything": {"goes": [1]}}}
    assert calls("PATCH", f"{WIDGETS}/one/status", free, MERGE).body["status"] == free["status"]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("abc", {"pattern": "^x"}),
        ("a", {"minLength": 2}),
        ("abc", {"maxLength": 2}),
        (1, {"minimum": 2}),
        (3, {"maximum": 2}),
        ([1], {"items": {"minimum": 2}}),
        ({"a": 1}, {"additionalProperties": {"minimum": 2}}),
    ],
)
def test_bounds_of_a_custom_schema(value: Any, schema: Object) -> None:
    assert len(invalid_custom(value, schema)) == 1
    assert invalid_custom(value, {}) == []


def test_defaults_of_a_custom_schema() -> None:
    schema = {"properties": {"list": {"items": {"properties": {"size": {"default": 3}}}}, "mode": {"default": "auto"}}}
    value: Object = {"list": [{}, {"size": 1}]}
    default_custom(value, schema)
    assert value == {"list": [{"size": 3}, {"size": 1}], "mode": "auto"}
