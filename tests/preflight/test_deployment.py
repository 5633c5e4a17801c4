"""The preflight's lines on the Deployment itself, each ok, a warning and a blocker."""

from collections.abc import Iterable
from typing import Any

import pytest

from chaosimagecorrupt.fault.consent import PROTECTED, Consent
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.preflight.deployment import (
    check_consent_of,
    check_container,
    check_deadline,
    check_record,
    check_rollout,
)
from chaosimagecorrupt.preflight.model import Check
from chaosimagecorrupt.record.snapshot import Snapshot

from ..manifests import a_deployment, corrupted

Object = Any
BAD = "registry.invalid/nonexistent:chaos"


def complete(**changed: Any) -> Object:
    containers = {"app": "localhost/app:v1", "proxy": "localhost/proxy:v1"}
    spec = {"progressDeadlineSeconds": 60, **changed}
    return a_deployment(containers=containers, init_containers={"prepare": "localhost/prepare:v1"}, **spec)


def levels_and_texts(lines: Iterable[Check]) -> list[tuple[str, str]]:
    return [(line.level, line.text) for line in lines]


def test_target_says_what_would_be_replaced_by_what() -> None:
    assert levels_and_texts(check_container(Snapshot(complete()), FaultSpec(None, BAD, 300.0))) == [
        ("ok", f"container app: localhost/app:v1 -> {BAD}")
    ]
    (line,) = check_container(Snapshot(complete()), FaultSpec("prepare", BAD, 300.0))
    assert line.text == f"init container prepare: localhost/prepare:v1 -> {BAD}"


@pytest.mark.parametrize(
    ("container", "image", "why"),
    [("no", BAD, "has no container 'no'"), ("app", "localhost/app:v1", "is 'localhost/app:v1' already")],
)
def test_target_that_cannot_be_corrupted_is_a_blocker(container: str, image: str, why: str) -> None:
    ((level, text),) = levels_and_texts(check_container(Snapshot(complete()), FaultSpec(container, image, 300.0)))
    assert level == "blocker" and why in text


def test_consent_in_a_namespace_of_the_cluster_is_a_blocker() -> None:
    found = complete()
    found["metadata"]["namespace"] = "kube-system"
    assert [line.level for line in check_consent_of(found, Consent())] == ["blocker"]


def test_consent_is_ok_without_marks_and_a_mark_that_does_not_count_is_a_warning() -> None:
    found = complete()
    assert [line.level for line in check_consent_of(found, Consent())] == ["ok"]
    found["metadata"]["annotations"] = {PROTECTED: "yes"}
    assert [line.level for line in check_consent_of(found, Consent())] == ["warning"]


def test_record_of_nobody_is_ok() -> None:
    assert levels_and_texts(check_record(Snapshot(complete()), None)) == [("ok", "no fault is recorded")]


def test_record_of_another_container_is_a_warning_and_of_this_one_a_blocker() -> None:
    found = corrupted(complete(), "proxy")
    assert [line.level for line in check_record(Snapshot(found), "app")] == ["warning"]
    assert "container proxy is corrupted since" in check_record(Snapshot(found), "app")[0].text
    assert [line.level for line in check_record(Snapshot(found), "proxy")] == ["blocker"]
    assert check_container(Snapshot(found), FaultSpec("proxy", BAD, 300.0))[0].text.endswith("see record")


def test_rollout_that_is_complete_is_ok() -> None:
    assert levels_and_texts(check_rollout(complete())) == [("ok", "complete: 2/2 ready, 2 of 2 updated")]


def test_rollout_in_progress_is_a_warning() -> None:
    found = complete()
    found["status"]["updatedReplicas"] = 1
    ((level, text),) = levels_and_texts(check_rollout(found))
    assert level == "warning" and "a rollout is in progress already" in text


@pytest.mark.parametrize(("changed", "why"), [({"paused": True}, "is paused"), ({"replicas": 0}, "has 0 replicas")])
def test_rollout_that_cannot_start_is_a_blocker(changed: dict[str, Any], why: str) -> None:
    ((level, text),) = levels_and_texts(check_rollout(complete(**changed)))
    assert level == "blocker" and why in text


def test_rollout_of_a_deployment_that_is_being_deleted_is_a_blocker() -> None:
    found = complete()
    found["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert "is being deleted since 2026-01-01T00:00:00Z" in check_rollout(found)[0].text


DEADLINES = [
    (60, None, "ok", "60 s, within the ttl of 300 s"),
    (600, 60, "ok", "60 s, within the ttl of 300 s"),
    (600, None, "warning", "ttl of 300 s is not longer than the progress deadline of 600 s"),
    (60, 90, "warning", "progress_deadline of 90 s is not shorter than the present 60 s, which stays"),
    (2147483647, None, "warning", "no progress deadline is set"),
    (600, 0, "blocker", "progress_deadline: 0 is not a number of whole seconds above 0"),
]


@pytest.mark.parametrize(("present", "asked", "level", "text"), DEADLINES)
def test_progress_deadline_against_the_ttl(present: int, asked: int | None, level: str, text: str) -> None:
    (line,) = check_deadline(complete(progressDeadlineSeconds=present), 300, asked)
    assert line.level == level and text in line.text


def test_progress_deadline_not_longer_than_min_ready_seconds_is_a_blocker() -> None:
    assert check_deadline(complete(minReadySeconds=30), 300, 30)[0].level == "blocker"
