"""What scripts read."""

import json

from chaosimagecorrupt.report import render, render_report
from tests.report.journals import STARTED, a_comparison, a_journal, a_target, hostile_journal


def test_it_has_the_verdict_the_rubric_and_the_recovery() -> None:
    found = json.loads(render([a_journal()], "json"))
    target = found["runs"][0]["targets"][0]
    assert (found["version"], target["verdict"]) == (1, "Degraded")
    assert [r["result"] for r in target["rubric"]] == ["pass", "not observed", "violation", "pass"]
    assert target["rubric"][0]["evidence"][0]["at"] == "2026-11-22T15:00:04.800Z"
    assert target["recovery"]["restored_at"].startswith("2026-11-22T15:00:49.")
    assert STARTED == 1795359600.0


def test_the_summary_has_a_row_for_each_target_the_worst_first() -> None:
    journals = [a_journal(a_target(component=c)) for c in ("kserve", "istiod")] + [a_journal(targets=[])]
    rows = json.loads(render(journals, "json"))["summary"]
    assert [(r["component"], r["run"], r["target"]) for r in rows] == [("", 1, 0), ("istiod", 3, 1), ("kserve", 2, 1)]


def test_the_activities_are_there_in_the_order_of_the_run() -> None:
    activities = json.loads(render([a_journal()], "json"))["runs"][0]["activities"]
    assert [(a["phase"], a["name"]) for a in activities] == [
        ("steady state before", "is-available"),
        ("method", "corrupt-the-image"),
        ("method", "serving"),
        ("rollbacks", "restore"),
    ]
    assert activities[3]["error"] == "Refused: no"


def test_a_terminal_is_not_harmed_by_it() -> None:
    text = render([hostile_journal()], "json")
    assert text.isascii()
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_comparison_has_its_regressions_and_the_baseline() -> None:
    (found,) = json.loads(render_report(a_comparison(3.0, 4.0), "json"))["comparisons"]
    assert found["regressions"] == ["recovered in 9.0 s; the slowest of the baseline took 4.0 s"]
    assert (found["worst_seconds"], found["lowest_kept"], found["worst_verdict"]) == (4.0, 1.0, "Degraded")
    assert [(o["at"], o["seconds"]) for o in (*found["baseline"], found["now"])] == [
        ("2026-11-01T15:00:00.000Z", 3.0),
        ("2026-11-02T15:00:00.000Z", 4.0),
        ("2026-11-03T15:00:00.000Z", 9.0),
    ]


def test_without_a_baseline_there_is_no_comparison() -> None:
    found = json.loads(render([a_journal()], "json"))
    assert (found["comparisons"], found["unreadable"]) == ([], [])
