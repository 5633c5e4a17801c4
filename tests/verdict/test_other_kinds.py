"""What a real cluster did with StatefulSets and DaemonSets, judged."""

import json
from dataclasses import replace

import pytest

from chaosimagecorrupt.timeline.timeline import Timeline
from chaosimagecorrupt.verdict import Facts, Judgement, is_ready_for_fault, judge
from chaosimagecorrupt.verdict.facts_json import facts_to_json
from chaosimagecorrupt.verdict.judge_again import judge_again
from chaosimagecorrupt.verdict.pull_check import PullCheck
from chaosimagecorrupt.workload.kinds import WORKLOADS, kind_named

from ..recorded import OTHER_KINDS
from ..timelines import BAD, ENTRY, GOOD, STARTED, of_recording, results, row, state_of

# the rows without the hypothesis, as in test_judge. None has a progress deadline, which is a violation, and all lose a
# ready pod before its successor can start
RUBRICS = {
    # one node, so that the one pod is lost
    "ds-rolling": ("Degraded", "PNNP VP VVN PPNN"),
    # three pods, of which one is lost; the stuck one is deleted by hand, 15 s after the restore
    "sts-rolling": ("Degraded", "PNNP VP PVN PPNN"),
    # the controller replaces the stuck pod by itself
    "sts-parallel": ("Degraded", "PNNP VP PVN PPNN"),
    # the pod that was deleted during the fault stays stuck after the restore, until the recording ends 3 s later
    "sts-ondelete": ("Inconclusive", "PNNN VN PVN NPNN"),
}
COUNTS = ("totalReplicas", "readyReplicas", "updatedReplicas", "availableReplicas")
SECONDS = {"ds-rolling": 1.273, "sts-rolling": 17.108, "sts-parallel": 1.956, "sts-ondelete": None}


def test_every_recording_has_its_rubric() -> None:
    assert sorted(RUBRICS) == OTHER_KINDS


@pytest.mark.parametrize("name", RUBRICS)
def test_a_recording_has_its_rubric_its_verdict_and_its_recovery(name: str) -> None:
    found = judge(*of_recording(name))
    assert (found.verdict, results(found)) == RUBRICS[name]
    assert found.recovery["seconds"] == SECONDS[name]


@pytest.mark.parametrize("name", RUBRICS)
def test_that_nothing_reports_the_stuck_rollout_is_the_finding(name: str) -> None:
    judgement, kind = judge(*of_recording(name)), of_recording(name).facts.kind
    assert row(judgement, "deadline").why == f"Kubernetes reports nothing: a {kind} has no progress deadline"
    finding = row(judgement, "no-progress-deadline")
    assert finding.why == f"Kubernetes never reports a rollout of a {kind} that is stuck"
    assert not [e for r in judgement.rubric for e in r.evidence if "Available" in e.what]  # there are no conditions


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_judged_again_it_comes_to_the_same(kind: str) -> None:
    timeline, facts = of_recording({"StatefulSet": "sts-rolling", "DaemonSet": "ds-rolling"}[kind])
    facts = replace(facts, pull_check=PullCheck(True, None))
    found = judge(timeline, facts)
    rubric = [r.to_json("shop", "web", kind_named(kind)) for r in found.rubric]
    target = {"namespace": "shop", "deployment": "web", "kind": kind, "facts": facts_to_json(facts), "rubric": rubric}
    assert "rubric" not in judge_again({**target, "timeline": timeline}).differences
    (check,) = next(r.evidence for r in found.rubric if r.row == "original-pulled")
    assert check.object == f"{kind} {facts.name}"


@pytest.mark.parametrize("name", RUBRICS)
def test_it_is_ready_for_a_fault_only_once_its_rollout_is_complete(name: str) -> None:
    timeline = of_recording(name).timeline
    workload = next(n for n, (kind, _) in enumerate(timeline["objects"]) if kind in WORKLOADS)
    of_it = [change for change in timeline["changes"] if change[1] == workload]
    complete = next(n for n, change in enumerate(of_it) if change[2].get("complete"))
    assert not is_ready_for_fault({**timeline, "changes": of_it[:complete]})
    assert is_ready_for_fault({**timeline, "changes": of_it[: complete + 1]})


