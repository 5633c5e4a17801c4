import json
from collections.abc import Iterable, Mapping, Sequence
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
    OPERATOR_CHAOS_CONTAINER,
    RECORD,
    original_image_key,
    read_record,
)
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.decide import RestorePlan, RestoreScope, plan_restore
from chaosimagecorrupt.restore.result import container_result
from chaosimagecorrupt.restore.without_record import entries_without_record
from chaosimagecorrupt.workload.containers import container_of

from ..manifests import a_deployment, a_replica_set, bare, corrupted, names_of, patched
from ..recorded import at, managed_fields
from ..strategies import annotations, deployments, images, json_values, labels, quickly

ORIGINAL = "chaos.operatorchaos.io/original-image-app"

Object = dict[str, Any]


def plan(deployment: Object, replica_sets: Sequence[Object] | None = None, **scope: Any) -> RestorePlan:
    return plan_restore(Snapshot(deployment, replica_sets), RestoreScope(**scope))


def unrecorded(deployment: Object, replica_sets: Sequence[Object], known: Sequence[Entry] = ()) -> list[Entry]:
    return entries_without_record(Snapshot(deployment, replica_sets), known)


def restored(deployment: Object, **changed: Any) -> Object:
    """The Deployment after a restore, as the API server has it."""
    patch = plan(deployment, **changed).patch
    return deployment if patch is None else patched(deployment, patch)


def outcomes(deployment: Object, **changed: Any) -> dict[str, str]:
    return {o.container: o.outcome for o in plan(deployment, **changed).outcomes}


def with_image(deployment: Object, image: str, container: str = "app") -> Object:
    """The Deployment after somebody else set a container's image."""
    return patched(deployment, {"spec": {"template": {"spec": {"containers": [{"name": container, "image": image}]}}}})


def image_of(deployment: Object, container: str = "app") -> str:
    found = container_of(deployment, container)
    assert found is not None
    return str(found[1]["image"])


def without(deployment: Object, keys: Iterable[str]) -> Object:
    return patched(deployment, {"metadata": {"annotations": dict.fromkeys(keys)}})


