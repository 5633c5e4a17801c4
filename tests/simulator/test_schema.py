"""What the schemas say of fields and lists."""

import pytest

from chaosimagecorrupt.simulator.kinds import Kinds, Resource
from chaosimagecorrupt.simulator.schema import ANY, Schema, schema_of
from chaosimagecorrupt.simulator.types import Object


def at(schema: Schema, *names: str) -> Schema:
    """Return the schema below a path, in which `[]` stands for a list's items."""
    for name in names:
        below = schema.items if name == "[]" else schema.field(name)
        assert below is not None
        schema = below
    return schema


@pytest.fixture
def pod() -> Schema:
    return schema_of(Kinds().named("pods"))


def widgets(schema: Object) -> Schema:
    return schema_of(Resource("example.com", "v1", "Widget", "widgets", schema=schema))


def test_a_list_by_name_merges_its_items(pod: Schema) -> None:
    containers = at(pod, "spec", "containers")
    assert (containers.list_type, containers.keys, containers.merge_key) == ("map", ("name",), "name")
    assert (containers.atomic, containers.patch_strategies) == (False, frozenset({"merge"}))


def test_a_port_is_identified_by_its_defaulted_protocol(pod: Schema) -> None:
    ports = at(pod, "spec", "containers", "[]", "ports")
    assert ports.item_key({"containerPort": 80}) == ports.item_key({"containerPort": 80, "protocol": "TCP"})
    assert ports.item_key({"containerPort": 80}) != ports.item_key({"containerPort": 80, "protocol": "UDP"})


def test_a_list_without_a_type_has_one_owner(pod: Schema) -> None:
    assert at(pod, "spec", "containers", "[]", "command").atomic


def test_fields_that_a_built_in_kind_does_not_have(pod: Schema) -> None:
    assert at(pod, "spec").field("colour") is None
    assert at(pod, "metadata", "labels", "colour").type == "string"


def test_a_custom_resource_has_the_metadata_of_all_objects() -> None:
    schema = widgets({"type": "object", "properties": {"spec": {"type": "object", "properties": {}}}})
    assert at(schema, "metadata", "finalizers").list_type == "set"
    assert at(schema, "spec").field("size") is None


def test_unknown_members_are_kept_where_the_schema_says_so() -> None:
    preserved = {"type": "object", "properties": {"a": {}}, "x-kubernetes-preserve-unknown-fields": True}
    schema = widgets({"type": "object", "properties": {"spec": preserved}})
    assert at(schema, "spec").field("size") is ANY


def test_a_number_or_a_text_has_no_one_type() -> None:
    schema = widgets({"properties": {"port": {"type": "string", "x-kubernetes-int-or-string": True}}})
    assert at(schema, "port").type == ""
