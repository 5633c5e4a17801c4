"""Why a Deployment is refused: with what was found and what to do, and nothing is changed."""

import json
from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.refusals import check_image
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE, EXPIRES, LABEL, OPERATOR_CHAOS_CONTAINER, RECORD
from chaosimagecorrupt.workload.rollout import NO_DEADLINE

from ..manifests import a_deployment, corrupted, injection, patch_of
from ..recorded import at

ORIGINAL = "chaos.operatorchaos.io/original-image-app"


def refusal(deployment: dict[str, Any], container: str | None = None, **changed: Any) -> str:
    before = json.dumps(deployment)
    with pytest.raises(Refused) as refused:
        injection(deployment, container, **changed)
    assert json.dumps(deployment) == before
    assert str(refused.value).isprintable()
    return str(refused.value)


def test_a_container_that_is_not_there_is_refused_with_those_that_are() -> None:
    deployment = a_deployment(containers={"app": "v1", "sidecar": "v2"}, init_containers={"prep": "v3"})
    text = refusal(deployment, "nope\x1b")
    assert "Deployment shop/web has no container 'nope\\x1b'; it has app, sidecar and the init containers prep" in text


def test_a_corrupted_container_is_refused_with_since_when_by_which_and_until_when() -> None:
    text = refusal(corrupted(a_deployment()), image="another")
    for said in ("already corrupted", "since 2026-11-22T15:00:00Z", "until 2026-11-22T15:05:00Z", "id1", "me@here"):
        assert said in text
    assert "'localhost/app:v1' stays recorded" in text and "restore it first" in text


def test_the_corrupt_image_is_never_recorded_as_the_original() -> None:
    # also when everything but the annotation with the original is gone, or all but the JSON
    for gone in ([RECORD, EXPIRES], [ORIGINAL]):
        deployment = corrupted(a_deployment())
        for key in gone:
            del deployment["metadata"]["annotations"][key]
        assert "already corrupted" in refusal(deployment, image="another")


def test_a_container_healed_by_others_stays_recorded_and_is_refused() -> None:
    # the original is still in the record, so a second fault would have to forget when the first one was
    deployment = corrupted(a_deployment())
    deployment["spec"]["template"]["spec"]["containers"][0]["image"] = "localhost/app:v1"
    assert "already corrupted" in refusal(deployment, image="another")


def test_a_record_that_does_not_tell_the_original_is_refused_too() -> None:
    deployment = a_deployment(annotations={RECORD: '{"app": {"id": "x\\u001b", "by": "\\u202e"}}'})
    text = refusal(deployment)
    assert "by injection x\\x1b" in text and "is not recorded; restore it first" in text


@pytest.mark.parametrize("container", ["app", "sidecar"])
def test_a_fault_of_operator_chaos_is_refused_for_all_containers(container: str) -> None:
    deployment = a_deployment(
        containers={"app": "bad", "sidecar": "v1"},
        annotations={ORIGINAL: "v1", OPERATOR_CHAOS_CONTAINER: "app"},
    )
    assert "operator-chaos" in refusal(deployment, container)


def test_another_fault_by_operator_chaos_is_refused() -> None:
    text = refusal(a_deployment(labels={LABEL: "PodKill"}))
    assert "a fault of operator-chaos (chaos.operatorchaos.io/type: PodKill); undo that one first" in text


def test_the_present_image_is_refused() -> None:
    text = refusal(a_deployment(), image="localhost/app:v1")
    assert "the image of container app is 'localhost/app:v1' already; name another one" in text


def test_a_paused_deployment_is_refused() -> None:
    deployment = at("paused", 10).deployment
    assert "is paused, so no rollout can start; first: kubectl rollout resume deployment/" in refusal(deployment)


def test_an_empty_deployment_is_refused() -> None:
    assert "has 0 replicas, so no pod would pull the image; first: kubectl scale deployment/" in refusal(
        at("zero-replicas", 2).deployment
    )


def test_a_deployment_that_is_being_deleted_is_refused() -> None:
    deployment = a_deployment()
    deployment["metadata"]["deletionTimestamp"] = "2026-11-22T15:00:00Z"
    assert "is being deleted since 2026-11-22T15:00:00Z; no rollout can start" in refusal(deployment)


@pytest.mark.parametrize("image", ["", None, 7, ["x"]])
def test_an_image_that_is_none_is_refused(image: object) -> None:
    with pytest.raises(Refused, match=f"a reference is needed, such as {DEFAULT_IMAGE}; found "):
        check_image(image)


@pytest.mark.parametrize("image", [" lead", "trail ", "\tx", "x\n", " ", "x\u00a0", "x\u2028"])
def test_an_image_with_white_space_at_an_end_is_refused(image: str) -> None:
    with pytest.raises(Refused, match="white space at one end; then no pod can be created") as refused:
        check_image(image)
    assert str(refused.value).replace("\u00a0", " ").isprintable()


@pytest.mark.parametrize("image", [DEFAULT_IMAGE, "Not A Valid//Image::ref", "x@sha256:0", "localhost:5000/a:b"])
def test_any_other_image_is_taken_even_one_that_does_not_parse(image: str) -> None:
    assert check_image(image) == image


@pytest.mark.parametrize("deadline", [600, 601])
def test_a_deadline_that_is_not_shorter_is_left_with_a_warning(deadline: int) -> None:
    found = injection(a_deployment(), progress_deadline=deadline)
    assert "progressDeadlineSeconds" not in patch_of(found)["spec"] and found.entry.deadline is None
    assert f"progress_deadline of {deadline} s is not shorter than the present 600 s, which stays" in found.warnings


@pytest.mark.parametrize("deadline", [0, -1, 1.5, "10", True, [10]])
def test_a_deadline_that_is_no_number_of_seconds_is_refused(deadline: object) -> None:
    assert "progress_deadline: " in refusal(a_deployment(), progress_deadline=deadline)


def test_a_deadline_within_min_ready_seconds_is_refused_as_the_api_server_would() -> None:
    text = refusal(a_deployment(minReadySeconds=10), progress_deadline=10)
    assert "must be longer than minReadySeconds of Deployment shop/web" in text


@pytest.mark.parametrize(("ttl", "warned"), [(59.0, True), (60.0, True), (61.0, False)])
def test_a_ttl_within_the_deadline_warns(ttl: float, warned: bool) -> None:
    warnings = injection(a_deployment(progressDeadlineSeconds=60), ttl=ttl).warnings
    assert any("ttl of" in w and "ProgressDeadlineExceeded is not reached" in w for w in warnings) == warned


def test_no_deadline_warns() -> None:
    warnings = injection(a_deployment(progressDeadlineSeconds=NO_DEADLINE)).warnings
    assert any(w.startswith("no progress deadline is set") for w in warnings)


@pytest.mark.parametrize("t", [0.743, 1.101, 49.356])
def test_a_rollout_in_progress_warns(t: float) -> None:
    deployment = at("rolling-update", t).deployment
    assert any(w.startswith("a rollout is in progress already (") for w in injection(deployment, image="bad").warnings)


def test_the_default_corrupt_image_without_a_record_is_refused() -> None:
    text = refusal(a_deployment(containers={"app": DEFAULT_IMAGE}), image="another")
    assert f"container app has the corrupt image '{DEFAULT_IMAGE}' already, but no record; restore the original" in text
