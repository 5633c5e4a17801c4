"""The rubric over all recordings, each row and verdict over told stories."""

from dataclasses import replace
from typing import Any

import pytest

from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.timeline.chronicle import Chronicle, compact
from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.timeline.timeline import Timeline
from chaosimagecorrupt.verdict import RECOVERY_TIMEOUT, VERDICTS, Facts, is_over, judge, worst

from ..recorded import NAMES, managed_fields
from ..timelines import BAD, ENTRY, GOOD, STARTED, Story, of_recording, results, row

OPERATOR = Operator("shop.example/v1", "Shop", "main", None, "Ready", "False")
WEBHOOK = {"kind": "ValidatingWebhookConfiguration", "configuration": "shop", "failure_policy": "Fail"}

# Expected: pull-failing, back-off-grows, deadline, operator-reports, clean-rollout
# Violations: operator-silent, no-progress-deadline, rollout-not-complete
# Collateral: strategy, serving, webhooks; Recovery: recovery-time, reconcile-cycles, healed-by
# Of all recordings: no operator is named, nobody looked for webhooks, and managedFields were stripped.
RUBRICS = {
    # 3 pulls in 45 s, 13 and 30 s apart; the deadline of 600 s lies beyond the restore
    "rolling-update": ("Resilient", "PPNNP NPP PPN PPN"),
    # pulls 15 and 25 s apart; Recreate stops both pods
    "recreate": ("Degraded", "PPNNP NPP VVN PPN"),
    # progressDeadlineSeconds 10: exceeded 10.7 s after the corruption
    "deadline": ("Resilient", "PPPNP NPP PPN PPN"),
    # restored after 0.5 s; the pod had failed 0.2 s before, and pulled once
    "quick-restore": ("Resilient", "PNNNP NPP PPN PPN"),
    # held 25 s: two pulls show no growth
    "sidecar": ("Resilient", "PNNNP NPP PPN PPN"),
    "init-container": ("Resilient", "PNNNP NPP PPN PPN"),
    # one of three pods is taken down before its successor is ready, within what the strategy allows
    "surge-zero": ("Degraded", "PNNNP NPP PVN PPN"),
    # no pod starts that could fail, and none that could be lost or recover
    "zero-replicas": ("Inconclusive", "NNNNN NPN NNN NPN"),
    # created paused: there never was a pod
    "paused": ("Inconclusive", "NNNNN NPN PNN NPN"),
    # InvalidImageName is final: the kubelet never pulls
    "invalid-reference": ("Resilient", "PNNNP NPP PPN PPN"),
    # no pod can be created, so none was seen failing: no proof that the fault bit
    "whitespace-image": ("Inconclusive", "NNNNP NPP PPN PPN"),
    # 5 pulls, 14, 23, 42 and 88 s apart; 400 s are less than the deadline
    "long-hold": ("Resilient", "PPNNP NPP PPN PPN"),
    # held 10 s: one pull; the operator's change is the one that is allowed
    "reverted-by-operator": ("Resilient", "PNNNP NPP PPN PPN"),
}
WHY = {
    ("rolling-update", "back-off-grows"): "pauses of 13, 30 s between 3 pulls",
    ("long-hold", "back-off-grows"): "pauses of 14, 23, 42, 88 s between 5 pulls",
    ("quick-restore", "back-off-grows"): "consecutive pulls within 0 s: 1; growth shows from 3 on",
    ("rolling-update", "deadline"): "the deadline of 600 s lies outside the fault, which lasted 45 s",
    ("deadline", "deadline"): "11 s after the corruption",
    ("paused", "deadline"): "the progress deadline does not apply to a paused Deployment, or one with 0 replicas",
    ("init-container", "pull-failing"): "Pod web-76f58c6764-pr6z6: prep waits: ErrImagePull",
    ("zero-replicas", "pull-failing"): "the Deployment has 0 replicas, so no pod starts",
    ("paused", "pull-failing"): "the Deployment is paused, so no rollout starts",
    ("recreate", "strategy"): "Recreate stops every old pod before a new one starts",
    ("surge-zero", "strategy"): "RollingUpdate: of 3 pods, 1 may be unavailable and 0 may be added",
    ("surge-zero", "serving"): "2 of 3 pods were ready at the fewest",
    ("recreate", "serving"): "0 of 2 pods were ready at the fewest",
    ("reverted-by-operator", "reconcile-cycles"): "generations by others since the fault: 1",
    ("rolling-update", "reconcile-cycles"): "generations by others since the fault: 0",
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


@pytest.mark.parametrize(("name", "key"), WHY)
def test_why_of_a_row(name: str, key: str) -> None:
    assert row(judge(*of_recording(name)), key)[1] == WHY[name, key]


@pytest.mark.parametrize("name", SECONDS)
def test_recovery_is_clocked_from_the_restore_as_the_api_server_saw_it(name: str) -> None:
    assert judge(*of_recording(name)).recovery["seconds"] == SECONDS[name]


@pytest.mark.parametrize("name", [n for n, (_, letters) in RUBRICS.items() if letters[0] == "P"])
def test_what_is_seen_has_evidence_with_its_time(name: str) -> None:
    found = judge(*of_recording(name))
    proven = [r for r in found.rubric if r.result != "not observed"]
    assert all(e.object and e.what and e.at for r in proven for e in r.evidence) and all(r.evidence for r in proven)
    assert found.marks["corrupted"] < found.marks["bit"] < found.marks["recovered"]


def test_the_deadline_is_dated_by_the_api_server() -> None:
    found = next(r for r in judge(*of_recording("deadline")).rubric if r.row == "deadline")
    assert [e.at for e in found.evidence] == ["2026-11-22T13:51:04Z"]


def test_no_pod_can_be_created_is_said_in_the_api_servers_words() -> None:
    assert (
        "must not have leading or trailing whitespace"
        in row(judge(*of_recording("whitespace-image")), "pull-failing")[1]
    )


def test_who_healed_it_comes_from_managed_fields() -> None:
    chronicle = Chronicle(Timeline(STARTED))
    for at, found in enumerate(managed_fields()):
        chronicle.take(at, "Deployment", compact("Deployment", found))
    deployment = managed_fields()[1]
    bad = deployment["spec"]["template"]["spec"]["containers"][0]
    found = judge(chronicle.timeline.to_json(5), Facts("web", [Entry(bad["name"], "original", bad["image"])]))
    assert found.recovery["healed_by"]["manager"] == "my-operator" and row(found, "healed-by") == (
        "pass",
        "my-operator",
    )


# --- verdicts ---


WELL = "the fault bit, 2 of 2 pods stayed ready, and the Deployment recovered 1 s after the restore"
UNEXERCISED = "no pod had to start, so nothing shows that the original image can be pulled"


def resilient() -> Story:
    return Story().corrupted().restored().recovered()


def test_resilient_is_what_nothing_speaks_against() -> None:
    found = resilient().judge()
    assert (found.verdict, results(found)) == ("Resilient", "PNNNP NPP PPP PPP")
    assert found.reasons == [WELL, UNEXERCISED]
    assert found.marks == {"corrupted": 10, "bit": 11, "restored": 70, "recovered": 71}
    assert found.serving == {"replicas": 2, "fewest": 2}


INCONCLUSIVE = {
    "steady state not met": (resilient(), {"steady": False}, "the steady state was not met before the fault"),
    "never corrupted": (Story(), {"entries": []}, "no injection was observed"),
    "corruption not seen": (Story(), {}, "no injection was observed"),
    "no bite": (
        Story().corrupted(bites=False).restored().recovered(),
        {},
        "there is no proof that the fault bit: no pod was observed that could not pull the image",
    ),
    "not complete before": (
        Story().deployment(2, complete=False).corrupted().restored(),
        {},
        "the Deployment was not complete before the fault, so its recovery cannot be judged",
    ),
    "not waited for": (
        Story().corrupted().restored(),
        {},
        "not recovered 30 s after the restore, when the timeline ended",
    ),
}


@pytest.mark.parametrize(("story", "facts", "reason"), INCONCLUSIVE.values(), ids=list(INCONCLUSIVE))
def test_inconclusive(story: Story, facts: dict[str, Any], reason: str) -> None:
    found = story.judge(**facts)
    assert (found.verdict, found.reasons) == ("Inconclusive", [reason])


FAILED = {
    "not restored": (Story().corrupted(), 100, "the corrupt image was still there at the end"),
    "not recovered": (Story().corrupted().restored(), 70 + RECOVERY_TIMEOUT, "not recovered within 180 s of the restore"),
    "no bite and not recovered": (
        Story().corrupted(bites=False).restored(),
        70 + RECOVERY_TIMEOUT,
        "not recovered within 180 s of the restore",
    ),
}


@pytest.mark.parametrize(("story", "ended", "reason"), FAILED.values(), ids=list(FAILED))
def test_failed(story: Story, ended: float, reason: str) -> None:
    found = story.judge(ended)
    assert (found.verdict, found.reasons) == ("Failed", [reason])


def test_a_deployment_that_is_deleted_during_the_fault_failed() -> None:
    story = Story().corrupted()
    story.timeline.add(20, "Deployment", "web", None)
    assert story.judge().reasons == ["the Deployment was deleted during the fault"]


def test_a_deployment_that_is_made_again_is_restored() -> None:
    story = Story().corrupted()
    story.timeline.add(20, "Deployment", "web", None)
    found = story.restored(30, by="argocd", generation=1, record=None).recovered(40).judge()
    assert (found.verdict, found.recovery["seconds"], found.recovery["reconcile_cycles"]) == ("Resilient", 10, 0)


DEGRADED = {
    "slow": (
        Story().corrupted().restored(70).recovered(120),
        "recovered slowly: 50 s after the restore, expected at most 45",
    ),
    "fought": (
        resilient().deployment(80, generation=5),
        "generations by others since the fault: 2, expected at most 1",
    ),
    "pods lost": (
        Story().corrupted().deployment(20, readyReplicas=1).restored().recovered(),
        "ready pods lost: 1; 1 of 2 were ready at the fewest",
    ),
}


@pytest.mark.parametrize(("story", "reason"), DEGRADED.values(), ids=list(DEGRADED))
def test_degraded(story: Story, reason: str) -> None:
    found = story.judge(130)
    assert (found.verdict, found.reasons) == ("Degraded", [reason])


def test_a_rollout_without_a_new_pod_says_what_it_did_not_show() -> None:
    assert row(resilient().judge(), "clean-rollout") == ("pass", f"complete 1 s after the restore; {UNEXERCISED}")


@pytest.mark.parametrize(("pulled", "said"), [(True, "a pull of it was observed"), (False, "no pull of it was observed")])
def test_a_pod_that_starts_after_the_restore_exercises_the_original_image(pulled: bool, said: str) -> None:
    story = Story().corrupted().restored().pod(70.2, "web-def-1", **{"image:app": GOOD})
    if pulled:
        story.pull(70.3, 1, "2026-11-22T15:01:10Z", image=GOOD, pod="web-def-1")
    why = row(story.recovered().judge(), "clean-rollout")[1]
    assert f"pods that started with the original image: 1; {said}" in why


def test_pods_that_start_long_after_the_recovery_do_not_count() -> None:
    assert UNEXERCISED in resilient().pod(90, "web-def-1", **{"image:app": GOOD}).judge().reasons


def test_without_pods_it_is_not_known_whether_one_had_to_start() -> None:
    story, gap = resilient(), resilient()
    story.timeline.add_missing("Pod", "the role does not allow it")
    gap.timeline.add_gap(60, 70.5, "Pod", lost=True)
    assert row(gap.judge(), "clean-rollout")[1].endswith("not known whether a pod had to start")
    assert row(story.judge(bitten_at=STARTED + 12), "clean-rollout")[1].endswith("not known whether a pod had to start")


def test_recordings_show_what_started() -> None:
    said = {name: row(judge(*of_recording(name)), "clean-rollout")[1] for name in ("rolling-update", "recreate")}
    assert UNEXERCISED in said["rolling-update"] and "original image: 2; " in said["recreate"]


INTERRUPTED = "the run was interrupted before the end of its method"


EARLY = "the fault was undone before the run's own restore, 60 s after the injection, "
TTLS = {
    "2026-11-22T15:01:10Z": EARLY + "when its ttl was over, by the guard or a sweep",
    "2026-11-22T15:05:10Z": EARLY + "by another run, by chaos image-corrupt, or by a guard that was stopped",
}


@pytest.mark.parametrize(("expires", "reason"), TTLS.items())
def test_a_fault_that_was_undone_before_the_run_did_is_inconclusive(expires: str, reason: str) -> None:
    entry = replace(ENTRY, expires=expires)
    found = resilient().judge(entries=[entry], restored_here=False)
    assert (found.verdict, found.reasons) == ("Inconclusive", [reason, WELL, UNEXERCISED])
    assert row(found, "healed-by") == ("violation", reason)
    assert found.recovery["healed_by"] == {"manager": "chaosimagecorrupt", "at": "2026-11-22T15:01:10Z"}


def test_what_this_run_put_back_was_healed_by_nobody() -> None:
    found = resilient().judge(restored_here=True)
    assert (found.verdict, found.recovery["healed_by"], row(found, "healed-by")) == (
        "Resilient",
        None,
        ("pass", "this run"),
    )


def test_what_an_operator_put_back_is_not_undone_early() -> None:
    story = Story().corrupted().restored(by="shop-operator").recovered().deployment(90, generation=4, record=None)
    assert story.judge(restored_here=False).verdict == "Resilient"


def test_an_owner_that_got_its_field_back_healed_nothing() -> None:
    story = Story().corrupted(**{"writer:app": ["chaosimagecorrupt", "2026-11-22T15:00:10Z"]})
    story.restored(**{"writer:app": ["installer", "2026-11-20T09:00:00Z"]}).recovered()
    assert row(story.judge(), "healed-by") == ("not observed", "managedFields do not show who put the image back")
    assert row(story.judge(restored_here=True), "healed-by") == ("pass", "this run")


def test_an_interrupted_run_claims_no_resilience() -> None:
    found = resilient().judge(interrupted=True)
    assert (found.verdict, found.reasons) == ("Inconclusive", [INTERRUPTED, WELL, UNEXERCISED])


def test_what_failed_in_an_interrupted_run_failed() -> None:
    found = Story().corrupted().judge(interrupted=True)
    assert (found.verdict, found.reasons) == ("Failed", ["the corrupt image was still there at the end", INTERRUPTED])


def test_every_defect_is_a_reason() -> None:
    story = Story().corrupted().deployment(20, readyReplicas=0).restored().recovered(120).deployment(121, generation=9)
    assert len(story.resource(5, "True").judge(130, operator=OPERATOR).reasons) == 4


def test_the_worst_verdict_counts() -> None:
    assert [worst(VERDICTS[n:]) for n in range(5)] == [*VERDICTS, None]


# --- operators ---


def test_an_operator_that_reports() -> None:
    found = resilient().resource(5, "True").resource(12, "False", "NotReady").judge(operator=OPERATOR)
    assert (found.verdict, results(found)) == ("Resilient", "PNNPP PPP PPP PPP")
    assert row(found, "operator-reports")[1] == "2.0 s after the corruption: Ready=False (NotReady)"


def test_an_operator_that_stays_silent() -> None:
    found = resilient().resource(5, "True").judge(operator=OPERATOR)
    said = "it did not write its status within 60 s: still Ready=True"
    assert row(found, "operator-reports") == row(found, "operator-silent") == ("violation", said)
    assert (found.verdict, found.reasons) == ("Degraded", [f"Shop main did not report the degradation: {said}"])


def test_an_operator_that_claims_health() -> None:
    found = resilient().resource(5, "True").resource(12, "True", version="2").judge(operator=OPERATOR)
    assert row(found, "operator-silent") == (
        "violation",
        "it wrote its status during the fault, and still says Ready=True",
    )


@pytest.mark.parametrize(("reason", "verdict"), [("NotReady", "Resilient"), ("Other", "Degraded")])
def test_a_named_reason_counts(reason: str, verdict: str) -> None:
    operator = Operator("shop.example/v1", "Shop", "main", None, "Ready", "False", "NotReady")
    assert resilient().resource(5, "True").resource(12, "False", reason).judge(operator=operator).verdict == verdict


def test_an_operator_that_reports_only_after_the_restore_was_silent() -> None:
    assert resilient().resource(5, "True").resource(80, "False").judge(operator=OPERATOR).verdict == "Degraded"


def test_an_operator_that_said_so_before_the_fault_says_nothing_about_it() -> None:
    found = resilient().resource(5, "False").judge(operator=OPERATOR)
    assert row(found, "operator-reports") == ("not observed", "Shop main reported it already before the fault")
    assert found.verdict == "Resilient"


def test_an_operator_that_heals_need_not_report() -> None:
    story = Story().corrupted().restored(by="shop-operator").recovered().deployment(90, generation=4, record=None)
    found = story.resource(5, "True").judge(operator=OPERATOR)
    assert row(found, "operator-silent") == (
        "not observed",
        "shop-operator put the image back after 60.0 s, so nothing was left to report",
    )
    assert (found.verdict, found.recovery["reconcile_cycles"]) == ("Resilient", 1)
    assert found.recovery["healed_by"] == {"manager": "shop-operator", "at": "2026-11-22T15:01:10Z"}


@pytest.mark.parametrize("kind", ["Resource", "Pod", "Event"])
def test_what_cannot_be_read_is_not_observed_and_nothing_fails(kind: str) -> None:
    story = resilient()
    story.timeline.add_missing(kind, "the role does not allow it")
    found = story.judge(operator=OPERATOR if kind == "Resource" else None, bitten_at=STARTED + 12)
    unseen = [r.why for r in found.rubric if "the role does not allow it" in r.why]
    assert found.verdict == "Resilient" and bool(unseen) == (kind != "Pod")


def test_without_pods_an_event_proves_that_the_fault_bit() -> None:
    story = Story().corrupted(bites=False).pull(12, 1, "2026-11-22T15:00:12Z", "Failed").restored().recovered()
    story.timeline.add_missing("Pod", "the role does not allow it")
    assert row(story.judge(), "pull-failing")[0] == "pass"


def test_without_the_deployment_nothing_can_be_told() -> None:
    story = Story()
    story.timeline.add_missing("Deployment", "the role does not allow it")
    assert story.judge().reasons == ["the Deployment could not be followed: the role does not allow it"]


# --- rows ---


def test_a_corrupt_image_that_can_be_pulled_is_a_violation() -> None:
    found = Story().corrupted(bites=False).pod(12, **{"image:app": BAD, "ready": True}).restored().recovered().judge()
    assert row(found, "pull-failing") == (
        "violation",
        "a pod with the corrupt image became ready: the image can be pulled",
    )
    assert found.verdict == "Inconclusive"


def test_the_news_of_a_pod_may_overtake_those_of_the_deployment() -> None:
    story = Story().pod(9.9, **{"image:app": BAD, "waiting:app": "ErrImagePull"}).corrupted(bites=False)
    assert story.restored().recovered().judge().verdict == "Resilient"


def test_the_news_of_a_replica_set_may_overtake_those_of_the_deployment() -> None:
    story = Story().deployment(9.99, complete=False).corrupted().restored().recovered()
    assert story.judge().verdict == "Resilient"


def test_a_pod_that_failed_long_before_the_fault_is_no_proof() -> None:
    story = Story().pod(5, **{"image:app": BAD, "waiting:app": "ErrImagePull"}).corrupted(bites=False)
    assert story.restored().recovered().judge().verdict == "Inconclusive"


def test_another_containers_trouble_is_no_proof() -> None:
    story = (
        Story()
        .corrupted(bites=False)
        .pod(12, **{"image:app": BAD, "waiting:other": "ErrImagePull", "image:other": "x"})
    )
    assert story.restored().recovered().judge().verdict == "Inconclusive"


def test_a_pod_that_is_being_deleted_is_no_proof() -> None:
    gone = {"image:app": BAD, "waiting:app": "ErrImagePull", "deleting": True}
    assert Story().corrupted(bites=False).pod(12, **gone).restored().recovered().judge().verdict == "Inconclusive"


def test_a_pod_of_an_older_template_is_no_proof() -> None:
    story = Story().corrupted(bites=False).pod(12, **{"image:app": "localhost/app:v0", "waiting:app": "ErrImagePull"})
    assert story.restored().recovered().judge().verdict == "Inconclusive"


def test_a_pod_that_admission_gave_another_image_is_proof_when_its_template_is_corrupt() -> None:
    mirrored = {"replicaSet": "web-abc", "image:app": "mirror.internal/x:chaos", "waiting:app": "ErrImagePull"}
    story = Story().corrupted(bites=False).template(10.1).pod(11, **mirrored)
    assert story.restored().recovered().judge().verdict == "Resilient"
    other = Story().corrupted(bites=False).template(10.1, image=GOOD).pod(11, **mirrored)
    assert other.restored().recovered().judge().verdict == "Inconclusive"


def test_pulls_of_the_image_that_admission_gave_a_pod_count() -> None:
    story = Story().corrupted(bites=False).template(10.1)
    story.pod(11, **{"replicaSet": "web-abc", "image:app": "mirror.internal/x:chaos", "waiting:app": "ErrImagePull"})
    for count, second in (1, 12), (2, 22), (3, 42):
        story.pull(second, count, f"2026-11-22T15:00:{second}Z", image="mirror.internal/x:chaos")
    assert row(story.restored().recovered().judge(), "back-off-grows")[0] == "pass"


PULLS = {
    "growing": ([(1, 0), (2, 10), (3, 30)], "pass"),
    "not growing": ([(1, 0), (2, 10), (3, 20)], "violation"),
    "at the cap": ([(1, 0), (2, 160), (3, 460), (4, 755)], "pass"),
    "two": ([(1, 0), (2, 10)], "not observed"),
    "one was not told of": ([(1, 0), (2, 10), (4, 60)], "not observed"),
    "growing after one that was not told of": ([(1, 0), (3, 30), (4, 70), (5, 150)], "pass"),
}


@pytest.mark.parametrize(("pulls", "result"), PULLS.values(), ids=list(PULLS))
def test_back_off(pulls: list[tuple[int, int]], result: str) -> None:
    story = Story().corrupted()
    for count, second in pulls:
        story.pull(12 + second, count, f"2026-11-22T15:{second // 60:02}:{second % 60:02}Z")
    assert row(story.restored(900).recovered(901).judge(950), "back-off-grows")[0] == result


DEADLINES = {
    "inside the window, unnoticed": ({"progressDeadlineSeconds": 30}, "violation"),
    "just inside the window": ({"progressDeadlineSeconds": 57}, "not observed"),
    "none": ({"progressDeadlineSeconds": 2147483647}, "not observed"),
    "paused": ({"progressDeadlineSeconds": 30, "paused": True}, "not observed"),
}


@pytest.mark.parametrize(("state", "result"), DEADLINES.values(), ids=list(DEADLINES))
def test_deadline(state: dict[str, Any], result: str) -> None:
    assert row(Story(**state).corrupted().restored().recovered().judge(), "deadline")[0] == result


def test_the_deadline_counts_from_the_last_progress() -> None:
    progress = {"condition:Progressing": ["True", "ReplicaSetUpdated", "2026-11-22T15:00:45Z", ""]}
    story = Story(progressDeadlineSeconds=30).corrupted().deployment(45, **progress).restored().recovered()
    assert row(story.judge(), "deadline")[1] == "the deadline of 30 s lies outside the fault, which lasted 60 s"


def test_no_deadline_is_a_violation_that_does_not_degrade() -> None:
    found = Story(progressDeadlineSeconds=2147483647).corrupted().restored().recovered().judge()
    assert row(found, "no-progress-deadline")[0] == "violation" and found.verdict == "Resilient"


def test_a_record_that_is_left_is_no_clean_rollout() -> None:
    found = Story().corrupted().restored(record={"app": "id1"}).recovered().judge()
    assert row(found, "clean-rollout") == ("violation", "it completed, but the record of the fault remained")


def test_a_pod_that_cannot_pull_after_the_restore_is_no_clean_rollout() -> None:
    found = resilient().pod(80, "web-def-1", **{"image:app": "localhost/app:v1", "waiting:app": "ErrImagePull"}).judge()
    assert row(found, "clean-rollout")[0] == "violation"


@pytest.mark.parametrize("state", [{"image:app": BAD}, {"image:app": "localhost/app:v1", "deleting": True}])
def test_the_corrupt_pod_and_one_that_is_being_stopped_do_not_spoil_it(state: dict[str, Any]) -> None:
    found = resilient().pod(80, "web-def-1", **{"waiting:app": "ErrImagePull", **state}).judge()
    assert row(found, "clean-rollout")[0] == "pass"


def test_a_strategy_that_may_take_every_pod_down_is_a_violation() -> None:
    story = Story(maxSurge=0, maxUnavailable="100%").corrupted().restored().recovered()
    assert row(story.judge(), "strategy") == ("violation", "RollingUpdate: of 2 pods, 2 may be unavailable and 0 may be added")


def test_a_rollout_that_is_no_longer_complete_at_the_end() -> None:
    found = resilient().deployment(90, complete=False, readyReplicas=1).judge()
    assert row(found, "rollout-not-complete")[0] == "violation"


@pytest.mark.parametrize(("ready", "result"), [(2, "pass"), (1, "pass"), (0, "violation")])
def test_webhooks_lose_their_backends_with_the_last_ready_pod(ready: int, result: str) -> None:
    story = Story().corrupted().deployment(20, readyReplicas=ready).restored().recovered()
    assert row(story.judge(webhooks=[WEBHOOK]), "webhooks")[0] == result


def test_webhooks_that_cannot_be_read_are_not_observed() -> None:
    found = resilient().judge(webhooks=None, webhooks_unknown="the role does not allow it")
    assert row(found, "webhooks") == ("not observed", "the role does not allow it")


def test_a_pod_that_was_not_ready_before_is_not_lost() -> None:
    found = Story(readyReplicas=1).corrupted().restored().recovered().judge()
    assert row(found, "serving") == ("pass", "1 of 2 pods were ready at the fewest")


def test_pods_count_until_they_are_back() -> None:
    found = Story().corrupted().restored().deployment(70.5, readyReplicas=0).recovered().judge()
    assert found.serving["fewest"] == 0


CYCLES = {
    "ours": (resilient(), 0),
    "somebody annotates": (resilient().deployment(80, generation=4), 1),
    "somebody changes template and replicas at once": (
        resilient().deployment(80, generation=4, replicas=3, template="other"),
        1,
    ),
    "somebody changes the template, then the replicas, in a gap": (
        resilient().deployment(80, generation=5, replicas=3, template="other"),
        1,
    ),
    "our second injection": (Story().corrupted().deployment(20, generation=3, record={"app": "id1", "b": "id2"}), 0),
    "the record is stripped": (Story().corrupted().deployment(20, generation=3, record=None), 1),
    "undone by somebody, record and all": (Story().corrupted().restored(by="kubectl-rollout", record=None), 1),
    "several in a gap": (Story().corrupted().restored(generation=6).recovered(), 3),
    "healed, then our record removed": (
        Story().corrupted().restored(by="x").recovered().deployment(80, generation=4, record=None),
        1,
    ),
}


@pytest.mark.parametrize(("story", "cycles"), CYCLES.values(), ids=list(CYCLES))
def test_reconcile_cycles_are_generations_that_were_not_ours(story: Story, cycles: int) -> None:
    assert story.judge().recovery["reconcile_cycles"] == cycles


def test_scaling_is_told_apart_and_does_not_degrade() -> None:
    story = Story().corrupted()
    for number, replicas in enumerate([3, 4, 2]):
        story.deployment(20 + number, generation=3 + number, replicas=replicas)
    found = story.restored(generation=6).recovered().judge()
    assert (found.recovery["reconcile_cycles"], found.recovery["scalings"], found.verdict) == (0, 3, "Resilient")
    assert row(found, "reconcile-cycles")[1].endswith("since the fault: 0; not counted, because they only scaled it: 3")


def test_an_autoscaler_and_our_restore_in_one_gap_are_no_cycle() -> None:
    story = Story().corrupted().restored(generation=5, replicas=4).recovered()
    assert (story.judge().recovery["reconcile_cycles"], story.judge().recovery["scalings"]) == (0, 2)


def test_pods_that_were_scaled_away_are_not_lost() -> None:
    fewer = {"replicas": 1, "readyReplicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    found = Story().corrupted().deployment(20, generation=3, **fewer).restored(generation=4).judge(ended=90)
    assert row(found, "serving") == ("pass", "1 of 2 pods were ready at the fewest")


def test_what_is_only_seen_after_a_gap_is_clocked_by_the_api_server() -> None:
    story = Story().corrupted()
    story.timeline.add_gap(15, 99, "Deployment", lost=True)
    story.restored(99.1)  # written at 70 s
    settled_at = {"condition:Available": ["True", "x", "2026-11-22T15:01:15Z", ""]}
    assert story.deployment(99.2, **settled_at, complete=True).judge().recovery["seconds"] == 5


def test_our_clock_and_the_api_servers_are_never_mixed() -> None:
    ahead = {"writer:app": ["chaosimagecorrupt", "2026-11-22T15:01:30Z"]}  # by 20 s
    story = Story().corrupted().restored(70, **ahead)
    story.timeline.add_gap(71, 99, "Deployment", lost=True)
    settled_at = {"condition:Available": ["True", "x", "2026-11-22T15:01:35Z", ""]}
    assert story.deployment(99.2, **settled_at, complete=True).judge().recovery["seconds"] == 5


def test_a_recovery_that_was_only_seen_when_it_was_over_is_not_called_quick() -> None:
    story = Story().corrupted()
    story.timeline.add_gap(15, 99, "Deployment", lost=True)
    found = story.restored(99.1, by=None, complete=True, record=None).judge()
    assert (found.recovery["seconds"], row(found, "recovery-time")[0]) == (None, "not observed")
    assert found.reasons[0].endswith("the Deployment recovered at an unknown time after the restore")


def test_the_runs_own_restore_dates_what_was_only_seen_later() -> None:
    story = Story().corrupted()
    story.timeline.add_gap(15, 99, "Deployment", lost=True)
    settled_at = {"condition:Available": ["True", "x", "2026-11-22T15:01:15Z", ""]}
    story.restored(99.1, by=None, complete=True, record=None, **settled_at)
    assert story.judge(restored_here=True, restored_on_server="2026-11-22T15:01:12Z").recovery["seconds"] == 3


def test_a_gap_in_pods_leaves_the_clock_alone() -> None:
    story = Story().corrupted()
    story.timeline.add_gap(15, 74.9, "Pod", lost=True)
    assert story.restored(75).recovered(76).judge().recovery["seconds"] == 1


def test_a_deployment_that_is_deleted_after_it_recovered_was_resilient() -> None:
    story = resilient()
    story.timeline.add(90, "Deployment", "web", None)
    assert story.judge().verdict == "Resilient"


def test_of_two_containers_the_one_that_others_put_back_tells_who_healed() -> None:
    both = {"image:app": BAD, "image:b": BAD}
    ours, theirs = ["chaosimagecorrupt", None], ["shop-operator", None]
    story = Story(**{"image:b": "x"}).deployment(10, complete=False, record={"app": "1", "b": "2"}, **both)
    story.restored(70, **{"image:b": "x", "writer:app": ours, "writer:b": theirs}).recovered()
    found = story.judge(entries=[ENTRY, Entry("b", "x", BAD)])
    assert found.recovery["healed_by"]["manager"] == "shop-operator"


def test_a_third_image_ends_the_fault_too() -> None:
    found = Story().corrupted().restored(by="ci", **{"image:app": "localhost/app:v2"}).recovered().judge()
    assert found.recovery["healed_by"]["manager"] == "ci" and found.verdict == "Resilient"


# --- waiting ---

WAITS = {
    "not yet corrupted": (Story(), False),
    "corrupted": (Story().corrupted(), False),
    "restored": (Story().corrupted().restored(), False),
    "recovered": (resilient(), True),
    "healed, with the record": (Story().corrupted().restored(by="x").recovered(), False),
    "came and went unseen": (Story().deployment(20, generation=3), True),
    "never complete": (Story().deployment(2, complete=False).corrupted().restored(), True),
}


@pytest.mark.parametrize(("story", "over"), WAITS.values(), ids=list(WAITS))
def test_what_is_waited_for_after_a_restore(story: Story, over: bool) -> None:
    assert is_over(story.timeline.to_json(100), Facts("web", [ENTRY])) is over


def test_the_wait_ends_when_the_time_is_up_or_nothing_can_be_followed() -> None:
    story = Story().corrupted().restored()
    assert is_over(story.timeline.to_json(70 + RECOVERY_TIMEOUT), Facts("web", [ENTRY]))
    story.timeline.add_missing("Deployment", "gone for good")
    assert is_over(story.timeline.to_json(80), Facts("web", [ENTRY]))


def test_a_fault_that_is_corrupted_and_restored_at_the_same_moment_is_judged() -> None:
    story = Story().corrupted(10, bites=False).restored(10).recovered(10)
    assert story.judge().verdict == "Inconclusive"
