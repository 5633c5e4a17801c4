"""What scripts read."""

import json

from chaosimagecorrupt.report import render
from tests.report.journals import STARTED, a_journal, a_target, hostile_journal


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
