"""The changes of a timeline are checked before anything is read from them."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.report.journal import Part
from chaosimagecorrupt.report.read_timeline import is_time, read_changes

USUAL: dict[str, Any] = {"version": 1, "objects": [["Pod", "web\x1b"]], "changes": [[0.5, 0, {"ready": True}]]}


def test_changes_are_read_with_names_that_can_be_shown() -> None:
    (change,) = read_changes(Part("j.json", "timeline", USUAL))
    assert (change.at, change.kind, change.name, change.state) == (0.5, "Pod", "web\\x1b", {"ready": True})


def test_without_a_timeline_there_are_none() -> None:
    assert read_changes(Part("j.json", "timeline", {})) == []


@pytest.mark.parametrize("change", [{"version": 2}, {"objects": [[1, 2]]}, {"changes": [[0.5, 1, {}]]}])
def test_a_damaged_timeline_is_refused_by_its_place(change: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=f"j.json is damaged: timeline.{next(iter(change))} is not "):
        read_changes(Part("j.json", "timeline", {**USUAL, **change}))


@pytest.mark.parametrize(("value", "known"), [(1.5, True), (True, False), ("1", False), (1e300, False)])
def test_a_time_is_a_number_that_arithmetic_can_bear(value: object, known: bool) -> None:
    assert is_time(value) is known
