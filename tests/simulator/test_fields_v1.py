"""Sets of fields are sets, and comparing values finds what differs."""

from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.simulator.fields_v1 import compare, difference, fields_of, intersection, members, union
from chaosimagecorrupt.simulator.kinds import Kinds
from chaosimagecorrupt.simulator.schema import ANY, schema_of
from chaosimagecorrupt.simulator.types import Object

POD = schema_of(Kinds().named("pods"))
Fields = Object


def tree(paths: set[tuple[str, ...]]) -> Fields:
    """The set of some paths, built in the plainest way."""
    root: Fields = {}
    for path in sorted(paths):
        node = root
        for element in path:
            node = node.setdefault(element, {})
        node["."] = {}
    return unmarked(root)


def unmarked(node: Fields) -> Fields:
    """A member without members below it is an empty map."""
    return (
        {} if set(node) == {"."} else {name: unmarked(child) if name != "." else child for name, child in node.items()}
    )


PATHS = st.sets(st.lists(st.sampled_from(["f:a", "f:b", "f:c"]), min_size=1, max_size=3).map(tuple), max_size=8)

VALUES = st.recursive(
    st.none() | st.integers(0, 3) | st.text("xy", max_size=2),
    lambda below: st.dictionaries(st.sampled_from("abc"), below, max_size=3) | st.lists(below, max_size=2),
    max_leaves=12,
)

OBJECTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@given(PATHS, PATHS)
def test_sets_of_fields_are_sets(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> None:
    left, right = tree(one), tree(other)
    assert set(members(left)) == one
    assert set(members(union(left, right))) == one | other
    assert set(members(difference(left, right))) == one - other
    assert set(members(intersection(left, right))) == one & other


@given(OBJECTS)
def test_a_value_does_not_differ_from_itself(value: Object) -> None:
    change = compare(value, value, ANY)
    assert (change.added, change.modified, change.removed) == ({}, {}, {})


@given(OBJECTS, OBJECTS)
def test_a_difference_is_found_and_is_the_reverse_of_its_reverse(one: Object, other: Object) -> None:
    there, back = compare(one, other, ANY), compare(other, one, ANY)
    assert bool(there.added or there.modified or there.removed) == (one != other)
    assert (there.added, there.modified, there.removed) == (back.removed, back.modified, back.added)


@given(OBJECTS)
def test_everything_in_a_new_object_is_added(value: Object) -> None:
    change = compare({}, value, ANY)
    assert (change.modified, change.removed) == ({}, {})
    assert {path[0] for path in members(change.added)} == {"f:" + name for name in value}


def test_items_are_told_apart_by_their_key() -> None:
    ports = [{"containerPort": 80}, {"containerPort": 80, "protocol": "UDP"}]
    fields = fields_of({"spec": {"containers": [{"name": "a", "ports": ports}]}}, POD)
    below = fields["f:spec"]["f:containers"]['k:{"name":"a"}']["f:ports"]
    assert list(below) == [
        'k:{"containerPort":80,"protocol":"TCP"}',
        'k:{"containerPort":80,"protocol":"UDP"}',
    ]


def test_lists_without_keys_have_one_owner() -> None:
    assert fields_of({"spec": {"tolerations": [{"key": "a"}]}}, POD) == {"f:spec": {"f:tolerations": {}}}
    change = compare({"spec": {"tolerations": [1]}}, {"spec": {"tolerations": [1, 2]}}, POD)
    assert change.modified == {"f:spec": {"f:tolerations": {}}}


def test_finalizers_are_owned_one_by_one() -> None:
    old, new = {"metadata": {"finalizers": ["a"]}}, {"metadata": {"finalizers": ["a", "b"]}}
    assert compare(old, new, POD).added == {"f:metadata": {"f:finalizers": {'v:"b"': {}}}}
