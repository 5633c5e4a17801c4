"""States are kept as differences and read back; the bound holds, and what exceeds it is counted."""

import json
import tracemalloc
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.timeline.reduce import resource_state
from chaosimagecorrupt.timeline.timeline import KINDS, MOST_CHANGES, MOST_OBJECTS, Timeline, changes, moment

from ..strategies import quickly
from ..timelines import STARTED, state_of
from .objects import an_object


def timeline(*seen: tuple[float, str, str, dict[str, Any] | None]) -> Timeline:
    made = Timeline(STARTED)
    for at, kind, name, state in seen:
        made.add(at, kind, name, None if state is None else state_of(state))
    return made


def test_a_timeline_holds_differences() -> None:
    made = timeline(
        (1, "Pod", "a", {"phase": "Pending", "ready": False}), (2, "Pod", "a", {"phase": "Running", "x": 1})
    )
    assert made.to_json(9)["changes"] == [
        (1, 0, {"phase": "Pending", "ready": False}),
        (2, 0, {"phase": "Running", "x": 1, "ready": None}),
    ]


def test_what_does_not_change_is_not_kept() -> None:
    made = timeline((1, "Pod", "a", {"ready": True}), (2, "Pod", "a", {"ready": True}), (3, "Pod", "b", None))
    assert len(made.to_json(9)["changes"]) == 1


def test_it_is_versioned_json() -> None:
    made = timeline((1.23456, "Pod", "a", {"ready": True})).to_json(9.87654)
    assert json.loads(json.dumps(made)) == {
        "version": 1,
        "started": "2026-11-22T15:00:00.000Z",
        "ended": 9.877,
        "objects": [["Pod", "a"]],
        "changes": [[1.235, 0, {"ready": True}]],
        "gaps": [],
        "missing": {},
        "limited": {},
        "dropped": {},
    }


STATES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3)


SEEN = st.lists(
    st.tuples(st.sampled_from(["Pod", "Deployment"]), st.sampled_from("xyz"), st.none() | STATES), max_size=40
)


@quickly
@given(SEEN)
def test_what_is_read_back_is_what_was_seen(seen: list[tuple[str, str, dict[str, Any] | None]]) -> None:
    made, expected = Timeline(STARTED), []
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for at, (kind, name, state) in enumerate(seen):
        now = {"gone": True} if state is None else state
        if latest.get((kind, name)) != now and not (state is None and (kind, name) not in latest):
            expected.append((float(at), kind, name, now))
            latest[kind, name] = now
        made.add(at, kind, name, None if state is None else state_of(state))
    assert [tuple(c) for c in changes(json.loads(json.dumps(made.to_json(99))))] == expected


def test_only_one_kind_can_be_read() -> None:
    made = timeline((1, "Pod", "a", {"x": 1}), (2, "Deployment", "b", {"x": 2})).to_json(9)
    assert [c.name for c in changes(made, "Deployment")] == ["b"]


def test_an_object_that_comes_back_begins_again() -> None:
    made = timeline((1, "Pod", "a", {"x": 1}), (2, "Pod", "a", None), (3, "Pod", "a", {"y": 1})).to_json(9)
    assert [c.state for c in changes(made)] == [{"x": 1}, {"gone": True}, {"y": 1}]


def test_a_moment_has_milliseconds() -> None:
    assert moment("2026-11-22T15:00:00.500Z", 1.2345) == moment(STARTED, 1.7345) == "2026-11-22T15:00:01.734Z"


def test_of_too_many_changes_the_oldest_and_the_newest_are_kept_and_the_rest_is_counted() -> None:
    made = timeline(*((n, "Deployment", "web", {"generation": n}) for n in range(MOST_CHANGES + 100))).to_json(9)
    kept = [c.state["generation"] for c in changes(made)]
    half = MOST_CHANGES // 2
    assert kept == [*range(half), *range(half + 100, MOST_CHANGES + 100)] and made["dropped"] == {"Deployment": 100}


def test_the_last_change_of_an_object_is_always_kept() -> None:
    made = timeline(*((n, "Pod", "a", {"n": n}) for n in range(MOST_CHANGES)))
    made.add(MOST_CHANGES, "Pod", "old", state_of({"x": 1}))
    for n in range(MOST_CHANGES):
        made.add(2000 + n, "Pod", "a", state_of({"n": n}))
    found = made.to_json(9)
    assert {"x": 1} in [c.state for c in changes(found)]
    assert len(found["changes"]) + found["dropped"]["Pod"] == 2 * MOST_CHANGES + 1


def test_of_too_many_objects_the_first_are_kept_and_the_rest_is_counted() -> None:
    made = timeline(*((n, "Pod", f"p{n}", {"x": 1}) for n in range(MOST_OBJECTS + 7))).to_json(9)
    assert len(made["objects"]) == MOST_OBJECTS and made["dropped"] == {"Pod": 7}


def test_a_kind_that_is_too_many_costs_the_others_nothing() -> None:
    made = timeline(
        *((n, "Pod", "a", {"n": n}) for n in range(3 * MOST_CHANGES)), (9999, "Deployment", "web", {"x": 1})
    )
    assert next(changes(made.to_json(9), "Deployment")).state == {"x": 1}


def test_gaps_are_bounded() -> None:
    made = Timeline(STARTED)
    for n in range(150):
        made.add_gap(n, n + 1, "Pod", lost=True)
    found = made.to_json(999)
    assert (len(found["gaps"]), found["dropped"]) == (100, {"gaps": 50})


def test_the_memory_that_it_takes_is_bounded() -> None:
    made, big = Timeline(STARTED), resource_state(an_object(conditions=80))
    tracemalloc.start()
    for n in range(4 * MOST_CHANGES):
        for kind in KINDS:
            made.add(n, kind, f"{kind}-{n % (2 * MOST_OBJECTS)}", state_of({**big, "n": n}))
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 10_000_000
