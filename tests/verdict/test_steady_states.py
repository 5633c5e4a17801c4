"""The experiment's own hypothesis and its stop conditions in the verdict."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict.steady_states import Checks, FailedProbe, Hypothesis, Safeguard

from ..timelines import Scenario, resilient

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
