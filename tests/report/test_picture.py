"""A recording's timeline as steps, bands and marks."""

from itertools import pairwise
from typing import Any

from chaosimagecorrupt.report.picture import Picture
from chaosimagecorrupt.report.read import read_run
from tests.report.journals import STARTED, a_journal, a_target, a_timeline


def a_picture(recording: str = "rolling-update", **changes: Any) -> Picture:
    target = a_target(recording)
    found = read_run(a_journal({**target, "timeline": {**target["timeline"], **changes}})).targets[0].picture
    assert found is not None
    return found


def lane(picture: Picture, name: str) -> list[tuple[str, str]]:
    return [(b.status, b.reason) for b in picture.bands if b.lane == name]


def during(picture: Picture) -> set[tuple[int, int, int]]:
    assert picture.restored is not None
    return {p[1:] for p in picture.pods if picture.zero + 5 < p.at < picture.restored} | {
        [p for p in picture.pods if p.at < picture.zero + 5][-1][1:]
    }


def test_under_rolling_update_the_old_pods_serve_and_one_new_pod_fails() -> None:
    assert during(a_picture()) == {(2, 1, 1)}


def test_under_recreate_nothing_serves_during_the_fault() -> None:
    assert during(a_picture("recreate")) == {(0, 2, 2)}


def test_with_surge_zero_a_ready_pod_is_lost() -> None:
    assert during(a_picture("surge-zero")) == {(2, 1, 1)}


def test_after_the_recovery_no_pod_fails() -> None:
    for recording in ("rolling-update", "recreate", "deadline", "sidecar", "init-container"):
        assert a_picture(recording).pods[-1][1:] == (2, 2, 0), recording


def test_a_stuck_rollout_turns_progressing_false_and_back() -> None:
    found = lane(a_picture("deadline"), "Progressing")
    stuck = found.index(("False", "ProgressDeadlineExceeded"))
    assert found[stuck + 1 :][-1] == ("True", "NewReplicaSetAvailable")


def test_a_failed_creation_has_its_own_lane_as_long_as_the_condition_is_there() -> None:
    picture = a_picture("whitespace-image")
    failing = [b for b in picture.bands if b.lane == "ReplicaFailure"]
    assert [b.reason for b in failing] == ["FailedCreate"]
    assert failing[0].end < picture.end


def test_bands_of_a_lane_follow_each_other_without_overlap() -> None:
    for recording in ("deadline", "recreate", "long-hold"):
        picture = a_picture(recording)
        for name in ("Available", "Progressing"):
            bands = [b for b in picture.bands if b.lane == name]
            assert [b.end for b in bands] == [b.start for b in bands[1:]] + [picture.end]


def test_the_gaps_between_pulls_grow() -> None:
    pulls = a_picture("long-hold").pulls
    gaps = [later - earlier for earlier, later in pairwise(pulls)]
    assert gaps == sorted(gaps)
    assert len(gaps) >= 4
    assert gaps[-1] > 60


def test_marks_come_in_the_order_of_the_fault() -> None:
    assert [m.kind for m in a_picture().marks] == ["corrupted", "bit", "restored", "recovered"]


def test_without_marks_the_moments_of_the_record_and_the_recovery_are_taken() -> None:
    with_marks, without = a_picture(), a_picture(marks={})
    assert [m.kind for m in without.marks] == ["corrupted", "restored", "recovered"]
    assert abs(without.zero - with_marks.zero) < 0.01


def test_the_time_to_live_is_the_earliest_expiry() -> None:
    picture = a_picture()
    assert picture.ttl is not None
    assert round(picture.ttl - picture.zero) == 300


def test_a_long_time_without_a_change_at_the_end_is_said_and_not_drawn() -> None:
    long = a_picture(ended=3600.0)
    assert long.end - long.zero < 100
    assert long.notes == ("Not drawn: the time until +3595.9 s, in which nothing of this changed any more",)


def test_gaps_and_what_is_missing_are_said() -> None:
    gaps = [[20.0, 24.0, "Pod", "lost"], [30.0, 31.0, "Event", "late"]]
    picture = a_picture(gaps=gaps, missing={"Event": "not allowed"}, dropped={"Pod": 3})
    assert [(g.start - STARTED, g.kind) for g in picture.gaps] == [(20.0, "Pod"), (30.0, "Event")]
    assert picture.notes[:3] == (
        "Grey in the picture: times in which changes were not followed (Pod, Event)",
        "Event objects were not followed: not allowed",
        "Pod: 3 changes are not kept, because there were too many",
    )
    assert "Pod objects were not followed for 4.0 s: changes may be missing" in [c.what for c in picture.changes]


def with_an_operator(*differences: dict[str, list[str | None]]) -> Picture:
    timeline = a_timeline()
    added = [[i + 0.1, len(timeline["objects"]), found] for i, found in enumerate(differences)]
    objects = [*timeline["objects"], ["Resource", "Thing main"]]
    return a_picture(objects=objects, changes=sorted(timeline["changes"] + added, key=lambda c: c[0]))


def operator_lanes(picture: Picture) -> list[str]:
    return [name for name in dict.fromkeys(b.lane for b in picture.bands) if name.startswith("Thing")]


STEADY: dict[str, list[str | None]] = {f"condition:Steady{i}": ["True", "", None, ""] for i in range(6)}


def test_of_an_operators_conditions_those_that_change_are_shown() -> None:
    ready = "condition:Ready"
    picture = with_an_operator({**STEADY, ready: ["True", "", None, ""]}, {ready: ["False", "Stuck", None, ""]})
    assert operator_lanes(picture) == ["Thing Ready"]
    assert lane(picture, "Thing Ready") == [("True", ""), ("False", "Stuck")]


def test_of_a_silent_operator_a_few_conditions_are_shown() -> None:
    assert operator_lanes(with_an_operator(STEADY)) == [f"Thing Steady{i}" for i in range(4)]


def test_the_text_alternative_tells_what_is_to_be_seen() -> None:
    told = a_picture("deadline").told
    assert "corrupted at +0.0 s, bit at +0.8 s, restored at +45.1 s, recovered at +45.4 s" in told
    assert "At most 1 could not pull the image." in told
    assert "Progressing: True, then False, then True." in told


def test_the_table_of_changes_has_every_step_band_mark_and_pull() -> None:
    picture = a_picture("deadline")
    told = [c.what for c in picture.changes]
    assert [c.at for c in picture.changes] == sorted(c.at for c in picture.changes)
    assert {"The image is corrupted", "The image is put back", "Recovered", "failing pods 0 → 1"} <= set(told)
    assert told.count("Progressing: False (ProgressDeadlineExceeded)") == 1
    assert sum("tries to pull" in t for t in told) == len(picture.pulls) >= 3
    assert any(t.endswith("app waits: ImagePullBackOff") for t in told)


def test_a_target_without_a_timeline_has_no_picture() -> None:
    assert read_run(a_journal(a_target(None))).targets[0].picture is None
