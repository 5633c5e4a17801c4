"""From a target's timeline to the data of its chart."""

from chaosimagecorrupt.report.read import read_run
from tests.report.charts import a_chart
from tests.report.journals import STARTED, a_journal, a_target


def test_marks_come_in_the_order_of_the_fault() -> None:
    assert [m.kind for m in a_chart().marks] == ["corrupted", "bit", "restored", "recovered"]


def test_without_marks_the_moments_of_the_record_and_the_recovery_are_taken() -> None:
    with_marks, without = a_chart(), a_chart(marks={})
    assert [m.kind for m in without.marks] == ["corrupted", "restored", "recovered"]
    assert abs(without.zero - with_marks.zero) < 0.01


def test_the_time_to_live_is_the_earliest_expiry() -> None:
    chart = a_chart()
    assert chart.ttl is not None
    assert round(chart.ttl - chart.zero) == 300


def test_the_axis_has_the_whole_time_with_breaks_before_and_after_the_end_of_the_ttl() -> None:
    long = a_chart(ended=3600.0)
    assert long.end - STARTED == 3600
    assert [(round(p.start - STARTED), round(p.end - STARTED)) for p in long.breaks] == [(57, 297), (312, 3592)]
    assert [note.partition(",")[0] for note in long.notes] == [
        "Not drawn to scale: +52.8 s to +292.5 s",
        "Not drawn to scale: +307.5 s to +3588.4 s",
    ]


def test_the_deadline_is_marked_when_it_is_exceeded() -> None:
    assert [m.kind for m in a_chart("deadline").marks] == [
        "corrupted",
        "bit",
        "deadline exceeded",
        "restored",
        "recovered",
    ]


def test_gaps_and_what_is_missing_are_said() -> None:
    gaps = [[20.0, 24.0, "Pod", "lost"], [30.0, 31.0, "Event", "late"]]
    chart = a_chart(gaps=gaps, missing={"Event": "not allowed"}, dropped={"Pod": 3})
    assert [(g.start - STARTED, g.kind) for g in chart.gaps] == [(20.0, "Pod"), (30.0, "Event")]
    assert chart.notes[:3] == (
        "Grey areas of the chart: the watch was interrupted (Pod, Event)",
        "Event objects were not watched: not allowed",
        "Pod: 3 changes were dropped, because there were too many",
    )
    assert "The watch of Pod objects was interrupted for 4.0 s: changes may be missing" in [
        c.text for c in chart.changes
    ]


def test_a_target_without_a_timeline_has_no_chart() -> None:
    assert read_run(a_journal(a_target(None))).targets[0].chart is None
