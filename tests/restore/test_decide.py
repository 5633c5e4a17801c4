"""What a restore sends for any Deployment and any record."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.record.annotations import (
    DEFAULT_IMAGE,
    EXPIRES,
    LABEL,
    LABEL_VALUE,
    RECORD,
    original_image_key,
    read_record,
)
from chaosimagecorrupt.restore.result import container_result
from chaosimagecorrupt.workload.containers import container_of

from ..manifests import a_deployment, bare, corrupted, names_of, patched
from ..recorded import managed_fields
from ..strategies import annotations, deployments, images, json_values, labels, quickly
from .plans import (
    ORIGINAL,
    Object,
    image_of,
    of_operator_chaos,
    outcomes,
    plan,
    refusal,
    restored,
    with_image,
)


def test_one_refusal_does_not_stop_the_others() -> None:
    both = corrupted(a_deployment(containers={"app": "a:1", "side": "s:1"}), "app")
    both = patched(both, {"metadata": {"annotations": {original_image_key("side"): "s:0"}}})
    decided = plan(with_image(both, "third:1", "side"))
    assert [o.container for o in decided.outcomes] == ["app"]
    assert len(decided.refusals) == 1
    assert decided.patch is not None
    assert original_image_key("side") not in decided.patch["metadata"]["annotations"]


# What corrupt and restore promise of any Deployment


@given(deployments(), images, st.sampled_from([None, 5, 20]), st.data())
@quickly
def test_corrupt_then_restore_gives_back_spec_and_metadata(
    before: Object, image: str, deadline: int | None, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(names_of(before)))
    assume(image_of(before, name) != image)
    after = corrupted(before, name, image=image, progress_deadline=deadline)
    assert image_of(after, name) == image
    assert outcomes(after) == {name: "restored"}
    assert bare(restored(after)) == bare(before)


@given(deployments(at_least=2), st.data())
@quickly
def test_containers_corrupted_one_by_one_are_restored_in_any_order(before: Object, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(names_of(before)), unique=True, min_size=2))
    after = before
    for number, name in enumerate(chosen):
        deadline = data.draw(st.sampled_from([None, 3, 7, 20]))
        after = corrupted(after, name, image=f"bad:{number}", injection_id=str(number), progress_deadline=deadline)
    for name in data.draw(st.permutations(chosen)):
        assert outcomes(after, container_name=name) == {name: "restored"}
        after = restored(after, container_name=name)
    assert bare(after) == bare(before)


@given(deployments(at_least=2), st.data())
@quickly
def test_all_containers_are_restored_at_once(before: Object, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(names_of(before)), unique=True, min_size=2))
    after = before
    for name in chosen:
        after = corrupted(after, name, image="bad", progress_deadline=data.draw(st.sampled_from([None, 5, 20])))
    assert outcomes(after) == dict.fromkeys(chosen, "restored")
    assert bare(restored(after)) == bare(before)


@given(deployments(), images, annotations, labels, st.integers(1, 9), st.data())
@quickly
def test_what_someone_else_changed_in_between_stays(
    before: Object, image: str, notes: Mapping[str, str], marks: Mapping[str, str], size: int, data: st.DataObject
) -> None:
    name, theirs = data.draw(st.sampled_from(names_of(before))), data.draw(st.sampled_from(names_of(before)))
    found = container_of(before, theirs)
    assert found is not None
    spec = {"replicas": size, "template": {"spec": {found[0]: [{"name": theirs, "image": image}]}}}
    change = {"metadata": {"annotations": notes, "labels": marks}, "spec": {**spec, "progressDeadlineSeconds": 99}}
    after = patched(corrupted(before, name, image="the corrupt one", progress_deadline=5), change)
    assert bare(restored(after)) == bare(patched(before, change))


@given(deployments(), st.data())
@quickly
def test_a_second_restore_finds_nothing(before: Object, data: st.DataObject) -> None:
    after = restored(corrupted(before, data.draw(st.sampled_from(names_of(before))), image="bad"))
    again = plan(after)
    assert (again.patch, again.outcomes) == (None, [])


def is_name(text: str) -> bool:
    return len(text) <= 63 and text.isascii() and text[-1].isalnum() and text.replace("-", "").isalnum()


def acceptable(patch: Mapping[str, Any]) -> bool:
    """Whether the API server takes what a restore sends: no empty image, no odd key, no impossible deadline."""
    notes, spec = patch["metadata"].get("annotations", {}), patch.get("spec", {})
    containers = [c for listed in spec.get("template", {}).get("spec", {}).values() for c in listed]
    return (
        all(is_name(key.removeprefix("chaos.operatorchaos.io/")) for key in notes)
        and all(v is None or isinstance(v, str) for v in notes.values())
        and all(c["image"] for c in containers)
        and 0 < spec.get("progressDeadlineSeconds", 1) < 2**31
    )


KEYS = ("id", "image", "original", "at", "expires", "by", "uid", "generation", "progressDeadlineSeconds", "owners")


@given(st.dictionaries(st.sampled_from(KEYS), json_values), st.text(max_size=9), json_values)
@quickly
def test_a_hostile_record_is_refused_or_undone_by_a_patch_that_can_be_sent(
    hostile: Object, name: str, inner: object
) -> None:
    record = {"app": hostile, "sidecar": {"id": "1", "image": "bad", "original": "v2"}, name: inner}
    there = {"app": "v1", "sidecar": "bad"}
    deployment = a_deployment(containers=there, annotations={RECORD: json.dumps(record)}, progressDeadlineSeconds=10)
    assert acceptable(plan(deployment, container_name="sidecar").patch or {})
    try:
        assert acceptable(plan(deployment).patch or {})
    except Refused as x:
        assert str(x).isprintable()


# The rows of the table


def test_the_corrupt_image_is_replaced_by_the_original_and_the_record_removed() -> None:
    found = plan(corrupted(a_deployment(), progress_deadline=10))
    assert found.patch == {
        "metadata": {
            "resourceVersion": "11",
            "annotations": dict.fromkeys([ORIGINAL, RECORD, EXPIRES]),
            "labels": {LABEL: None},
        },
        "spec": {
            "progressDeadlineSeconds": 600,
            "template": {"spec": {"containers": [{"name": "app", "image": "localhost/app:v1"}]}},
        },
    }
    assert [container_result(o) for o in found.outcomes] == [
        {
            "container": "app",
            "outcome": "restored",
            "id": "id1",
            "original_image": "localhost/app:v1",
            "corrupt_image": DEFAULT_IMAGE,
            "found_image": DEFAULT_IMAGE,
            "by": None,
            "at": None,
        }
    ]


def test_without_a_record_nothing_is_done() -> None:
    found = plan(a_deployment(annotations={"a": "b"}))
    assert (found.patch, found.outcomes) == (None, [])


def test_a_container_without_a_record_is_left_and_so_is_the_record_of_the_others() -> None:
    after = corrupted(a_deployment(containers={"app": "v1", "sidecar": "v2"}), "app")
    assert plan(after, container_name="sidecar").patch is None


def test_one_of_two_containers_is_restored_the_other_stays_recorded() -> None:
    both = corrupted(corrupted(a_deployment(containers={"a": "v1", "b": "v2"}), "a"), "b", injection_id="id2")
    after = restored(both, container_name="a")
    assert (image_of(after, "a"), image_of(after, "b")) == ("v1", DEFAULT_IMAGE)
    assert list(read_record(after)) == ["b"] and after["metadata"]["labels"] == {LABEL: LABEL_VALUE}


def test_one_of_two_injections_is_undone() -> None:
    both = corrupted(corrupted(a_deployment(containers={"a": "v1", "b": "v2"}), "a"), "b", injection_id="id2")
    assert outcomes(both, injection_ids=["id2"]) == {"b": "restored"}
    assert outcomes(both, injection_ids=["other"]) == {}


# The progress deadline


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("deadlines", [(20, 10), (20, None), (None, 10), (20, 20)])
def test_the_deadline_is_back_once_both_faults_are(order: str, deadlines: tuple[int | None, int | None]) -> None:
    after = a_deployment(containers={"a": "v1", "b": "v2"})
    for name, deadline in zip("ab", deadlines, strict=True):
        after = corrupted(after, name, progress_deadline=deadline)
    for name in order:
        after = restored(after, container_name=name)
    assert after["spec"]["progressDeadlineSeconds"] == 600


def test_the_deadline_of_the_fault_that_is_left_counts() -> None:
    first = corrupted(a_deployment(containers={"a": "v1", "b": "v2"}), "a", progress_deadline=20)
    both = corrupted(first, "b", progress_deadline=10)
    assert restored(both, container_name="b")["spec"]["progressDeadlineSeconds"] == 20
    assert restored(both, container_name="a")["spec"]["progressDeadlineSeconds"] == 10


def test_a_deadline_that_someone_else_set_meanwhile_stays() -> None:
    theirs = patched(corrupted(a_deployment(), progress_deadline=10), {"spec": {"progressDeadlineSeconds": 300}})
    assert restored(theirs)["spec"]["progressDeadlineSeconds"] == 300


def test_a_deadline_that_someone_set_between_two_faults_stays() -> None:
    first = corrupted(a_deployment(containers={"a": "v1", "b": "v2"}), "a", progress_deadline=20)
    both = corrupted(patched(first, {"spec": {"progressDeadlineSeconds": 300}}), "b", progress_deadline=10)
    for order in ("ab", "ba"):
        after = both
        for name in order:
            after = restored(after, container_name=name)
        assert after["spec"]["progressDeadlineSeconds"] == 300


@pytest.mark.parametrize("image", ["localhost/app:v1", "localhost/app:v2"])
def test_the_deadline_is_put_back_although_the_image_needs_nothing(image: str) -> None:
    theirs = with_image(corrupted(a_deployment(), progress_deadline=10), image)
    assert restored(theirs)["spec"]["progressDeadlineSeconds"] == 600


@pytest.mark.parametrize("original", [-1, 0, 5, 2**31, "600", None])
def test_a_deadline_that_was_tampered_with_does_not_keep_the_image_from_being_restored(original: object) -> None:
    deadline = {"original": original, "set": 10}
    record = {"app": {"id": "1", "image": "bad", "original": "v1", "progressDeadlineSeconds": deadline}}
    notes = {RECORD: json.dumps(record)}
    found = a_deployment(containers={"app": "bad"}, annotations=notes, progressDeadlineSeconds=10)
    assert (plan(found).patch or {})["spec"] == {"template": {"spec": {"containers": [{"name": "app", "image": "v1"}]}}}


@pytest.mark.parametrize(("image", "manager"), [(DEFAULT_IMAGE, None), ("bad", "operator-chaos")])
def test_a_fault_of_operator_chaos_is_restored(image: str, manager: str | None) -> None:
    found = of_operator_chaos(image, manager=manager)
    assert outcomes(found) == {"app": "restored"}
    after = restored(found)
    assert image_of(after) == "v1" and not after["metadata"]["annotations"] and not after["metadata"]["labels"]


def test_a_fault_of_operator_chaos_that_someone_healed() -> None:
    found = of_operator_chaos("v1", manager="my-operator")
    (outcome,) = plan(found).outcomes
    assert (outcome.outcome, outcome.by) == ("healed", "my-operator")


@pytest.mark.parametrize("manager", [None, "my-operator"])
def test_an_image_that_need_not_be_corrupt_is_not_overwritten_from_a_record_of_operator_chaos(
    manager: str | None,
) -> None:
    text = refusal(of_operator_chaos("v2", manager=manager))
    assert "another client has set 'v2'; nothing is changed" in text
    assert "The original image is 'v1'" in text and "`kubectl set image deployment/" in text and ORIGINAL in text


def test_a_record_that_lost_its_json_is_restored_by_who_wrote_the_image() -> None:
    corrupt = managed_fields()[1]
    corrupt["spec"]["template"]["spec"]["containers"][0]["image"] = "another corrupt one"
    assert outcomes(corrupt) == {"app": "restored"}


def test_a_record_that_says_nothing_is_refused_with_what_to_do() -> None:
    text = refusal(a_deployment(annotations={RECORD: '{"app": {}}'}))
    assert "The original image is not recorded either" in text and f"remove the annotation {RECORD}" in text


def test_a_corrupt_image_without_an_original_is_refused() -> None:
    text = refusal(a_deployment(containers={"app": "bad"}, annotations={RECORD: '{"app": {"image": "bad"}}'}))
    assert "container app has the corrupt image 'bad', but neither" in text and "`kubectl set image deployment/" in text


def test_a_corrupt_image_is_never_taken_for_healed() -> None:
    after = corrupted(a_deployment(), image="bad")
    after["metadata"]["annotations"][ORIGINAL] = "bad"
    assert outcomes(after) == {"app": "restored"} and bare(restored(after)) == bare(a_deployment())


def test_a_third_image_needs_no_original() -> None:
    found = a_deployment(annotations={RECORD: '{"app": {"image": "bad"}}'})
    assert outcomes(found) == {"app": "superseded"} and not read_record(restored(found))


@pytest.mark.parametrize("record", ["not JSON", "[" * 100_000, "null", '{"..": {}}'])
def test_rubbish_in_the_record_is_removed(record: str) -> None:
    assert bare(restored(a_deployment(annotations={RECORD: record, EXPIRES: "soon"}))) == bare(a_deployment())


def test_messages_have_no_raw_control_character() -> None:
    record = {"app": {"image": "bad\x1b[2J\n\u202e"}}
    found = a_deployment(containers={"app": "bad\x1b[2J\n\u202e"}, annotations={RECORD: json.dumps(record)})
    assert "\\x1b" in refusal(found)


def test_the_keys_of_a_record_are_removed_for_long_names_too() -> None:
    before = a_deployment(containers={"b" * 63: "v1"})
    assert original_image_key("b" * 63) in corrupted(before)["metadata"]["annotations"]
    assert bare(restored(corrupted(before))) == bare(before)
