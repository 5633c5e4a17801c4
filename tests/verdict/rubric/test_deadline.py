"""The row `deadline`, and when the progress deadline passed."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict import Facts, judge
from chaosimagecorrupt.verdict.observed import Observed
from chaosimagecorrupt.verdict.rubric.deadline import deadline_of

from ...timelines import ENTRY, Scenario, of_recording, row

WHY = {
    "rolling-update": "the deadline of 600 s lies outside the fault, which lasted 45 s",
    "deadline": "11 s after the corruption",
    "paused": "the progress deadline does not apply to a paused Deployment, or one with 0 replicas",
}


@pytest.mark.parametrize("name", WHY)
def test_why_of_a_recording(name: str) -> None:
    assert row(judge(*of_recording(name)), "deadline")[1] == WHY[name]


def test_the_deadline_is_dated_by_the_api_server() -> None:
    found = next(r for r in judge(*of_recording("deadline")).rubric if r.row == "deadline")
    assert [e.at for e in found.evidence] == ["2026-11-22T13:51:04Z"]


DEADLINES = {
    "inside the window, unnoticed": ({"progressDeadlineSeconds": 30}, "violation"),
    "just inside the window": ({"progressDeadlineSeconds": 57}, "not observed"),
    "none": ({"progressDeadlineSeconds": 2147483647}, "not observed"),
    "paused": ({"progressDeadlineSeconds": 30, "paused": True}, "not observed"),
}


@pytest.mark.parametrize(("state", "result"), DEADLINES.values(), ids=list(DEADLINES))
def test_deadline(state: dict[str, Any], result: str) -> None:
    assert row(Scenario(**state).corrupted().restored().recovered().judge(), "deadline")[0] == result


def test_the_deadline_counts_from_the_last_progress() -> None:
    progress = {"condition:Progressing": ["True", "ReplicaSetUpdated", "2026-11-22T15:00:45Z", ""]}
    scenario = Scenario(progressDeadlineSeconds=30).corrupted().deployment(45, **progress).restored().recovered()
    assert row(scenario.judge(), "deadline")[1] == "the deadline of 30 s lies outside the fault, which lasted 60 s"


def test_a_deadline_that_was_not_reported_passed_all_the_same() -> None:
    scenario = Scenario(progressDeadlineSeconds=30).corrupted(10).restored(70)
    found = deadline_of(Observed(scenario.timeline.to_json(100), Facts("web", [ENTRY])))
    assert (found.result, found.passed) == ("violation", 40)


def test_without_a_fault_no_deadline_passes() -> None:
    found = deadline_of(Observed(Scenario().timeline.to_json(100), Facts("web", [ENTRY])))
    assert (found.result, found.passed, found.evidence) == ("not observed", None, None)