def refusal(deployment: Object, **changed: Any) -> str:
    decided = plan(deployment, **changed)
    assert decided.outcomes == []
    [message] = decided.refusals
    assert message.isprintable()
    return message


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
def test_what_somebody_else_changed_in_between_stays(
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


def acceptable(patch: Mapping[str, Any]) -> bool:
    """Whether the API server takes what a restore sends: no empty image, no odd key, no impossible deadline."""
    notes, spec = patch["metadata"].get("annotations", {}), patch.get("spec", {})
    names = [key.removeprefix("chaos.operatorchaos.io/") for key in notes]
    containers = [c for listed in spec.get("template", {}).get("spec", {}).values() for c in listed]
    return (
        all(len(n) <= 63 and n.isascii() and n[-1].isalnum() and n.replace("-", "").isalnum() for n in names)
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


def test_an_image_that_is_the_original_already_was_healed() -> None:
    healed = with_image(corrupted(a_deployment()), "localhost/app:v1")
    assert outcomes(healed) == {"app": "healed"}
    assert "spec" not in (plan(healed).patch or {})
    assert bare(restored(healed)) == bare(a_deployment())


def test_managed_fields_tell_who_healed_it_and_when() -> None:
    created, corrupt, healed = managed_fields()
    (outcome,) = plan(healed).outcomes
    assert (outcome.outcome, outcome.by, outcome.at) == ("healed", "my-operator", "2026-11-22T14:12:32Z")
    assert outcomes(corrupt) == {"app": "restored"}
    assert outcomes(created) == {}


def test_a_third_image_stays_and_is_told_with_who_and_when() -> None:
    theirs = managed_fields()[2]
    theirs["spec"]["template"]["spec"]["containers"][0]["image"] = "localhost/app:v2"
    record = {"app": {"id": "1", "image": DEFAULT_IMAGE, "original": "localhost/app:v1"}}
    theirs["metadata"]["annotations"][RECORD] = json.dumps(record)
    (outcome,) = plan(theirs).outcomes
    assert (outcome.outcome, outcome.found) == ("superseded", "localhost/app:v2")
    assert (outcome.by, outcome.at) == ("my-operator", "2026-11-22T14:12:32Z")
    assert image_of(restored(theirs)) == "localhost/app:v2" and not read_record(restored(theirs))


@pytest.mark.parametrize("fields", [None, [], [{}], [{"manager": "x", "fieldsV1": {"f:spec": {}}}]])
def test_without_managed_fields_nobody_is_named(fields: object) -> None:
    healed = with_image(corrupted(a_deployment()), "localhost/app:v1")
    healed["metadata"]["managedFields"] = fields
    (outcome,) = plan(healed).outcomes
    assert (outcome.by, outcome.at) == (None, None)


def test_of_two_managers_that_own_the_image_the_newest_is_named() -> None:
    # both applied the same image, so both own it
    healed = managed_fields()[2]
    fields = healed["metadata"]["managedFields"]
    fields.append({**fields[-1], "manager": "later", "time": "2026-11-22T14:13:00Z"})
    fields.append({**fields[-1], "manager": "earlier", "time": "2026-11-22T14:11:00Z"})
    (outcome,) = plan(healed).outcomes
    assert outcome.by == "later"


def test_who_owns_another_field_or_another_containers_image_did_not_heal_it() -> None:
    healed = managed_fields()[2]
    for container, field in (("app", "f:resources"), ("sidecar", "f:image")):
        owned = {"f:spec": {"f:template": {"f:spec": {"f:containers": {f'k:{{"name":"{container}"}}': {field: {}}}}}}}
        later = {"manager": "other", "time": "2026-11-22T15:00:00Z", "fieldsV1": owned}
        healed["metadata"]["managedFields"].append(later)
    assert [o.by for o in plan(healed).outcomes] == ["my-operator"]


@pytest.mark.parametrize(("manager", "outcome"), [("chaosimagecorrupt", "restored"), ("ci", "superseded")])
def test_what_an_admission_webhook_made_of_the_corrupt_image_is_put_back(manager: str, outcome: str) -> None:
    found = with_image(corrupted(a_deployment()), "mirror.corp/registry.invalid/nonexistent:chaos")
    image = {"f:containers": {'k:{"name":"app"}': {"f:image": {}}}}
    fields = {"f:spec": {"f:template": {"f:spec": image}}}
    found["metadata"]["managedFields"] = [{"manager": manager, "operation": "Update", "fieldsV1": fields}]
    assert outcomes(found) == {"app": outcome}


def by(manager: str, deployment: Object, *annotations: str) -> Object:
    """The Deployment after somebody has set the image, and these annotations with it."""
    fields: Object = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"app"}': {"f:image": {}}}}}}}
    fields["f:metadata"] = {"f:annotations": {f"f:{a}": {} for a in annotations}}
    metadata = {**deployment["metadata"], "managedFields": [{"manager": manager, "fieldsV1": fields}]}
    return {**deployment, "metadata": metadata}


def test_the_corrupt_image_that_somebody_deploys_while_it_is_recorded_stays() -> None:
    corrupt = corrupted(a_deployment(), image="bad")
    assert outcomes(by("ci", corrupt)) == {"app": "superseded"}
    assert outcomes(by("chaosimagecorrupt", corrupt)) == {"app": "restored"}


def test_the_corrupt_image_that_somebody_brings_with_its_record_is_put_back() -> None:
    corrupt = corrupted(a_deployment(), image="bad")
    assert outcomes(by("kubectl-rollout", corrupt, ORIGINAL)) == {"app": "restored"}
    again = {**corrupt, "metadata": {**corrupt["metadata"], "uid": "2"}}
    assert outcomes(by("backup", again)) == {"app": "restored"}


def test_a_container_that_is_gone_loses_its_record() -> None:
    before = a_deployment(containers={"app": "v1", "sidecar": "v2"})
    after = corrupted(before, "sidecar")
    after["spec"]["template"]["spec"]["containers"].pop()
    assert outcomes(after) == {"sidecar": "container-gone"}
    assert bare(restored(after)) == bare(a_deployment(containers={"app": "v1"}))


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


def test_a_deadline_that_somebody_else_set_meanwhile_stays() -> None:
    theirs = patched(corrupted(a_deployment(), progress_deadline=10), {"spec": {"progressDeadlineSeconds": 300}})
    assert restored(theirs)["spec"]["progressDeadlineSeconds"] == 300


def test_a_deadline_that_somebody_set_between_two_faults_stays() -> None:
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


# Records that are not whole


def of_operator_chaos(image: str, *, manager: str | None) -> Object:
    deployment = a_deployment(
        containers={"app": image, "sidecar": "v9"},
        annotations={ORIGINAL: "v1", OPERATOR_CHAOS_CONTAINER: "app"},
        labels={LABEL: LABEL_VALUE},
    )
    if manager is not None:
        containers = {'k:{"name":"app"}': {"f:image": {}}, 'k:{"name":"sidecar"}': {"f:imagePullPolicy": {}}}
        fields: Object = {"f:spec": {"f:template": {"f:spec": {"f:containers": containers}}}}
        if manager == "operator-chaos":
            fields["f:metadata"] = {"f:annotations": {"f:" + ORIGINAL: {}, "f:" + OPERATOR_CHAOS_CONTAINER: {}}}
        deployment["metadata"]["managedFields"] = [{"manager": manager, "fieldsV1": fields}]
    return deployment


@pytest.mark.parametrize(("image", "manager"), [(DEFAULT_IMAGE, None), ("bad", "operator-chaos")])
def test_a_fault_of_operator_chaos_is_restored(image: str, manager: str | None) -> None:
    found = of_operator_chaos(image, manager=manager)
    assert outcomes(found) == {"app": "restored"}
    after = restored(found)
    assert image_of(after) == "v1" and not after["metadata"]["annotations"] and not after["metadata"]["labels"]


def test_a_fault_of_operator_chaos_that_somebody_healed() -> None:
    found = of_operator_chaos("v1", manager="my-operator")
    (outcome,) = plan(found).outcomes
    assert (outcome.outcome, outcome.by) == ("healed", "my-operator")


@pytest.mark.parametrize("manager", [None, "my-operator"])
def test_an_image_that_need_not_be_corrupt_is_not_overwritten_from_a_record_of_operator_chaos(
    manager: str | None,
) -> None:
    text = refusal(of_operator_chaos("v2", manager=manager))
    assert "another client has set 'v2'; nothing is changed" in text
    assert "The original image is 'v1'" in text and "`kubectl set image`" in text and ORIGINAL in text


def test_a_record_that_lost_its_json_is_restored_by_who_wrote_the_image() -> None:
    corrupt = managed_fields()[1]
    corrupt["spec"]["template"]["spec"]["containers"][0]["image"] = "another corrupt one"
    assert outcomes(corrupt) == {"app": "restored"}


def test_a_record_that_says_nothing_is_refused_with_what_to_do() -> None:
    text = refusal(a_deployment(annotations={RECORD: '{"app": {}}'}))
    assert "The original image is not recorded either" in text and f"remove the annotation {RECORD}" in text


def test_a_corrupt_image_without_an_original_is_refused() -> None:
    text = refusal(a_deployment(containers={"app": "bad"}, annotations={RECORD: '{"app": {"image": "bad"}}'}))
    assert "container app has the corrupt image 'bad', but neither" in text and "`kubectl set image`" in text


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


# No record, but a corrupt image of this run


def stripped(deployment: Object) -> Object:
    return without(deployment, [ORIGINAL, RECORD, EXPIRES])


def test_the_original_comes_from_memory_when_the_record_was_stripped() -> None:
    after = stripped(corrupted(a_deployment(), image="bad"))
    entry = Entry("app", "localhost/app:v1", "bad", "id1", uid="1")
    assert unrecorded(after, [], [entry]) == [entry]
    assert outcomes(after, known=[entry]) == {"app": "restored"}
    assert bare(restored(after, known=[entry])) == bare(a_deployment())


def test_the_original_comes_from_the_copy_on_the_corrupt_replica_set() -> None:
    after = stripped(at("rolling-update", 20).deployment)
    sets = at("rolling-update", 20).replica_sets
    (entry,) = unrecorded(after, sets)
    assert (entry.original, entry.image) == ("localhost/app:v1", DEFAULT_IMAGE)


def test_the_original_comes_from_the_history_when_the_copy_is_gone_too() -> None:
    corrupt = a_deployment(containers={"app": DEFAULT_IMAGE})
    sets = [
        a_replica_set(corrupt, hash="c", revision=3),
        a_replica_set(a_deployment(containers={"app": "v2"}), hash="b", revision=2),
        a_replica_set(a_deployment(containers={"app": "v1"}), hash="a", revision=1),
    ]
    assert [e.original for e in unrecorded(corrupt, sets)] == ["v2"]


@pytest.mark.parametrize("known", [True, False])
def test_the_corrupt_image_of_an_earlier_fault_is_no_original(known: bool) -> None:
    corrupt = a_deployment(containers={"app": DEFAULT_IMAGE})
    record = {RECORD: '{"app": {"id": "0", "image": "bad", "original": "v1"}}'} if known else {ORIGINAL: "v1"}
    sets = [
        a_replica_set(a_deployment(containers={"app": "bad"}), hash="b", revision=2, annotations=record),
        # the controller copied the record here too, after somebody healed it
        a_replica_set(a_deployment(containers={"app": "v1"}), hash="a", revision=1, annotations=record),
    ]
    assert [e.original for e in unrecorded(corrupt, sets)] == ["v1"]


def test_replica_sets_of_others_and_of_other_containers_are_no_history() -> None:
    corrupt = a_deployment(containers={"app": DEFAULT_IMAGE})
    sets = [
        a_replica_set(a_deployment(containers={"app": "v1"}, uid="other")),
        a_replica_set(a_deployment(containers={"sidecar": "v1"})),
    ]
    (entry,) = unrecorded(corrupt, sets)
    assert entry.original is None
    assert "nor the rollout history names the original one" in refusal(corrupt, replica_sets=sets)


def test_an_image_that_nobody_corrupted_is_left() -> None:
    deployment = a_deployment(containers={"app": "v2"})
    assert unrecorded(deployment, [a_replica_set(deployment)], [Entry("app", "v1", "bad", "id1")]) == []


def set_by(manager: str, image: str, **changed: Any) -> Object:
    """A Deployment of whose image managedFields tell who set it."""
    found = a_deployment(containers={"app": image}, **changed)
    fields = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"app"}': {"f:image": {}}}}}}}
    found["metadata"]["managedFields"] = [{"manager": manager, "operation": "Update", "fieldsV1": fields}]
    return found


