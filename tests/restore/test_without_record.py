"""What a restore finds of a fault whose record is gone."""

import pytest

from chaosimagecorrupt.record.annotations import (
    DEFAULT_IMAGE,
    EXPIRES,
    RECORD,
    read_record,
)
from chaosimagecorrupt.record.entry import Entry

from ..manifests import a_deployment, a_replica_set, bare, corrupted
from ..recorded import at
from .plans import ORIGINAL, image_of, outcomes, plan, refusal, restored, set_by, stripped, undone, unrecorded, without


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
        # the controller copied the record here too, after someone healed it
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
    assert "nor the rollout history names the original one" in refusal(corrupt, revisions=sets)


def test_an_image_that_nobody_corrupted_is_left() -> None:
    deployment = a_deployment(containers={"app": "v2"})
    assert unrecorded(deployment, [a_replica_set(deployment)], [Entry("app", "v1", "bad", "id1")]) == []


def test_a_corrupt_image_that_someone_else_has_deployed_since_is_theirs() -> None:
    known = [Entry("app", "v1", "bad", "id1", uid="1")]
    assert unrecorded(set_by("ci", "bad"), [], known) == []
    assert unrecorded(set_by("chaosimagecorrupt", "bad"), [], known) == known


def test_a_corrupt_image_on_a_deployment_that_was_made_again_is_not_ours() -> None:
    again = a_deployment(containers={"app": "bad"}, uid="2")
    assert unrecorded(again, [], [Entry("app", "v1", "bad", "id1", uid="1")]) == []


def test_the_default_image_is_never_anyones_own() -> None:
    theirs = set_by("kubectl-rollout", DEFAULT_IMAGE)
    found = unrecorded(theirs, [a_replica_set(a_deployment())], [Entry("app", "v1", DEFAULT_IMAGE, "id1", uid="2")])
    assert [(e.original, e.id) for e in found] == [("localhost/app:v1", "")]


def test_of_two_injections_the_later_one_tells_the_original() -> None:
    earlier = Entry("app", "v1", "bad", "id1", uid="1", generation=2)
    later = Entry("app", "v2", "bad", "id2", uid="1", generation=4)
    for known in ([earlier, later], [later, earlier]):
        assert unrecorded(set_by("chaosimagecorrupt", "bad"), [], known) == [later]


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
    assert restored(after, revisions=sets)["spec"]["progressDeadlineSeconds"] == 600


def test_the_deadline_is_put_back_when_only_the_original_image_is_recorded_still() -> None:
    corrupt = corrupted(a_deployment(), progress_deadline=60)
    copy = a_replica_set(corrupt, hash="b", annotations=corrupt["metadata"]["annotations"])
    sets = [copy, a_replica_set(a_deployment())]
    record_lost = without(corrupt, [RECORD, EXPIRES])
    assert bare(restored(record_lost, revisions=sets)) == bare(a_deployment())


@pytest.mark.parametrize(("manager", "uid"), [("argocd", "1"), ("chaosimagecorrupt", "2")])
def test_the_same_deadline_that_someone_set_stays(manager: str, uid: str) -> None:
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
    assert bare(restored(after, revisions=sets)) == bare(a_deployment())


def test_a_late_undo_of_an_earlier_fault_leaves_a_later_one_that_set_the_same() -> None:
    first = corrupted(a_deployment(), progress_deadline=60, injection_id="id1")
    entry = read_record(first)["app"]
    second = corrupted(restored(first), progress_deadline=60, injection_id="id2")
    assert plan(second, known=[entry], injection_ids=["id1"]).patch is None


def test_a_late_undo_puts_only_the_deadline_back_when_a_later_fault_set_the_same_image() -> None:
    first = corrupted(a_deployment(), progress_deadline=60, injection_id="id1")
    entry = read_record(first)["app"]
    second = corrupted(undone(first), injection_id="id2")
    assert outcomes(second, known=[entry], injection_ids=["id1"]) == {"app": "superseded"}
    after = restored(second, known=[entry], injection_ids=["id1"])
    assert (image_of(after), after["spec"]["progressDeadlineSeconds"]) == (image_of(second), 600)
    assert [e.id for e in read_record(after).values()] == ["id2"]
