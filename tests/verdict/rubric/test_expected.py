"""The rows of the section Expected."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict import judge

from ...timelines import BAD, Scenario, of_recording, resilient, row

WHY = {
    ("init-container", "pull-failing"): "Pod web-76f58c6764-pr6z6: prep waits: ErrImagePull (name does not resolve)",
    ("zero-replicas", "pull-failing"): "the Deployment has 0 replicas, so no pod starts",
    ("paused", "pull-failing"): "the Deployment is paused, so no rollout starts",
}


@pytest.mark.parametrize(("name", "key"), WHY)
def test_why_of_a_row(name: str, key: str) -> None:
    assert row(judge(*of_recording(name)), key).why == WHY[name, key]


def test_a_corrupt_image_that_can_be_pulled_is_a_violation() -> None:
    ready: dict[str, Any] = {"image:app": BAD, "ready": True}
    found = Scenario().corrupted(pull_fails=False).pod(12, **ready).restored().recovered().judge()
    assert row(found, "pull-failing") == (
        "violation",
        "a pod with the corrupt image became ready: the image can be pulled",
    )
    assert found.verdict == "Inconclusive"


def test_a_record_that_is_left_is_no_clean_rollout() -> None:
    found = Scenario().corrupted().restored(record={"app": "id1"}).recovered().judge()
    assert row(found, "clean-rollout") == ("violation", "it completed, but the record of the fault remained")


def test_a_pod_that_cannot_pull_after_the_restore_is_no_clean_rollout() -> None:
    found = resilient().pod(80, "web-def-1", **{"image:app": "localhost/app:v1", "waiting:app": "ErrImagePull"}).judge()
    assert row(found, "clean-rollout").result == "violation"


@pytest.mark.parametrize("state", [{"image:app": BAD}, {"image:app": "localhost/app:v1", "deleting": True}])
def test_the_corrupt_pod_and_one_that_is_being_stopped_do_not_spoil_it(state: dict[str, Any]) -> None:
    found = resilient().pod(80, "web-def-1", **{"waiting:app": "ErrImagePull", **state}).judge()
    assert row(found, "clean-rollout").result == "pass"