def healed_at_once(*, grace: float) -> Judgement:
    """Return the verdict on a DaemonSet whose pod was being deleted when its owner put the image back."""
    timeline, common = Timeline(STARTED), {"replicas": 1, "strategy": "RollingUpdate", "maxUnavailable": 1}
    ready, none = ({**common, **dict.fromkeys(COUNTS, n)} for n in (1, 0))
    pod = {"ready": True, "deleting": False, "image:app": GOOD}
    for at, state in (
        (1.0, {**ready, "generation": 1, "image:app": GOOD, "complete": True}),
        (10.0, {**ready, "generation": 2, "image:app": BAD, "record": {"app": "id1"}, "complete": False}),
        (10.02, {**ready, "generation": 3, "image:app": GOOD, "complete": False, "writer:app": ["shop", None]}),
        (10.06, {**ready, "generation": 3, "image:app": GOOD, "complete": True}),
        (11.0 + grace, {**none, "generation": 3, "image:app": GOOD, "complete": False}),
        (13.0 + grace, {**ready, "generation": 3, "image:app": GOOD, "complete": True}),
    ):
        timeline.add(at, "DaemonSet", "web", state_of(state))
    timeline.add(1.0, "Pod", "web-1", state_of(pod))
    timeline.add(10.08, "Pod", "web-1", state_of({**pod, "deleting": True}))  # it may arrive later than the status
    timeline.add(10.9 + grace, "Pod", "web-1", state_of({"gone": True}))
    found = json.loads(json.dumps(timeline.to_json(20.0 + grace)))
    return judge(found, Facts("web", [ENTRY], webhooks=[], kind="DaemonSet"))


@pytest.mark.parametrize("grace", [0.0, 30.0])
def test_a_daemon_set_has_not_recovered_while_the_pod_that_its_status_counts_is_being_deleted(grace: float) -> None:
    found = healed_at_once(grace=grace)
    assert found.verdict == "Degraded" and found.reasons[0].startswith("ready pods lost: 1; 0 of 1 were ready")
    assert found.recovery["seconds"] == pytest.approx(2.98 + grace)
    assert row(found, "rollout-not-complete").result == "pass"


def healed_late(kind: str, strategy: str) -> Judgement:
    """Return the verdict on a workload whose pod could not pull when its owner put the image back."""
    timeline, common = Timeline(STARTED), {"replicas": 1, "strategy": strategy, "maxUnavailable": 1}
    ready, none = ({**common, **dict.fromkeys(COUNTS, n)} for n in (1, 0))
    for at, state in (
        (1.0, {**ready, "generation": 1, "image:app": GOOD, "complete": True}),
        (10.0, {**ready, "generation": 2, "image:app": BAD, "record": {"app": "id1"}, "complete": False}),
        (12.0, {**none, "generation": 2, "image:app": BAD, "record": {"app": "id1"}, "complete": False}),
        (15.0, {**none, "generation": 3, "image:app": GOOD, "complete": False, "writer:app": ["shop", None]}),
        (18.0, {**ready, "generation": 3, "image:app": GOOD, "complete": True}),
    ):
        timeline.add(at, kind, "web", state_of(state))
    failing = {"ready": False, "deleting": False, "image:app": BAD, "waiting:app": "ErrImagePull"}
    for at, pod in (
        (1.0, {"ready": True, "deleting": False, "image:app": GOOD}),
        (11.0, {"gone": True}),
        (12.0, failing),
        (16.0, {**failing, "deleting": True}),
        (16.1, {"gone": True}),
        (18.0, {"ready": True, "deleting": False, "image:app": GOOD}),
    ):
        timeline.add(at, "Pod", "web-0", state_of(pod))
    found = json.loads(json.dumps(timeline.to_json(30.0)))
    return judge(found, Facts("web", [ENTRY], webhooks=[], kind=kind))


def test_whose_doing_it_is_that_a_stuck_pod_went_after_an_owner_put_the_image_back_is_not_known() -> None:
    found = healed_late("StatefulSet", "RollingUpdate")
    assert found.verdict == "Degraded" and found.reasons[-1] == (
        "pod web-0 still had the corrupt image then, and this tool deletes what a StatefulSet does not replace by "
        "itself: whether shop would have is not known"
    )
    assert found.reasons[-2].startswith("shop put the original image back 5 s after the corruption")
    assert healed_late("DaemonSet", "OnDelete").reasons[-1].startswith("pod web-0 still had the corrupt image then")


def test_where_the_controller_replaces_stuck_pods_by_itself_nothing_is_said_of_them() -> None:
    assert not [r for r in healed_late("DaemonSet", "RollingUpdate").reasons if "still had" in r]
