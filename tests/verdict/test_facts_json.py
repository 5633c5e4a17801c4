"""Facts are read as they were written; damage is refused by its place."""

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.verdict import Facts, Thresholds
from chaosimagecorrupt.verdict.facts_json import facts_from_json, facts_to_json
from chaosimagecorrupt.verdict.facts_types import (
    AcceptedConditionJson,
    ChecksJson,
    EntryJson,
    FactsJson,
    FailedProbeJson,
    HypothesisJson,
    OperatorJson,
    SafeguardJson,
    ThresholdsJson,
)
from chaosimagecorrupt.verdict.steady_states import Checks, FailedProbe, Hypothesis, Safeguard
from chaosimagecorrupt.workload.accepted import AcceptedCondition
from chaosimagecorrupt.workload.webhooks import ServedWebhook

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
    webhooks=st.none() | st.lists(st.fixed_dictionaries(dict.fromkeys(ServedWebhook.__annotations__, TEXT))).map(tuple),
    pull_failed_at=st.none() | st.floats(0, 2e9),
    thresholds=st.builds(Thresholds, st.none() | st.floats(1, 9), st.none() | st.floats(10, 99), st.integers(0, 9)),
)


@given(FACTS)
def test_facts_are_read_as_they_were_written(facts: Facts) -> None:
    found = facts_from_json(json.loads(json.dumps(facts_to_json(facts))))
    assert facts_to_json(found) == facts_to_json(facts)
    assert (found.hypothesis.before is None) == (
        facts.hypothesis.before is None
    ) and found.pull_failed_at == facts.pull_failed_at


@pytest.mark.parametrize(
    ("facts", "as_json"),
    [
        (Facts, FactsJson), (Entry, EntryJson), (Hypothesis, HypothesisJson), (Checks, ChecksJson),
        (FailedProbe, FailedProbeJson), (Safeguard, SafeguardJson), (Operator, OperatorJson),
        (AcceptedCondition, AcceptedConditionJson), (Thresholds, ThresholdsJson),
    ],
)  # fmt: skip
def test_every_attribute_of_the_facts_is_in_the_journal(facts: Any, as_json: Any) -> None:
    names = ["bitten_at" if f.name == "pull_failed_at" else f.name for f in fields(facts)]
    assert [*as_json.__annotations__] == names


def test_facts_of_another_version_are_read_as_far_as_they_are_known() -> None:
    assert facts_from_json({"name": "web", "of_the_future": 1}) == Facts("web")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": 5}, "facts.name is damaged: it is not of type str"),
        ({"interrupted": 1}, "facts.interrupted is damaged: it is not of type bool"),
        ({"bitten_at": True}, "facts.bitten_at is damaged: it is not of type float"),
        ({"entries": [{}]}, "facts.entries[0] is damaged"),
        ({"webhooks": [{"kind": 5}]}, "facts.webhooks[0].kind is damaged: it is not of type str"),
        ({"hypothesis": {"after": []}}, "facts.hypothesis.after is damaged: it is not of type dict"),
        ({"thresholds": {"max_reconcile_cycles": "1"}}, "facts.thresholds.max_reconcile_cycles is damaged"),
    ],
)
def test_damaged_facts_are_refused_by_their_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Refused) as caught:
        facts_from_json({"name": "web", **change})
    assert str(caught.value).startswith(place)
