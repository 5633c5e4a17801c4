"""Each kind of object is followed on a connection of its own: their order among each other decides nothing."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.timeline.chronicle import Chronicle, compact
from chaosimagecorrupt.timeline.timeline import KINDS, Timeline, changes
from chaosimagecorrupt.verdict import Facts, Judgement, judge
from chaosimagecorrupt.verdict.observed import SKEW
from chaosimagecorrupt.workload.kinds import kind_named

from ..recorded import NAMES, OTHER_KINDS
from ..strategies import quickly
from ..timelines import ENTRY, STARTED, events_of, of_recording
from .scenarios import CASES, Case

T = TypeVar("T")
Delays = dict[str, list[float]]

# how many seconds late the changes of each kind arrive, in turn. Less than SKEW: a connection that is later is reported
# as a gap
delays: st.SearchStrategy[Delays] = st.fixed_dictionaries(
    {kind: st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.6, SKEW - 0.1]), min_size=1, max_size=9) for kind in KINDS}
)


AT_ONCE: Delays = {kind: [0.0] for kind in KINDS}


def without_seconds(found: Judgement) -> list[str]:
    """Return the reasons without the seconds in them, which depend on the arrival of the changes."""
    return [re.sub(r"\b\d+ min( \d+ s)?|\b\d+(\.\d+)? s\b", "N", reason) for reason in found.reasons]


def late_by(late: Delays, found: Iterable[tuple[float, str, T]]) -> list[tuple[float, str, T]]:
    """Return changes in the order of their arrival: those of one kind stay in their order, and none comes early."""
    counts, latest = Counter[str](), dict.fromkeys(KINDS, 0.0)
    arrived = []
    for at, kind, what in found:
        latest[kind] = max(latest[kind], at + late[kind][counts[kind] % len(late[kind])])
        counts[kind] += 1
        arrived.append((latest[kind], kind, what))
    return sorted(arrived, key=lambda each: each[0])


def judged(case: Case, late: Delays) -> Judgement:
    """Judge a scenario of which the changes are late."""
    timeline = Timeline(STARTED)
    found = changes(case.scenario().timeline.to_json(case.ended))
    for at, kind, change in late_by(late, ((c.at, c.kind, c) for c in found)):
        timeline.add(at, kind, change.name, None if change.state.get("gone") else change.state)
    written = json.loads(json.dumps(timeline.to_json(case.ended + SKEW)))
    return judge(written, Facts("web", [ENTRY], webhooks=[], **case.facts))


@cache
def reasons_at_once(name: str) -> list[str]:
    """Return the reasons of a scenario of which no change is late."""
    return without_seconds(judged(CASES[name], AT_ONCE))


@pytest.mark.parametrize("name", CASES)
@quickly
@given(late=delays)
def test_a_scenario_has_one_verdict(name: str, late: Delays) -> None:
    found = judged(CASES[name], late)
    assert (found.verdict, without_seconds(found)) == (CASES[name].verdict, reasons_at_once(name))


recorded_events = cache(events_of)


def replayed(name: str, late: Delays) -> Judgement:
    """Judge a recording of which the changes are late; from ReplicaSets follows what is complete."""
    events, facts = recorded_events(name), of_recording(name).facts
    chronicle = Chronicle(Timeline(STARTED), kind_named(facts.kind))
    for at, kind, event in late_by(late, ((e["t"], e["kind"], e) for e in events)):
        chronicle.take(at, kind, compact(kind, event["object"]), gone=event["type"] == "DELETED")
    return judge(chronicle.timeline.to_json(events[-1]["t"] + SKEW), facts)


@cache
def recorded_verdict(name: str) -> tuple[str, list[str]]:
    """Return verdict and reasons of a recording as it is."""
    found = judge(*of_recording(name))
    return found.verdict, without_seconds(found)


@pytest.mark.parametrize("name", [*NAMES, *OTHER_KINDS])
@quickly
@given(late=delays)
def test_what_a_real_cluster_did_has_one_verdict(name: str, late: Delays) -> None:
    found, (verdict, reasons) = replayed(name, late), recorded_verdict(name)
    assert (found.verdict, without_seconds(found)) == (verdict, reasons)
