"""The rubric over all recordings, and the verdict that follows from a scenario."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict import RECOVERY_TIMEOUT, VERDICTS, judge, worst
from chaosimagecorrupt.verdict.steady_states import Checks, Hypothesis

from ..recorded import NAMES
from ..timelines import STARTED, Scenario, of_recording, resilient, results
from .texts import INTERRUPTED, OPERATOR, UNEXERCISED, WELL

# Expected: pull-failing, back-off-grows, deadline, with an operator operator-reports, clean-rollout
# Violations: with an operator operator-silent, no-progress-deadline, rollout-not-complete
# Collateral: strategy, serving, webhooks; Recovery: recovery-time, reconcile-cycles, healed-by
# Of all recordings: no operator is named, nobody looked for webhooks, and managedFields were stripped.
RUBRICS = {
    # 3 pulls in 45 s, 13 and 30 s apart; the deadline of 600 s lies beyond the restore
    "rolling-update": ("Resilient", "PPNP PP PPN PPN"),
    # pulls 15 and 25 s apart; Recreate stops both pods
    "recreate": ("Degraded", "PPNP PP VVN PPN"),
    # progressDeadlineSeconds 10: exceeded 10.7 s after the corruption
    "deadline": ("Resilient", "PPPP PP PPN PPN"),
    # restored after 0.5 s; the pod had failed 0.2 s before, and pulled once
    "quick-restore": ("Resilient", "PNNP PP PPN PPN"),
    # held 25 s: two pulls show no growth
    "sidecar": ("Resilient", "PNNP PP PPN PPN"),
    "init-container": ("Resilient", "PNNP PP PPN PPN"),
    # one of three pods is taken down before its successor is ready, within what the strategy allows
    "surge-zero": ("Degraded", "PNNP PP PVN PPN"),
    # no pod starts that could fail, and none that could be lost or recover
    "zero-replicas": ("Inconclusive", "NNNN PN NNN NPN"),
    # created paused: there never was a pod
    "paused": ("Inconclusive", "NNNN PN PNN NPN"),
    # InvalidImageName is final: the kubelet never pulls
    "invalid-reference": ("Resilient", "PNNP PP PPN PPN"),
    # no pod can be created, so none was seen failing: no proof that the fault took effect
    "whitespace-image": ("Inconclusive", "NNNP PP PPN PPN"),
    # the old pods stay within the quota, the new one exceeds it
    "quota": ("Inconclusive", "NNNP PP PPN PPN"),
    # 5 pulls, 14, 23, 42 and 88 s apart; 400 s are less than the deadline
    "long-hold": ("Resilient", "PPNP PP PPN PPN"),
    # held 10 s: one pull; the operator's change is the one that is allowed
    "reverted-by-operator": ("Resilient", "PNNP PP PPN PPN"),
    # without a surge, all four pods may be taken down before one of their successors is ready
    "max-unavailable": ("Degraded", "PNNP PP VVN PPN"),
    # nothing in the recording says that the second fault and its restore are not somebody else's
    "two-faults": ("Degraded", "PNNP PP PPN PVN"),
    # `kubectl rollout undo` puts the image back, and with it all that the ReplicaSet remembers
    "undone": ("Resilient", "PNNP PP PPN PPN"),
}

# the Deployment's event with the original image, and the one with which it is complete
SECONDS = {"rolling-update": 0.063, "recreate": 1.436, "surge-zero": 0.395, "reverted-by-operator": 0.08}


def test_every_recording_has_its_rubric() -> None:
    assert sorted(RUBRICS) == NAMES


@pytest.mark.parametrize("name", RUBRICS)
def test_the_rubric_of_a_recording(name: str) -> None:
    found = judge(*of_recording(name))
    assert (found.verdict, results(found)) == RUBRICS[name]
    assert found.reasons and all(each.why for each in found.rubric)


@pytest.mark.parametrize("name", SECONDS)
def test_recovery_is_clocked_from_the_restore_as_the_api_server_saw_it(name: str) -> None:
    assert judge(*of_recording(name)).recovery["seconds"] == SECONDS[name]


@pytest.mark.parametrize("name", [n for n, (_, letters) in RUBRICS.items() if letters[0] == "P"])
def test_what_is_seen_has_evidence_with_its_time(name: str) -> None:
    found = judge(*of_recording(name))
    proven = [r for r in found.rubric if r.result != "not observed"]
    assert all(e.object and e.what and e.at for r in proven for e in r.evidence) and all(r.evidence for r in proven)
    assert found.marks["corrupted"] < found.marks["bit"] < found.marks["recovered"]


def test_resilient_is_what_nothing_speaks_against() -> None:
    found = resilient().judge()
    assert (found.verdict, results(found)) == ("Resilient", "PNNP PP PPP PPP")
    assert found.reasons == [WELL, UNEXERCISED]
    assert found.marks == {"corrupted": 10, "bit": 11, "restored": 70, "recovered": 71}
    assert found.serving == {"replicas": 2, "fewest": 2}


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


def test_the_worst_verdict_counts() -> None:
    assert [worst(VERDICTS[n:]) for n in range(5)] == [*VERDICTS, None]


@pytest.mark.parametrize("kind", ["Resource", "Pod", "Event"])
def test_what_cannot_be_read_is_not_observed_and_nothing_fails(kind: str) -> None:
    scenario = resilient()
    scenario.timeline.add_missing(kind, "the role does not allow it")
    found = scenario.judge(operators=[OPERATOR] if kind == "Resource" else [], pull_failed_at=STARTED + 12)
    unseen = [r.why for r in found.rubric if "the role does not allow it" in r.why]
    assert found.verdict == "Resilient" and bool(unseen) == (kind != "Pod")


def test_without_the_deployment_nothing_can_be_told() -> None:
    scenario = Scenario()
    scenario.timeline.add_missing("Deployment", "the role does not allow it")
    assert scenario.judge().reasons == ["the Deployment could not be followed: the role does not allow it"]