def test_a_corrupt_image_that_somebody_else_has_deployed_since_is_theirs() -> None:
    known = [Entry("app", "v1", "bad", "id1", uid="1")]
    assert unrecorded(set_by("ci", "bad"), [], known) == []
    assert unrecorded(set_by("chaosimagecorrupt", "bad"), [], known) == known


def test_a_corrupt_image_on_a_deployment_that_was_made_again_is_not_ours() -> None:
    again = a_deployment(containers={"app": "bad"}, uid="2")
    assert unrecorded(again, [], [Entry("app", "v1", "bad", "id1", uid="1")]) == []


def test_the_default_image_is_never_anybodys_own() -> None:
    theirs = set_by("kubectl-rollout", DEFAULT_IMAGE)
    found = unrecorded(theirs, [a_replica_set(a_deployment())], [Entry("app", "v1", DEFAULT_IMAGE, "id1", uid="2")])
    assert [(e.original, e.id) for e in found] == [("localhost/app:v1", "")]


def test_of_two_injections_the_later_one_tells_the_original() -> None:
    earlier = Entry("app", "v1", "bad", "id1", uid="1", generation=2)
    later = Entry("app", "v2", "bad", "id2", uid="1", generation=4)
    for known in ([earlier, later], [later, earlier]):
        assert unrecorded(set_by("chaosimagecorrupt", "bad"), [], known) == [later]


