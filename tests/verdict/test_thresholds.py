"""The thresholds of an experiment, and what follows from them for a Deployment."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict import Thresholds
from chaosimagecorrupt.verdict.thresholds import limits_of

from ..timelines import Scenario, resilient

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


def test_a_recovery_is_never_given_up_before_it_is_slow() -> None:
    assert limits_of(Thresholds(recovery_within=600.0)).give_up_after == 600
    assert limits_of(Thresholds(recovery_within=600.0, give_up_after=60.0)).give_up_after == 60
