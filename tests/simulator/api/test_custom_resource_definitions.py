"""CustomResourceDefinitions and what they serve."""

import pytest

from chaosimagecorrupt.simulator.types import Json

from ..calls import PureCalls
from ..custom_resource import DEFINITION, DEFINITIONS, WIDGET, WIDGETS, define_widgets


def test_a_custom_resource_is_served_when_it_is_defined(calls: PureCalls) -> None:
    assert calls("POST", WIDGETS, WIDGET).status == 404
    define_widgets(calls)
    assert calls("POST", WIDGETS, WIDGET).status == 201
    assert calls("GET", "/apis/example.com/v1").body["resources"][0]["name"] == "widgets"
    conditions = calls("GET", f"{DEFINITIONS}/widgets.example.com").body["status"]["conditions"]
    assert {condition["type"] for condition in conditions} == {"NamesAccepted", "Established"}


def test_a_definition_takes_its_objects_along(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    calls("DELETE", f"{DEFINITIONS}/widgets.example.com")
    assert calls("GET", WIDGETS).status == 404
    define_widgets(calls)
    assert calls("GET", WIDGETS).body["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [({"metadata": {"name": "wrong.example.com"}}, "metadata.name"), ({"spec": {"versions": []}}, "spec.versions")],
)
def test_definitions_that_are_invalid(calls: PureCalls, change: Json, field: str) -> None:
    changed = {**DEFINITION, **{name: {**DEFINITION[name], **value} for name, value in change.items()}}
    assert calls("POST", DEFINITIONS, changed).fields == [field]
