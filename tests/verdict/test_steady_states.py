"""The experiment's own hypothesis, its stop conditions and its thresholds in the verdict."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict import Thresholds
from chaosimagecorrupt.verdict.steady_states import Checks, FailedProbe, Hypothesis, Safeguard
from chaosimagecorrupt.verdict.thresholds import limits_of

from ..timelines import Scenario, resilient, row

BROKEN = FailedProbe("checkout", "answered 1, expected 0")
RAISED = FailedProbe("checkout", "raised OSError: no route", raised=True)
AWAY = FailedProbe("ready", "raised Unreachable: refused", raised=True, unreachable=True)
UNMET, ERROR = Checks(1, 1, (BROKEN,)), Checks(1, 1, (RAISED,))
CHECKED = {
    "before not met": ({"before": UNMET}, "Inconclusive", "not met before the fault: checkout answered 1, expected 0"),
    "before raised": ({"before": ERROR}, "Inconclusive", "before the fault could not be checked: checkout raised OS"),
    "before away": (
        {"before": Checks(1, 1, (AWAY,))},
        "Inconclusive",
        "because the API server could not be reached: ready raised",
    ),
    "during not met": ({"during": Checks(9, 2, (BROKEN,))}, "Degraded", "during the method in 2 of 9 checks: checkout"),
    "during raised": ({"during": Checks(9, 1, (RAISED,))}, "Inconclusive", "during the method could not be checked"),
    "during both": (
        {"during": Checks(9, 2, (BROKEN, RAISED))},
        "Inconclusive",
        "could not be checked: checkout raised",
    ),
    "after not met": ({"after": UNMET}, "Failed", "not met after the method: checkout answered 1, expected 0"),
    "after raised": ({"after": ERROR}, "Inconclusive", "after the method could not be checked: checkout raised"),
    "during and after": ({"during": UNMET, "after": UNMET}, "Failed", "not met after the method"),
    "all met": (
        {"before": Checks(1, 0), "during": Checks(9, 0), "after": Checks(1, 0)},
        "Resilient",
        "the fault took effect",
    ),
}


@pytest.mark.parametrize(("phases", "verdict", "reason"), CHECKED.values(), ids=list(CHECKED))
def test_the_hypothesis_decides_too(phases: dict[str, Checks], verdict: str, reason: str) -> None:
    found = resilient().judge(hypothesis=Hypothesis(**phases))
    assert found.verdict == verdict and reason in "\n".join(found.reasons), found.reasons


def test_each_phase_has_a_row() -> None:
    phases = Hypothesis(before=Checks(1, 0), during=Checks(9, 2, (BROKEN,)), after=ERROR)
    found = resilient().judge(hypothesis=phases)
    assert [r.row for r in found.rubric if r.section == "Hypothesis"] == ["before", "during", "after"]
    assert row(found, "before") == ("pass", "met")
    assert row(found, "during")[0] == "violation" and row(found, "after")[0] == "not observed"
    assert found.rubric[1].evidence[0].object == "Probe checkout"


def test_what_was_not_checked_is_not_observed() -> None:
    assert row(resilient().judge(), "during") == ("not observed", "it was not checked during the method")


def test_a_failure_of_both_kinds_tells_both() -> None:
    found = Scenario().corrupted().judge(hypothesis=Hypothesis(after=UNMET))
    assert found.verdict == "Failed" and len(found.reasons) == 2


def test_a_method_that_was_cut_short_says_nothing_about_the_recovery() -> None:
    found = resilient().judge(hypothesis=Hypothesis(after=UNMET), activities_left=3)
    assert found.verdict == "Inconclusive" and "ended early" in found.reasons[0]


STOPPED: dict[str, Any] = {"interrupted": True, "safeguard": Safeguard("error-rate", "answered 0.4", "15:01")}


def test_a_stop_condition_failed() -> None:
    found = resilient().judge(**STOPPED)
    assert (found.verdict, found.reasons) == (
        "Failed",
        ["the safeguard error-rate ended the run at 15:01: it answered 0.4"],
    )


def test_a_stop_condition_before_the_fault_shows_nothing_of_the_fault() -> None:
    found = Scenario().judge(**STOPPED)
    assert found.verdict == "Inconclusive" and "the safeguard error-rate" in found.reasons[1]


def test_what_could_not_be_restored_failed() -> None:
    found = resilient().judge(restore_error="forbidden")
    assert (found.verdict, found.reasons) == ("Failed", ["it is not restored: forbidden"])


THRESHOLDS = {
    "slow by default": (60, {}, "Degraded"),
    "allowed": (60, {"recovery_within": 90.0}, "Resilient"),
    "strict": (2, {"recovery_within": 1.0}, "Degraded"),
    "given up early": (300, {"give_up_after": 60.0}, "Failed"),
    "waited for long": (300, {"give_up_after": 900.0}, "Inconclusive"),
}


@pytest.mark.parametrize(("seconds", "given", "verdict"), THRESHOLDS.values(), ids=list(THRESHOLDS))
def test_the_thresholds_are_those_of_the_experiment(seconds: int, given: dict[str, Any], verdict: str) -> None:
    scenario = Scenario().corrupted().restored()
    if seconds < 300:
        scenario.recovered(70 + seconds)
    assert scenario.judge(70 + seconds, thresholds=Thresholds(**given)).verdict == verdict


def test_the_rows_name_the_thresholds() -> None:
    found = resilient().judge(thresholds=Thresholds(20.0, 60.0, 3))
    titles = {r.row: r.title for r in found.rubric}
    assert titles["recovery-time"] == "Recovered within 20 s of the restore"
    assert titles["reconcile-cycles"].startswith("At most 3 generations by others")
    assert found.thresholds == {"recovery_within": 20, "give_up_after": 60, "max_reconcile_cycles": 3}


def test_cycles_that_are_allowed_are_no_defect() -> None:
    scenario = resilient().deployment(80, generation=6)
    verdicts = [scenario.judge(thresholds=Thresholds(max_reconcile_cycles=n)).verdict for n in (2, 3)]
    assert verdicts == ["Degraded", "Resilient"]


def test_min_ready_seconds_are_added_to_the_defaults_only() -> None:
    assert limits_of(Thresholds(), 30)[:2] == (75, 210)
    assert limits_of(Thresholds(recovery_within=20.0), 30)[:2] == (20, 210)
    assert Scenario(minReadySeconds=30).corrupted().restored().recovered(140).judge(150).verdict == "Resilient"
