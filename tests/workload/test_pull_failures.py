"""A pod that cannot pull an image shows it, and why."""

import json

import pytest

from chaosimagecorrupt.workload.pull_failures import PULL_FAILURES, about_pulling, pull_failure

from ..manifests import a_pod
from ..recorded import at


@pytest.mark.parametrize("reason", sorted(PULL_FAILURES))
@pytest.mark.parametrize("field", ["initContainerStatuses", "containerStatuses"])
def test_every_pull_failure_counts_in_containers_and_init_containers(reason: str, field: str) -> None:
    pod = a_pod("app", "bad", reason, field=field)
    assert pull_failure(pod) == ("app", reason, "why")
    assert pull_failure(pod, {"app": "bad"}) == ("app", reason, "why")


@pytest.mark.parametrize("images", [{"app": "other"}, {"sidecar": "bad"}, {}])
def test_the_failure_of_another_container_or_image_does_not_count(images: dict[str, str]) -> None:
    assert pull_failure(a_pod("app", "bad", "ErrImagePull"), images) is None


def test_the_image_that_admission_gave_a_pod_counts_unless_one_is_named() -> None:
    pod = a_pod("app", "mirror.internal/nonexistent:chaos", "ErrImagePull")
    assert pull_failure(pod, {"app": None}) == ("app", "ErrImagePull", "why")
    assert pull_failure(pod, {"sidecar": None}) is None
    assert pull_failure(pod, {"app": "registry.invalid/nonexistent:chaos"}) is None


@pytest.mark.parametrize("reason", ["ContainerCreating", "PodInitializing", "CrashLoopBackOff", "CreateContainerError"])
def test_other_reasons_to_wait_are_no_pull_failure(reason: str) -> None:
    assert pull_failure(a_pod("app", "bad", reason)) is None


def test_a_pod_that_is_being_deleted_does_not_prove_a_pull_failure() -> None:
    pod = at("rolling-update", 49.350)
    deleted = [p for p in pod.pods if p["metadata"].get("deletionTimestamp")]
    assert "ImagePullBackOff" in json.dumps(deleted)
    assert [pull_failure(p) for p in deleted] == [None]


def test_the_part_of_a_pod_that_is_kept_shows_the_same() -> None:
    pod = a_pod("app", "bad", "ErrImagePull")
    assert pull_failure(about_pulling(pod)) == pull_failure(pod)  # type: ignore[arg-type]  # a part of a pod
