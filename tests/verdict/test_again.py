"""Facts and timelines in a journal are enough to judge again; damage is refused in one line."""

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.verdict import JOURNAL_KEY, Facts, Thresholds
from chaosimagecorrupt.verdict.again import judge_again
from chaosimagecorrupt.verdict.facts_json import facts_from_json, facts_to_json
from chaosimagecorrupt.verdict.journal import FactsJson
from chaosimagecorrupt.verdict.steady_states import Checks, FailedProbe, Hypothesis, Safeguard
from chaosimagecorrupt.workload.accepted import AcceptedCondition

from ..corpus import SCENARIOS, journal_of

ANY = st.sampled_from([None, True, -1, 0.5, "text", [], [1], {}, {"x": 1}])
TEXT = st.text(max_size=5)
ENTRIES = st.lists(st.builds(Entry, TEXT, TEXT, owners=st.dictionaries(TEXT, st.lists(st.lists(TEXT)))), max_size=2)
CHECKS = st.none() | st.builds(
    Checks, st.integers(1, 9), st.integers(0, 9), st.lists(st.builds(FailedProbe, TEXT, TEXT, st.booleans())).map(tuple)
)
ACCEPTED = st.lists(st.builds(AcceptedCondition, TEXT, TEXT, st.none() | TEXT), min_size=1, max_size=2).map(tuple)
FACTS = st.builds(
    Facts,
    TEXT,
    ENTRIES.map(tuple),
    st.builds(Hypothesis, CHECKS, CHECKS, CHECKS),
    safeguard=st.none() | st.builds(Safeguard, TEXT, TEXT, st.none() | TEXT),
    operators=st.lists(st.builds(Operator, TEXT, TEXT, TEXT, st.none() | TEXT, ACCEPTED), max_size=2).map(tuple),
    webhooks=st.none() | st.lists(st.dictionaries(TEXT, TEXT)).map(tuple),
    pull_failed_at=st.none() | st.floats(0, 2e9),
    thresholds=st.builds(Thresholds, st.none() | st.floats(1, 9), st.none() | st.floats(10, 99), st.integers(0, 9)),
)


def target(name: str = "hypothesis-not-met-during") -> dict[str, Any]:
    return dict(journal_of(name)[JOURNAL_KEY]["targets"][0])


@given(FACTS)
def test_facts_are_read_as_they_were_written(facts: Facts) -> None:
    found = facts_from_json(json.loads(json.dumps(facts_to_json(facts))))
    assert facts_to_json(found) == facts_to_json(facts)
    assert (found.hypothesis.before is None) == (
        facts.hypothesis.before is None
    ) and found.pull_failed_at == facts.pull_failed_at


def test_every_attribute_of_the_facts_is_in_the_journal() -> None:
    assert set(FactsJson.__annotations__) == set(facts_to_json(Facts("web")))
    # the journal keeps the key that it had before the attribute was renamed
    keys = {"bitten_at" if f.name == "pull_failed_at" else f.name for f in fields(Facts)}
    assert set(FactsJson.__annotations__) == keys


def test_facts_of_another_version_are_read_as_far_as_they_are_known() -> None:
    assert facts_from_json({"name": "web", "of_the_future": 1}) == Facts("web")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": 5}, "facts.name is damaged: it is not of type str"),
        ({"interrupted": 1}, "facts.interrupted is damaged: it is not of type bool"),
        ({"bitten_at": True}, "facts.bitten_at is damaged: it is not of type float"),
        ({"entries": [{}]}, "facts.entries[0] is damaged"),
        ({"hypothesis": {"after": []}}, "facts.hypothesis.after is damaged: it is not of type dict"),
        ({"thresholds": {"max_reconcile_cycles": "1"}}, "facts.thresholds.max_reconcile_cycles is damaged"),
    ],
)
def test_damaged_facts_are_refused_by_their_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Refused) as caught:
        facts_from_json({"name": "web", **change})
    assert str(caught.value).startswith(place)


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
