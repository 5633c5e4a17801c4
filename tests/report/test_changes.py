"""The list of changes."""

from chaosimagecorrupt.report.changes import list_changes
from chaosimagecorrupt.report.chart_data import Band, ChangeRow, Gap, Mark, MarkKind, PodCounts
from tests.report.charts import a_chart


def test_the_table_of_changes_has_every_step_band_mark_and_pull() -> None:
    chart = a_chart("deadline")
    texts = [c.text for c in chart.changes]
    assert [c.at for c in chart.changes] == sorted(c.at for c in chart.changes)
    assert {
        "The image is corrupted",
        "The image is restored",
        "The Deployment has recovered",
        "failing pods 0 → 1",
    } <= set(texts)
    assert texts.count("Progressing: False (ProgressDeadlineExceeded)") == 1
    assert sum("tries to pull" in t for t in texts) == len(chart.pulls) >= 3
    assert any(t.endswith("app waits: ImagePullBackOff") for t in texts)


def test_at_the_same_time_marks_come_first() -> None:
    rows = list_changes([], [Band("Available", 1.0, 2.0, "False", "")], [], [Mark(1.0, MarkKind.CORRUPTED)], [], [])
    assert [row.text for row in rows] == ["The image is corrupted", "Available: False"]


def test_only_the_counts_that_differ_are_listed() -> None:
    rows = list_changes([PodCounts(0.0, 2, 2, 0), PodCounts(5.0, 2, 1, 1)], [], [], [], [], [])
    assert rows[1] == ChangeRow(5.0, "updated pods 2 → 1, failing pods 0 → 1")


def test_a_gap_says_whether_changes_are_lost() -> None:
    gaps = [Gap(0.0, 2.0, "Pod", "lost"), Gap(3.0, 4.5, "Event", "late")]
    assert [row.text for row in list_changes([], [], [], [], gaps, [])] == [
        "The watch of Pod objects was interrupted for 2.0 s: changes may be missing",
        "The watch of Event objects was interrupted for 1.5 s: changes came late",
    ]
