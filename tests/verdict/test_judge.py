"""The rubric and the verdict over all recordings; what a judgement consists of."""

import pytest

from chaosimagecorrupt.verdict import VERDICTS, judge, worst

from ..recorded import NAMES, OTHER_KINDS
from ..timelines import STARTED, of_recording, resilient, results
from .texts import OPERATOR, UNEXERCISED, WELL

# Expected: pull-failing, back-off-grows, deadline, with an operator operator-reports, clean-rollout
# Violations: with an operator operator-silent, no-progress-deadline, rollout-not-complete
# Collateral: strategy, serving, webhooks; Recovery: recovery-time, reconcile-cycles, healed-by, original-pulled
# Of all recordings: the node has the original image,
# no operator is named, nobody looked for webhooks, and managedFields were stripped.
RUBRICS = {
    # 3 pulls in 45 s, 13 and 30 s apart; the deadline of 600 s lies beyond the restore
    "rolling-update": ("Resilient", "PPNP PP PPN PPNN"),
    # pulls 15 and 25 s apart; Recreate stops both pods
    "recreate": ("Degraded", "PPNP PP VVN PPNN"),
    # progressDeadlineSeconds 10: exceeded 10.7 s after the corruption
    "deadline": ("Resilient", "PPPP PP PPN PPNN"),
    # restored after 0.5 s; the pod had failed 0.2 s before, and pulled once
    "quick-restore": ("Resilient", "PNNP PP PPN PPNN"),
    # held 25 s: two pulls show no growth
    "sidecar": ("Resilient", "PNNP PP PPN PPNN"),
    "init-container": ("Resilient", "PNNP PP PPN PPNN"),
    # one of three pods is taken down before its successor is ready, within what the strategy allows
    "surge-zero": ("Degraded", "PNNP PP PVN PPNN"),
    # no pod starts that could fail, and none that could be lost or recover
    "zero-replicas": ("Inconclusive", "NNNN PN NNN NPNN"),
    # created paused: there never was a pod
    "paused": ("Inconclusive", "NNNN PN PNN NPNN"),
    # InvalidImageName is final: the kubelet never pulls
    "invalid-reference": ("Resilient", "PNNP PP PPN PPNN"),
    # no pod can be created, so none was seen failing: no proof that the fault took effect
    "whitespace-image": ("Inconclusive", "NNNP PP PPN PPNN"),
    # the old pods stay within the quota, the new one exceeds it
    "quota": ("Inconclusive", "NNNP PP PPN PPNN"),
    # 5 pulls, 14, 23, 42 and 88 s apart; 400 s are less than the deadline
    "long-hold": ("Resilient", "PPNP PP PPN PPNN"),
    # held 10 s: one pull; the operator's change is the one that is allowed
    "reverted-by-operator": ("Resilient", "PNNP PP PPN PPNN"),
    # without a surge, all four pods may be taken down before one of their successors is ready
    "max-unavailable": ("Degraded", "PNNP PP VVN PPNN"),
    # nothing in the recording says that the second fault and its restore are not somebody else's
    "two-faults": ("Degraded", "PNNP PP PPN PVNN"),
    # `kubectl rollout undo` puts the image back, and with it all that the ReplicaSet remembers
    "undone": ("Resilient", "PNNP PP PPN PPNN"),
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
    assert (found.verdict, results(found)) == ("Resilient", "PNNP PP PPP PPPN")
    assert found.reasons == [WELL, UNEXERCISED]
    assert found.marks == {"corrupted": 10, "bit": 11, "restored": 70, "recovered": 71}
    assert found.serving == {"replicas": 2, "fewest": 2}


def test_the_worst_verdict_counts() -> None:
    assert [worst(VERDICTS[n:]) for n in range(5)] == [*VERDICTS, None]


@pytest.mark.parametrize("kind", ["Resource", "Pod", "Event"])
def test_what_cannot_be_read_is_not_observed_and_nothing_fails(kind: str) -> None:
    scenario = resilient()
    scenario.timeline.add_missing(kind, "the role does not allow it")
    found = scenario.judge(operators=[OPERATOR] if kind == "Resource" else [], pull_failed_at=STARTED + 12)
    unseen = [r.why for r in found.rubric if "the role does not allow it" in r.why]
    assert found.verdict == "Resilient" and bool(unseen) == (kind != "Pod")


OTHERS = {
    # the stuck pod stays until it is deleted by hand, 15 s after the restore
    "sts-rolling": ("Degraded", ["ready pods lost: 1; 2 of 3 were ready at the lowest"]),
    "sts-parallel": ("Degraded", ["ready pods lost: 1; 2 of 3 were ready at the lowest"]),
    "sts-ondelete": ("Inconclusive", ["not recovered 12 s after the restore, when the timeline ended"]),
    "ds-rolling": ("Degraded", ["ready pods lost: 1; 0 of 1 were ready at the lowest"]),
}


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_a_recording_of_another_kind_is_judged_and_nothing_reports_the_stuck_rollout(name: str) -> None:
    timeline, facts = of_recording(name)
    found = judge(timeline, facts)
    assert (found.verdict, found.reasons) == OTHERS[name]
    rows = {row.row: row for row in found.rubric}
    assert rows["pull-failing"].result == "pass"
    assert rows["deadline"].why == f"Kubernetes reports nothing: a {facts.kind} has no progress deadline"
    assert (rows["no-progress-deadline"].result, rows["no-progress-deadline"].title) == (
        "violation",
        f"The {facts.kind} has a progress deadline",
    )
    advice = rows["no-progress-deadline"].to_json("shop", "web", facts.workload).get("advice", "")
    assert f"kubectl rollout status {facts.kind.lower()}/web -n shop" in advice
