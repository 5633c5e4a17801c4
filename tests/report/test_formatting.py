"""How numbers and times are written."""

from dataclasses import replace

import pytest

from chaosimagecorrupt.report.formatting import (
    changed_fields,
    compared_capacity,
    compared_recovery,
    compared_result,
    compared_verdict,
    key_figures,
    offset,
    percent,
    rfc3339_ms,
    seconds,
    serving_pods,
    since_corruption,
    utc_time,
    verdict_and_cause,
)
from chaosimagecorrupt.report.model import JudgedTarget, Run
from chaosimagecorrupt.report.read import read_run
from chaosimagecorrupt.verdict import Evidence, Verdict
from tests.report.journals import STARTED, a_comparison, a_journal, a_target


def run_of(**changes: object) -> Run:
    return read_run(a_journal(a_target(None, **changes)))


def target_of(**changes: object) -> JudgedTarget:
    return run_of(**changes).targets[0]


def test_times() -> None:
    assert rfc3339_ms(STARTED) == "2026-11-22T15:00:00.000Z"
    assert (utc_time(STARTED), utc_time(STARTED + 0.5)) == ("2026-11-22 15:00:00 UTC", "2026-11-22 15:00:00.500 UTC")
    assert (rfc3339_ms(None), utc_time(None)) == (None, "")


def test_durations() -> None:
    assert (seconds(12.54), seconds(None)) == ("12.5 s", "—")
    assert (offset(-0.64), offset(None)) == ("-0.6 s", "")


@pytest.mark.parametrize(
    ("at", "text"),
    [("2026-11-22T15:00:05.000Z", "+0.8 s"), ("2026-11-22T15:00:05Z", "≈+1 s"), (None, "")],
)
def test_a_time_of_whole_seconds_is_marked_as_approximate(at: str | None, text: str) -> None:
    assert since_corruption(target_of(), Evidence("Pod web", "waits", at)) == text


@pytest.mark.parametrize(
    ("serving", "text"), [({"fewest": 1, "replicas": 2}, "1 of 2"), ({"fewest": 1}, "1"), ({}, "—")]
)
def test_serving_pods(serving: dict[str, int], text: str) -> None:
    assert serving_pods(target_of(serving=serving)) == text


def test_key_figures() -> None:
    assert dict(key_figures(target_of())) == {
        "Recovery after the restore": "0.2 s",
        "Fewest serving pods": "2 of 2",
        "Image restored by": "the experiment",
        "Reconcile cycles": "0",
    }


def test_a_progress_deadline_that_was_not_set_is_named() -> None:
    fields = changed_fields(target_of(progress_deadline={"original": None, "set": 60}))
    assert fields[1] == ("progressDeadlineSeconds", "not set", "60 s")


def test_the_cause_follows_the_verdict() -> None:
    assert verdict_and_cause(target_of(verdict="Failed", reasons=["not restored"])) == "Failed: not restored"
    assert verdict_and_cause(target_of(verdict="Resilient")) == "Resilient"


def test_a_comparison_is_written_with_its_change() -> None:
    (found,) = a_comparison(4.0, verdict="Resilient").comparisons
    assert compared_recovery(found) == "9.0 s (+5.0 s)"
    assert compared_capacity(found) == "100 % (+0 points)"
    assert (compared_verdict(found), compared_result(found)) == ("Resilient", "regression")


def test_what_is_not_in_the_baseline_has_no_change() -> None:
    (found,) = a_comparison(verdict="Resilient", serving={}).comparisons
    assert (compared_recovery(found), compared_capacity(found)) == ("9.0 s", "—")
    assert (compared_verdict(found), compared_result(found)) == ("Resilient", "not in the baseline")


def test_a_verdict_that_changed_is_written_with_the_one_before() -> None:
    (found,) = a_comparison(9.0, verdict="Resilient").comparisons
    changed = replace(found, now=replace(found.now, verdict=Verdict.FAILED))
    assert compared_verdict(changed) == "Resilient → Failed"
    assert (percent(0.5), percent(None)) == ("50 %", "—")