def undone(deployment: Object, manager: str = "chaosimagecorrupt") -> Object:
    """The Deployment after `kubectl rollout undo`: its image is back, its record is gone, and only that."""
    after = stripped(with_image(deployment, "localhost/app:v1"))
    fields = {"f:spec": {"f:progressDeadlineSeconds": {}}}
    after["metadata"]["managedFields"] = [{"manager": manager, "operation": "Update", "fieldsV1": fields}]
    return after


def test_the_deadline_that_an_undo_leaves_is_put_back_from_memory() -> None:
    corrupt = corrupted(a_deployment(), progress_deadline=60)
    entry = read_record(corrupt)["app"]
    assert outcomes(undone(corrupt), known=[entry]) == {"app": "healed"}
    assert restored(undone(corrupt), known=[entry])["spec"]["progressDeadlineSeconds"] == 600


def test_the_deadline_that_an_undo_leaves_is_put_back_from_the_copy_on_the_corrupt_replica_set() -> None:
    corrupt = corrupted(a_deployment(), progress_deadline=60)
    copy = a_replica_set(corrupt, hash="b", annotations=corrupt["metadata"]["annotations"])
    sets = [copy, a_replica_set(a_deployment())]
    after = undone(corrupt)
    assert restored(after, replica_sets=sets)["spec"]["progressDeadlineSeconds"] == 600


