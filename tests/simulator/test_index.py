"""Finding objects by a value."""

from chaosimagecorrupt.simulator.index import Index
from chaosimagecorrupt.simulator.types import Object


def colours(obj: Object) -> set[str]:
    return set(obj["colours"])


def test_keys_are_found_by_what_their_objects_have_now() -> None:
    index = Index[str, str](colours)
    index.change("b", None, {"colours": ["red"]})
    index.change("a", None, {"colours": ["red", "blue"]})
    assert [*index.keys("red")] == ["b", "a"] and [*index.keys("blue")] == ["a"]
    index.change("b", {"colours": ["red"]}, {"colours": ["blue"]})
    assert [*index.keys("red")] == ["a"] and [*index.keys("blue")] == ["a", "b"]
    index.change("a", {"colours": ["red", "blue"]}, None)
    assert [*index.keys("red")] == [] and [*index.keys("blue")] == ["b"]


def test_a_change_that_keeps_the_value_keeps_the_place() -> None:
    index = Index[str, str](colours)
    for key in "ab":
        index.change(key, None, {"colours": ["red"]})
    index.change("a", {"colours": ["red"]}, {"colours": ["red", "blue"]})
    assert [*index.keys("red")] == ["a", "b"]


def test_a_value_that_nothing_has() -> None:
    assert [*Index[str, str](colours).keys("red")] == []
