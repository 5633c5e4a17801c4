"""CustomResourceDefinitions and what they serve."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import MERGE, PureCalls
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
def test_definitions_that_are_invalid(calls: PureCalls, change: Object, field: str) -> None:
    changed = {**DEFINITION, **{name: {**DEFINITION[name], **value} for name, value in change.items()}}
    assert calls("POST", DEFINITIONS, changed).fields == [field]


def with_versions(*versions: Object) -> Object:
    (first,) = DEFINITION["spec"]["versions"]
    return {"spec": {"versions": [{**first, **version} for version in versions]}}


def test_a_version_that_is_no_longer_served_is_gone_until_it_is_served_again(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    path = f"{DEFINITIONS}/widgets.example.com"
    calls("PATCH", path, with_versions({"served": False}), MERGE)
    assert calls("GET", WIDGETS).status == 404
    calls("PATCH", path, with_versions({"served": True}), MERGE)
    assert len(calls("GET", WIDGETS).body["items"]) == 1


def test_the_objects_of_a_version_that_is_no_longer_served_are_those_of_the_next_one(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    versions = with_versions({"served": False, "storage": False}, {"name": "v2"})
    calls("PATCH", f"{DEFINITIONS}/widgets.example.com", versions, MERGE)
    assert calls("GET", WIDGETS).status == 404
    (widget,) = calls("GET", WIDGETS.replace("/v1/", "/v2/")).body["items"]
    assert (widget["apiVersion"], widget["metadata"]["generation"]) == ("example.com/v2", 1)


def test_a_definition_takes_its_objects_along_also_when_they_are_not_served(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    calls("PATCH", f"{DEFINITIONS}/widgets.example.com", with_versions({"served": False}), MERGE)
    calls("DELETE", f"{DEFINITIONS}/widgets.example.com")
    define_widgets(calls)
    assert calls("GET", WIDGETS).body["items"] == []
