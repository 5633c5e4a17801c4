"""A mapping is read field by field; what is not read is known, and what has another type is refused by its path."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from chaosimagecorrupt.cli.operator_chaos.sections import Section
from chaosimagecorrupt.errors import Refused


def test_what_was_not_taken_is_left_with_its_path() -> None:
    root = Section("", {"a": {"b": "c", "d": 1}, "e": [{"f": 1, "g": 2}], 5: "x", "h\x1b": None})
    assert root.section("a").text("b") == "c"
    (first,) = root.sections("e")
    first.take("f")
    assert [*root.unread()] == ["(a number)", "h\\x1b", "a.d", "e[0].g"]
    first.discard()
    assert "e[0].g" not in [*root.unread()]


def test_what_is_missing_is_empty() -> None:
    root = Section("", None)
    assert (root.text("a"), root.texts("a"), root.sections("a"), root.flag("a")) == ("", [], [], False)
    assert (root.number("a", 9), root.seconds("a", 9), root.take("a")) == (None, None, None)
    assert [*root.section("a").unread()] == []
    assert root.required("a", default="b") == "b"


@pytest.mark.parametrize(
    ("value", "seconds"), [("5m", 300), ("90", 90), (90, 90), (1.5, 1.5), ("0s", None), (0, None), ("", None)]
)
def test_durations_are_read_as_go_does(value: object, seconds: float | None) -> None:
    assert Section("", {"ttl": value}).seconds("ttl", 3600) == seconds


Read = Callable[[Section], Any]
REFUSED: list[tuple[Read, object, str]] = [
    (lambda s: s.section("x"), [], "a.x must be a mapping, not a list"),
    (lambda s: s.sections("x"), {}, "a.x must be a list, not a mapping"),
    (lambda s: s.sections("x"), ["y"], r"a.x\[0\] must be a mapping, not text"),
    (lambda s: s.text("x"), 5, "a.x must be text, not a number"),
    (lambda s: s.text("x"), True, "a.x must be text, not true or false"),
    (lambda s: s.text("x"), datetime.date(2026, 1, 1), "a.x must be text, not a value of another type"),
    (lambda s: s.text("x"), "\x1b[2J", r"a.x: '\\x1b\[2J' is not valid"),
    (lambda s: s.texts("x"), "y", "a.x must be a list, not text"),
    (lambda s: s.texts("x"), [1], r"a.x\[0\] must be text, not a number"),
    (lambda s: s.required("x"), None, "a.x is missing"),
    (lambda s: s.flag("x"), "yes", "a.x must be true or false, not text"),
    (lambda s: s.number("x", 6), 7, "a.x must be a whole number from 1 to 6, not 7"),
    (lambda s: s.number("x", 6), 0, "a.x must be a whole number from 1 to 6, not 0"),
    (lambda s: s.number("x", 6), True, "a.x must be a whole number from 1 to 6, not True"),
    (lambda s: s.number("x", 6), {}, "a.x must be a whole number from 1 to 6, not a mapping"),
    (lambda s: s.seconds("x", 9), "10s", "a.x: 10s is longer than the 9 s that operator-chaos allows"),
    (lambda s: s.seconds("x", 9), 1e300, r"a.x: 1e\+300 is longer than the 9 s"),
    (lambda s: s.seconds("x", 9), "-1s", "a.x: '-1s' is not a duration"),
    (lambda s: s.seconds("x", 9), float("nan"), "a.x: nan is not a duration"),
    (lambda s: s.seconds("x", 9), [1], "a.x must be a duration such as 300s, not a list"),
    (lambda s: s.seconds("x", 9), True, "a.x must be a duration such as 300s, not true or false"),
]


@pytest.mark.parametrize(("read", "value", "expected"), REFUSED)
def test_another_type_is_refused_by_its_path(read: Read, value: object, expected: str) -> None:
    with pytest.raises(Refused, match=f"^{expected}"):
        read(Section("a", {"x": value}))


def test_a_document_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(Refused, match=r"^the document must be a mapping, not a list$"):
        Section("", [])
