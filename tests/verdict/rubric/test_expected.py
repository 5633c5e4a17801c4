"""The rows of the section Expected."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict import judge

from ...timelines import BAD, Scenario, of_recording, resilient, row

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
}


@pytest.mark.parametrize(("name", "key"), WHY)
def test_why_of_a_row(name: str, key: str) -> None:
    assert row(judge(*of_recording(name)), key)[1] == WHY[name, key]


def test_the_deadline_is_dated_by_the_api_server() -> None:
    found = next(r for r in judge(*of_recording("deadline")).rubric if r.row == "deadline")
    assert [e.at for e in found.evidence] == ["2026-11-22T13:51:04Z"]


def test_no_pod_can_be_created_is_said_in_the_api_servers_words() -> None:
    assert (
        "must not have leading or trailing whitespace"
        in row(judge(*of_recording("whitespace-image")), "pull-failing")[1]
    )


def test_a_corrupt_image_that_can_be_pulled_is_a_violation() -> None:
    ready: dict[str, Any] = {"image:app": BAD, "ready": True}
    found = Scenario().corrupted(pull_fails=False).pod(12, **ready).restored().recovered().judge()
    assert row(found, "pull-failing") == (
        "violation",
        "a pod with the corrupt image became ready: the image can be pulled",
    )
    assert found.verdict == "Inconclusive"


PULLS = {
    "growing": ([(1, 0), (2, 10), (3, 30)], "pass"),
    "not growing": ([(1, 0), (2, 10), (3, 20)], "violation"),
    "at the cap": ([(1, 0), (2, 160), (3, 460), (4, 755)], "pass"),
    "two": ([(1, 0), (2, 10)], "not observed"),
    "one was not reported": ([(1, 0), (2, 10), (4, 60)], "not observed"),
    "growing after one that was not reported": ([(1, 0), (3, 30), (4, 70), (5, 150)], "pass"),
}


@pytest.mark.parametrize(("pulls", "result"), PULLS.values(), ids=list(PULLS))
def test_back_off(pulls: list[tuple[int, int]], result: str) -> None:
    scenario = Scenario().corrupted()
    for count, second in pulls:
        scenario.pull(12 + second, count, f"2026-11-22T15:{second // 60:02}:{second % 60:02}Z")
    assert row(scenario.restored(900).recovered(901).judge(950), "back-off-grows")[0] == result


DEADLINES = {
    "inside the window, unnoticed": ({"progressDeadlineSeconds": 30}, "violation"),
    "just inside the window": ({"progressDeadlineSeconds": 57}, "not observed"),
    "none": ({"progressDeadlineSeconds": 2147483647}, "not observed"),
    "paused": ({"progressDeadlineSeconds": 30, "paused": True}, "not observed"),
}


@pytest.mark.parametrize(("state", "result"), DEADLINES.values(), ids=list(DEADLINES))
def test_deadline(state: dict[str, Any], result: str) -> None:
    assert row(Scenario(**state).corrupted().restored().recovered().judge(), "deadline")[0] == result


def test_the_deadline_counts_from_the_last_progress() -> None:
    progress = {"condition:Progressing": ["True", "ReplicaSetUpdated", "2026-11-22T15:00:45Z", ""]}
    scenario = Scenario(progressDeadlineSeconds=30).corrupted().deployment(45, **progress).restored().recovered()
    assert row(scenario.judge(), "deadline")[1] == "the deadline of 30 s lies outside the fault, which lasted 60 s"


def test_a_record_that_is_left_is_no_clean_rollout() -> None:
    found = Scenario().corrupted().restored(record={"app": "id1"}).recovered().judge()
    assert row(found, "clean-rollout") == ("violation", "it completed, but the record of the fault remained")


def test_a_pod_that_cannot_pull_after_the_restore_is_no_clean_rollout() -> None:
    found = resilient().pod(80, "web-def-1", **{"image:app": "localhost/app:v1", "waiting:app": "ErrImagePull"}).judge()
    assert row(found, "clean-rollout")[0] == "violation"


@pytest.mark.parametrize("state", [{"image:app": BAD}, {"image:app": "localhost/app:v1", "deleting": True}])
def test_the_corrupt_pod_and_one_that_is_being_stopped_do_not_spoil_it(state: dict[str, Any]) -> None:
    found = resilient().pod(80, "web-def-1", **{"waiting:app": "ErrImagePull", **state}).judge()
    assert row(found, "clean-rollout")[0] == "pass"
