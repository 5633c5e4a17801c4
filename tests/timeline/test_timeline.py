"""States are folded, kept as differences, read back; the bound holds, and what it costs is counted."""

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.timeline.chronicle import Chronicle, folded
from chaosimagecorrupt.timeline.states import deployment_state, event_state, pod_state, resource_state
from chaosimagecorrupt.timeline.timeline import KINDS, MOST_CHANGES, MOST_OBJECTS, Timeline, changes, moment
from chaosimagecorrupt.workload.rollout import pull_failure, recovered

from ..manifests import a_deployment, a_pod, a_replica_set, corrupted
from ..recorded import NAMES, flips, managed_fields, moments
from ..strategies import quickly
from ..timelines import STARTED, of_recording

HOSTILE = "\x1b[31m<script>alert(1)</script>\n"


def timeline(*seen: tuple[float, str, str, dict[str, Any] | None]) -> Timeline:
    made = Timeline(STARTED)
    for each in seen:
        made.seen(*each)
    return made


def test_a_timeline_holds_differences() -> None:
    made = timeline(
        (1, "Pod", "a", {"phase": "Pending", "ready": False}), (2, "Pod", "a", {"phase": "Running", "x": 1})
    )
    assert made.to_json(9)["changes"] == [
        [1, 0, {"phase": "Pending", "ready": False}],
        [2, 0, {"phase": "Running", "x": 1, "ready": None}],
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
    made, expected, latest = Timeline(STARTED), [], {}
    for at, (kind, name, state) in enumerate(seen):
        now = {"gone": True} if state is None else state
        if latest.get((kind, name)) != now and not (state is None and (kind, name) not in latest):
            expected.append((float(at), kind, name, now))
            latest[kind, name] = now
        made.seen(at, kind, name, state)
    assert [tuple(c) for c in changes(json.loads(json.dumps(made.to_json(99))))] == expected


def test_only_one_kind_can_be_read() -> None:
    made = timeline((1, "Pod", "a", {"x": 1}), (2, "Deployment", "b", {"x": 2})).to_json(9)
    assert [c.name for c in changes(made, "Deployment")] == ["b"]


def test_an_object_that_comes_back_begins_anew() -> None:
    made = timeline((1, "Pod", "a", {"x": 1}), (2, "Pod", "a", None), (3, "Pod", "a", {"y": 1})).to_json(9)
    assert [c.state for c in changes(made)] == [{"x": 1}, {"gone": True}, {"y": 1}]


def test_a_moment_has_milliseconds() -> None:
    assert moment("2026-11-22T15:00:00.500Z", 1.2345) == moment(STARTED, 1.7345) == "2026-11-22T15:00:01.734Z"


# --- the bound ---


def test_of_too_many_changes_the_oldest_and_the_newest_are_kept_and_the_rest_is_counted() -> None:
    made = timeline(*((n, "Deployment", "web", {"generation": n}) for n in range(MOST_CHANGES + 100))).to_json(9)
    kept = [c.state["generation"] for c in changes(made)]
    half = MOST_CHANGES // 2
    assert kept == [*range(half), *range(half + 100, MOST_CHANGES + 100)] and made["dropped"] == {"Deployment": 100}


def test_the_last_change_of_an_object_is_always_kept() -> None:
    made = timeline(*((n, "Pod", "a", {"n": n}) for n in range(MOST_CHANGES)))
    made.seen(MOST_CHANGES, "Pod", "old", {"x": 1})
    for n in range(MOST_CHANGES):
        made.seen(2000 + n, "Pod", "a", {"n": n})
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
        made.gap(n, n + 1, "Pod", lost=True)
    found = made.to_json(999)
    assert (len(found["gaps"]), found["dropped"]) == (100, {"gaps": 50})


def test_the_memory_that_it_takes_is_bounded() -> None:
    made, big = Timeline(STARTED), resource_state(an_object(conditions=80))
    tracemalloc.start()
    for n in range(4 * MOST_CHANGES):
        for kind in KINDS:
            made.seen(n, kind, f"{kind}-{n % (2 * MOST_OBJECTS)}", {**big, "n": n})
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 10_000_000


def an_object(conditions: int) -> dict[str, Any]:
    found = [{"type": f"T{n}", "status": "True", "message": "m" * 10_000} for n in range(conditions)]
    return {"kind": "Shop", "metadata": {"name": "main"}, "status": {"conditions": found}}


def test_one_object_cannot_take_much() -> None:
    assert len(json.dumps(resource_state(an_object(conditions=5_000)))) < 25_000


# --- what is folded ---


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_is_complete_when_the_rollout_is(name: str) -> None:
    seen = [(c.at, c.state["complete"]) for c in changes(of_recording(name)[0], "Deployment")]
    flipped = [at for n, (at, found) in enumerate(seen) if found != (seen[n - 1][1] if n else False)]
    assert flipped == flips(name, lambda m: recovered(m.deployment, m.replica_sets))


@pytest.mark.parametrize("name", NAMES)
def test_the_pods_of_a_recording_wait_for_the_same_reasons(name: str) -> None:
    expected = {(p["metadata"]["name"], f.reason) for m in moments(name) for p in m.pods if (f := pull_failure(p))}
    pods = [c for c in changes(of_recording(name)[0], "Pod") if not c.state.get("deleting")]
    waits = {(c.name, v) for c in pods for k, v in c.state.items() if k.startswith("waiting:")}
    assert {w for w in waits if w[1] not in ("ContainerCreating", "PodInitializing")} == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_takes_some_kilobytes(name: str) -> None:
    assert len(json.dumps(of_recording(name)[0])) < 12_000


def test_the_record_and_who_wrote_the_image_are_kept() -> None:
    state = deployment_state(corrupted(a_deployment()), [])
    assert state["record"] == {"app": "id1"} and "complete" in state
    writers = [deployment_state(d, [])["writer:app"][0] for d in managed_fields()]
    assert writers == ["installer", "chaosimagecorrupt", "my-operator"]


def test_without_replica_sets_a_deployment_is_complete_by_its_own_status() -> None:
    deployment = a_deployment()
    assert [deployment_state(deployment, sets)["complete"] for sets in (None, [], [a_replica_set(deployment)])] == [
        True,
        False,
        True,
    ]
    assert not deployment_state(a_deployment(replicas=0), None)["complete"]


def test_the_replica_sets_of_others_are_left_out() -> None:
    chronicle, deployment = Chronicle(Timeline(STARTED)), a_deployment()
    chronicle.take(1, "Deployment", deployment)
    chronicle.take(2, "ReplicaSet", a_replica_set(a_deployment(uid="other")))
    assert [c.kind for c in changes(chronicle.timeline.to_json(9))] == ["Deployment"]


def test_events_of_other_pods_are_left_out() -> None:
    chronicle = Chronicle(Timeline(STARTED))
    for pod in ("web-1", "other-1"):
        chronicle.take(1, "Event", folded("Event", an_event(pod)))
    chronicle.take(2, "Pod", folded("Pod", a_pod("app", "x", "ErrImagePull")))
    assert [c.name for c in changes(chronicle.timeline.to_json(9), "Event")] == ["web-1.1"]


def an_event(pod: str, **changed: Any) -> dict[str, Any]:
    about = {"kind": "Pod", "name": pod}
    return {"metadata": {"name": f"{pod}.1"}, "involvedObject": about, "reason": "Pulling", "count": 2, **changed}


@pytest.mark.parametrize(
    "changed", [{"reason": "Scheduled"}, {"involvedObject": {"kind": "Node", "name": "n"}}, {"involvedObject": None}]
)
def test_events_that_tell_of_no_pull_are_left_out(changed: dict[str, Any]) -> None:
    assert event_state(an_event("web-1", **changed)) is None


def test_events_of_the_newer_kind_are_read_too() -> None:
    times = {
        "count": None,
        "series": {"count": 4, "lastObservedTime": "2026-11-22T15:00:09.500000Z"},
        "eventTime": "2026-11-22T15:00:00Z",
    }
    found = event_state(an_event("web-1", **times))
    assert found is not None and (found["count"], found["last"]) == (4, "2026-11-22T15:00:09.500000Z")


def test_what_is_hostile_is_kept_as_plain_data() -> None:
    event = event_state(an_event("web-1", message=HOSTILE * 100))
    pod = pod_state(a_pod("app", "x", HOSTILE))
    shop = an_object(0) | {
        "status": {"conditions": [{"type": HOSTILE, "status": HOSTILE, "reason": HOSTILE, "message": HOSTILE}]}
    }
    written = json.dumps([event, pod, resource_state(shop)], ensure_ascii=False)
    assert (
        "<script>" in written
        and "\x1b" not in written
        and "\\u001b" not in written
        and "\\n" not in written.replace("\\\\n", "")
    )


@pytest.mark.parametrize(
    "status", [None, "x", {}, {"conditions": None}, {"conditions": "x"}, {"conditions": ["x", None, 1]}]
)
def test_a_status_of_odd_shape_is_no_status(status: Any) -> None:
    assert resource_state({"metadata": {"name": "x"}, "status": status}) == {}


@pytest.mark.parametrize("time", ["yesterday", 5, None, "2026-11-22", "9999-99-99T00:00:00Z", {}])
def test_a_time_that_is_none_is_left_out(time: Any) -> None:
    conditions = [{"type": "Ready", "status": "True", "lastTransitionTime": time}]
    state = resource_state({"metadata": {"name": "x"}, "status": {"conditions": conditions}})
    assert state["condition:Ready"] == ["True", "", None, ""]
