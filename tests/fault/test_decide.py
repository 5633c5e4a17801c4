"""What the patch of an injection changes, what it records, and what it warns of."""

import json
from dataclasses import replace

from chaosimagecorrupt.fault.decide import as_stored
from chaosimagecorrupt.record.annotations import (
    DEFAULT_IMAGE,
    EXPIRES,
    LABEL,
    LABEL_VALUE,
    RECORD,
    read_record,
)
from chaosimagecorrupt.workload.rollout import NO_DEADLINE

from ..manifests import a_deployment, corrupted, injection, patch_of, patched
from ..recorded import at

ORIGINAL = "chaos.operatorchaos.io/original-image-app"


def test_record_and_image_are_in_one_patch_that_a_newer_version_refuses() -> None:
    patch = patch_of(injection(a_deployment()))
    record = patch["metadata"]["annotations"].pop(RECORD)
    assert patch == {
        "metadata": {
            "resourceVersion": "10",
            "annotations": {ORIGINAL: "localhost/app:v1", EXPIRES: "2026-11-22T15:05:00Z"},
            "labels": {LABEL: LABEL_VALUE},
        },
        "spec": {"template": {"spec": {"containers": [{"name": "app", "image": DEFAULT_IMAGE}]}}},
    }
    assert json.loads(record) == {
        "app": {
            "id": "id1",
            "image": DEFAULT_IMAGE,
            "original": "localhost/app:v1",
            "at": "2026-11-22T15:00:00Z",
            "expires": "2026-11-22T15:05:00Z",
            "by": "me@here",
            "uid": "1",
            "generation": 2,
            "revision": 0,
        }
    }


def test_the_first_container_is_the_target_when_none_is_named() -> None:
    deployment = a_deployment(containers={"first": "a", "second": "b"}, init_containers={"prep": "c"})
    assert injection(deployment).entry.container == "first"


def test_an_init_container_is_a_target_by_name() -> None:
    deployment = a_deployment(init_containers={"prep": "c"})
    patch = patch_of(injection(deployment, "prep"))
    assert patch["spec"]["template"]["spec"] == {"initContainers": [{"name": "prep", "image": DEFAULT_IMAGE}]}


def test_a_second_container_is_added_to_the_record() -> None:
    first = corrupted(a_deployment(containers={"a": "v1", "b": "v2"}), "a", ttl=600.0)
    both = corrupted(first, "b", ttl=60.0, injection_id="id2")
    recorded = {e.container: (e.original, e.id) for e in read_record(both).values()}
    assert recorded == {"a": ("v1", "id1"), "b": ("v2", "id2")}
    assert both["metadata"]["annotations"][EXPIRES] == "2026-11-22T15:01:00Z"


def test_a_third_containers_patch_leaves_the_record_of_the_others_alone() -> None:
    first = corrupted(a_deployment(containers={"a": "v1", "b": "v2"}), "a")
    assert set(patch_of(injection(first, "b"))["metadata"]["annotations"]) == {
        "chaos.operatorchaos.io/original-image-b",
        RECORD,
    }


def test_a_shorter_deadline_is_set_and_the_original_recorded() -> None:
    found = injection(a_deployment(), progress_deadline=10)
    assert patch_of(found)["spec"]["progressDeadlineSeconds"] == 10
    assert (found.entry.original_deadline, found.entry.deadline) == (600, 10)


def test_a_deadline_of_none_at_all_is_shortened_too() -> None:
    entry = injection(a_deployment(progressDeadlineSeconds=NO_DEADLINE), progress_deadline=10).entry
    assert (entry.original_deadline, entry.deadline) == (NO_DEADLINE, 10)


def test_the_second_fault_knows_the_deadline_from_before_the_first() -> None:
    first = corrupted(a_deployment(containers={"a": "v1", "b": "v1"}), "a", progress_deadline=20)
    assert injection(first, "b", progress_deadline=10).entry.original_deadline == 600


def test_a_deadline_that_someone_set_after_the_first_fault_is_the_original_of_the_second() -> None:
    first = corrupted(a_deployment(containers={"a": "v1", "b": "v1"}), "a", progress_deadline=20)
    theirs = patched(first, {"spec": {"progressDeadlineSeconds": 300}})
    assert injection(theirs, "b", progress_deadline=10).entry.original_deadline == 300


def test_a_common_deployment_has_no_warnings() -> None:
    assert injection(a_deployment(), progress_deadline=60).warnings == []


def test_recreate_warns_that_nothing_serves() -> None:
    assert any(w.startswith("strategy Recreate: ") for w in injection(at("recreate", 3).deployment).warnings)


def test_an_owner_that_will_fight_back_warns() -> None:
    warnings = injection(a_deployment(labels={"argocd.argoproj.io/instance": "shop"})).warnings
    assert "Argo CD (argocd.argoproj.io/instance) owns it and may put the image back" in warnings


def test_warnings_have_no_raw_control_character() -> None:
    deployment = a_deployment()
    deployment["metadata"]["ownerReferences"] = [{"kind": "K\x1b", "name": "\u202e", "controller": True, "uid": "1"}]
    assert all(w.isprintable() for w in injection(deployment).warnings)


def test_the_image_that_an_admission_webhook_made_is_the_corrupt_one_and_said() -> None:
    sent = injection(a_deployment())
    after = patched(a_deployment(), patch_of(sent))
    assert as_stored(sent, after) == sent
    after["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.corp/\x1bother:1"
    stored = as_stored(sent, after)
    assert stored.entry == replace(sent.entry, image="mirror.corp/\x1bother:1")
    assert stored.warnings[-1] == (
        "an admission webhook has replaced the image 'registry.invalid/nonexistent:chaos' by 'mirror.corp/\\x1bother:1'"
    )
