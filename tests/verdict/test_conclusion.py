"""Which verdict follows from a scenario, and for which reasons."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict import RECOVERY_TIMEOUT
from chaosimagecorrupt.verdict.steady_states import Checks, Hypothesis

from ..timelines import Scenario, resilient
from .texts import INTERRUPTED, OPERATOR, UNEXERCISED, WELL

INCONCLUSIVE = {
    "steady state not met": (
        resilient(),
        {"hypothesis": Hypothesis(before=Checks(1, 1))},
        "the steady state was not met before the fault",
    ),
    "never corrupted": (Scenario(), {"entries": []}, "no injection was observed"),
    "corruption not seen": (Scenario(), {}, "no injection was observed"),
    "no pull failed": (
        Scenario().corrupted(pull_fails=False).restored().recovered(),
        {},
        "there is no proof that the fault took effect: no pod was observed that could not pull the image",
    ),
    "not complete before": (
        Scenario().deployment(2, complete=False).corrupted().restored(),
        {},
        "the Deployment was not complete before the fault, so its recovery cannot be judged",
    ),
    "not waited for": (
        Scenario().corrupted().restored(),
        {},
        "not recovered 30 s after the restore, when the timeline ended",
    ),
}


@pytest.mark.parametrize(("scenario", "facts", "reason"), INCONCLUSIVE.values(), ids=list(INCONCLUSIVE))
def test_inconclusive(scenario: Scenario, facts: dict[str, Any], reason: str) -> None:
    found = scenario.judge(**facts)
    assert (found.verdict, found.reasons) == ("Inconclusive", [reason])


FAILED = {
    "not restored": (Scenario().corrupted(), 100, "the corrupt image was still there at the end"),
    "not recovered": (
        Scenario().corrupted().restored(),
        70 + RECOVERY_TIMEOUT,
        "not recovered within 3 min of the restore",
    ),
    "no pull failed, and not recovered": (
        Scenario().corrupted(pull_fails=False).restored(),
        70 + RECOVERY_TIMEOUT,
        "not recovered within 3 min of the restore",
    ),
}


@pytest.mark.parametrize(("scenario", "ended", "reason"), FAILED.values(), ids=list(FAILED))
def test_failed(scenario: Scenario, ended: float, reason: str) -> None:
    found = scenario.judge(ended)
    assert (found.verdict, found.reasons) == ("Failed", [reason])


DEGRADED = {
    "slow": (
        Scenario().corrupted().restored(70).recovered(120),
        "recovered slowly: 50 s after the restore, expected at most 45 s",
    ),
    "fought": (
        resilient().deployment(80, generation=5),
        "generations by others since the fault: 2, expected at most 1",
    ),
    "pods lost": (
        Scenario().corrupted().deployment(20, readyReplicas=1).restored().recovered(),
        "ready pods lost: 1; 1 of 2 were ready at the lowest",
    ),
}


@pytest.mark.parametrize(("scenario", "reason"), DEGRADED.values(), ids=list(DEGRADED))
def test_degraded(scenario: Scenario, reason: str) -> None:
    found = scenario.judge(130)
    assert (found.verdict, found.reasons) == ("Degraded", [reason])


def test_an_interrupted_run_claims_no_resilience() -> None:
    found = resilient().judge(interrupted=True)
    assert (found.verdict, found.reasons) == ("Inconclusive", [INTERRUPTED, WELL, UNEXERCISED])


def test_what_failed_in_an_interrupted_run_failed() -> None:
    found = Scenario().corrupted().judge(interrupted=True)
    assert (found.verdict, found.reasons) == ("Failed", ["the corrupt image was still there at the end", INTERRUPTED])


def test_every_defect_is_a_reason() -> None:
    quick = Scenario(progressDeadlineSeconds=30)
    scenario = quick.corrupted().deployment(20, readyReplicas=0).restored().recovered(120).deployment(121, generation=9)
    assert len(scenario.resource(5, "True").judge(130, operators=[OPERATOR]).reasons) == 4


def test_without_the_deployment_nothing_can_be_told() -> None:
    scenario = Scenario()
    scenario.timeline.add_missing("Deployment", "the role does not allow it")
    assert scenario.judge().reasons == ["the Deployment could not be followed: the role does not allow it"]
