"""What proves that an image cannot be pulled, and what shows that the original one can."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict import judge

from ..timelines import BAD, GOOD, STARTED, Scenario, of_recording, resilient, row
from .texts import UNEXERCISED

MIRRORED = "mirror.internal/x:chaos"


def test_without_pods_an_event_proves_that_the_fault_bit() -> None:
    scenario = (
        Scenario().corrupted(pull_fails=False).pull(12, 1, "2026-11-22T15:00:12Z", "Failed").restored().recovered()
    )
    scenario.timeline.add_missing("Pod", "the role does not allow it")
    assert row(scenario.judge(), "pull-failing").result == "pass"


def test_the_changes_of_a_pod_may_overtake_those_of_the_deployment() -> None:
    scenario = Scenario().pod(9.9, **{"image:app": BAD, "waiting:app": "ErrImagePull"}).corrupted(pull_fails=False)
    assert scenario.restored().recovered().judge().verdict == "Resilient"


def test_a_pod_that_failed_long_before_the_fault_is_no_proof() -> None:
    scenario = Scenario().pod(5, **{"image:app": BAD, "waiting:app": "ErrImagePull"}).corrupted(pull_fails=False)
    assert scenario.restored().recovered().judge().verdict == "Inconclusive"


def test_another_containers_trouble_is_no_proof() -> None:
    scenario = (
        Scenario()
        .corrupted(pull_fails=False)
        .pod(12, **{"image:app": BAD, "waiting:other": "ErrImagePull", "image:other": "x"})
    )
    assert scenario.restored().recovered().judge().verdict == "Inconclusive"


def test_a_pod_that_is_being_deleted_is_no_proof() -> None:
    gone: dict[str, Any] = {"image:app": BAD, "waiting:app": "ErrImagePull", "deleting": True}
    assert (
        Scenario().corrupted(pull_fails=False).pod(12, **gone).restored().recovered().judge().verdict == "Inconclusive"
    )


def test_a_pod_of_an_older_template_is_no_proof() -> None:
    scenario = (
        Scenario()
        .corrupted(pull_fails=False)
        .pod(12, **{"image:app": "localhost/app:v0", "waiting:app": "ErrImagePull"})
    )
    assert scenario.restored().recovered().judge().verdict == "Inconclusive"


def test_a_pod_that_admission_gave_another_image_is_proof_when_its_template_is_corrupt() -> None:
    mirrored: dict[str, Any] = {
        "replicaSet": "web-abc",
        "image:app": MIRRORED,
        "waiting:app": "ErrImagePull",
    }
    scenario = Scenario().corrupted(pull_fails=False).template(10.1).pod(11, **mirrored)
    assert scenario.restored().recovered().judge().verdict == "Resilient"
    other = Scenario().corrupted(pull_fails=False).template(10.1, image=GOOD).pod(11, **mirrored)
    assert other.restored().recovered().judge().verdict == "Inconclusive"


def test_pulls_of_the_image_that_admission_gave_a_pod_count() -> None:
    scenario = Scenario().corrupted(pull_fails=False).template(10.1)
    scenario.pod(11, **{"replicaSet": "web-abc", "image:app": MIRRORED, "waiting:app": "ErrImagePull"})
    for count, second in (1, 12), (2, 22), (3, 42):
        scenario.pull(second, count, f"2026-11-22T15:00:{second}Z", image=MIRRORED)
    assert row(scenario.restored().recovered().judge(), "back-off-grows").result == "pass"


def test_a_rollout_without_a_new_pod_says_what_it_did_not_show() -> None:
    assert row(resilient().judge(), "clean-rollout") == ("pass", f"complete 1 s after the restore; {UNEXERCISED}")


@pytest.mark.parametrize(
    ("pulled", "said"), [(True, "a pull of it was observed"), (False, "no pull of it was observed")]
)
def test_a_pod_that_starts_after_the_restore_exercises_the_original_image(pulled: bool, said: str) -> None:
    scenario = Scenario().corrupted().restored().pod(70.2, "web-def-1", **{"image:app": GOOD})
    if pulled:
        scenario.pull(70.3, 1, "2026-11-22T15:01:10Z", image=GOOD, pod="web-def-1")
    why = row(scenario.recovered().judge(), "clean-rollout").why
    assert f"pods that started with the original image: 1; {said}" in why


def test_pods_that_start_long_after_the_recovery_do_not_count() -> None:
    assert UNEXERCISED in resilient().pod(90, "web-def-1", **{"image:app": GOOD}).judge().reasons


def test_without_pods_it_is_not_known_whether_one_had_to_start() -> None:
    scenario, gap = resilient(), resilient()
    scenario.timeline.add_missing("Pod", "the role does not allow it")
    gap.timeline.add_gap(60, 70.5, "Pod", lost=True)
    assert row(gap.judge(), "clean-rollout").why.endswith("not known whether a pod had to start")
    by_probe = scenario.judge(pull_failed_at=STARTED + 12)
    assert row(by_probe, "clean-rollout").why.endswith("not known whether a pod had to start")


def test_recordings_show_what_started() -> None:
    said = {name: row(judge(*of_recording(name)), "clean-rollout").why for name in ("rolling-update", "recreate")}
    assert UNEXERCISED in said["rolling-update"] and "original image: 2; " in said["recreate"]


def test_a_pod_that_was_there_before_a_short_fault_did_not_start_after_it() -> None:
    scenario = Scenario().pod(9.5, "web-old-1", ready=True, **{"image:app": GOOD}).corrupted()
    assert UNEXERCISED in scenario.restored(10.4).recovered(10.5).judge().reasons
