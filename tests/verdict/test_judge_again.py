"""Facts and timelines in a journal are enough to judge again; damage is refused in one line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.verdict import JOURNAL_KEY
from chaosimagecorrupt.verdict.judge_again import judge_again

from ..corpus import SCENARIOS, journal_of

ANY = st.sampled_from([None, True, -1, 0.5, "text", [], [1], {}, {"x": 1}])


def target(name: str = "hypothesis-not-met-during") -> dict[str, Any]:
    return dict(journal_of(name)[JOURNAL_KEY]["targets"][0])


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_comes_to_the_same(name: str) -> None:
    assert judge_again(target(name)).differences == []


@pytest.mark.parametrize(
    ("change", "differences"),
    [
        ({"verdict": "Resilient"}, ["verdict"]),
        ({"reasons": []}, ["reasons"]),
        ({"serving": {"replicas": 2, "fewest": 1}}, ["serving"]),
        ({"rubric": []}, ["rubric"]),
    ],
)
def test_what_was_written_in_another_way_is_named(change: dict[str, Any], differences: list[str]) -> None:
    assert judge_again({**target(), **change}).differences == differences


def test_a_row_that_is_newer_than_the_journal_is_no_difference() -> None:
    older = target()
    older["facts"] = {key: value for key, value in older["facts"].items() if key != "pull_check"}
    older["rubric"] = [row for row in older["rubric"] if row["row"] != "original-pulled"]
    assert judge_again(older).differences == []


def test_another_fact_comes_to_another_verdict() -> None:
    changed = target()
    changed["facts"] = {**changed["facts"], "interrupted": True}
    found = judge_again(changed)
    assert found.judgement.verdict == "Inconclusive" and "verdict" in found.differences


def test_a_target_of_an_older_version_cannot_be_judged_again() -> None:
    changed = target()
    del changed["facts"]
    with pytest.raises(Refused, match="without the facts of the verdict, by an older version"):
        judge_again(changed)


@given(data=st.data())
def test_whatever_is_damaged_is_judged_or_refused(data: st.DataObject) -> None:
    changed = target()
    place: Any = changed[data.draw(st.sampled_from(["timeline", "facts"]))]
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.integers(0, 3)) == 0:
            break
        place = place[key]
    place[key] = data.draw(ANY)
    try:
        judge_again(changed)
    except Refused as x:
        assert str(x).isprintable()