def test_the_deadline_is_put_back_when_only_the_original_image_is_recorded_still() -> None:
    corrupt = corrupted(a_deployment(), progress_deadline=60)
    copy = a_replica_set(corrupt, hash="b", annotations=corrupt["metadata"]["annotations"])
    sets = [copy, a_replica_set(a_deployment())]
    maimed = without(corrupt, [RECORD, EXPIRES])
    assert bare(restored(maimed, replica_sets=sets)) == bare(a_deployment())


@pytest.mark.parametrize(("manager", "uid"), [("argocd", "1"), ("chaosimagecorrupt", "2")])
def test_the_same_deadline_that_somebody_set_stays(manager: str, uid: str) -> None:
    corrupt = corrupted(a_deployment(), progress_deadline=60)
    after = undone(corrupt, manager)
    after["metadata"]["uid"] = uid
    assert unrecorded(after, [], [read_record(corrupt)["app"]]) == []


def test_a_corrupt_image_that_others_deployed_stays_when_the_deadline_is_put_back() -> None:
    corrupt = corrupted(a_deployment(), image="bad", progress_deadline=60)
    theirs = set_by("ci", "bad", progressDeadlineSeconds=60)
    known = [read_record(corrupt)["app"]]
    assert outcomes(theirs, known=known) == {"app": "superseded"}
    after = restored(theirs, known=known)
    assert (image_of(after), after["spec"]["progressDeadlineSeconds"]) == ("bad", 600)


def test_a_record_that_is_whole_needs_no_stand_in_and_beats_one() -> None:
    after = corrupted(a_deployment())
    assert bare(restored(after, known=[Entry("app", "wrong", DEFAULT_IMAGE)])) == bare(a_deployment())
    assert unrecorded(after, [], [Entry("app", "wrong", DEFAULT_IMAGE, "id1")]) == []


def test_a_record_without_an_original_gets_it_from_the_history() -> None:
    after = corrupted(a_deployment(), image="bad")
    after["metadata"]["annotations"] = {RECORD: '{"app": {"id": "id1", "image": "bad"}}'}
    sets = [a_replica_set(a_deployment())]
    found = unrecorded(after, sets)
    assert [(e.original, e.id) for e in found] == [("localhost/app:v1", "id1")]
    assert bare(restored(after, replica_sets=sets)) == bare(a_deployment())


def test_the_keys_of_a_record_are_removed_for_long_names_too() -> None:
    before = a_deployment(containers={"b" * 63: "v1"})
    assert original_image_key("b" * 63) in corrupted(before)["metadata"]["annotations"]
    assert bare(restored(corrupted(before))) == bare(before)
