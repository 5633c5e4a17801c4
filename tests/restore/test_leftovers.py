import json
from dataclasses import replace
from typing import Any

import pytest

from chaosimagecorrupt.kube.types import ReplicaSet
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE, RECORD
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.leftovers import corrupt_revisions, doubtful_revisions

from ..manifests import a_deployment, a_replica_set

Object = Any

BAD = "localhost/app:v0"
INJECTION = Entry("app", "localhost/app:v1", BAD, "id1", uid="1", generation=3, revision=2)


def of_image(image: str, *revisions: int, copy: Entry | None = None) -> Object:
    """The ReplicaSet of an image, after its rollouts."""
    notes = {"deployment.kubernetes.io/revision-history": ",".join(map(str, revisions[:-1]))}
    if copy is not None:
        notes[RECORD] = json.dumps({copy.container: copy.to_json()})
    deployment = a_deployment(containers={"app": image})
    return a_replica_set(deployment, hash=image[-1], revision=revisions[-1], annotations=notes)


def found(*revisions: Object, known: tuple[Entry, ...] = ()) -> tuple[list[ReplicaSet], list[ReplicaSet]]:
    """What is deleted, and what stays with a warning."""
    present, sets = a_deployment(), [*revisions, of_image("localhost/app:v1", 2, 9)]
    snapshot = Snapshot(present, sets)
    return corrupt_revisions(snapshot, known), doubtful_revisions(snapshot, known)


def test_what_the_injection_rolled_out_is_deleted() -> None:
    made = of_image(BAD, 3, copy=INJECTION)
    assert found(made) == ([made], [])


def test_what_was_rolled_out_before_the_injection_too_stays() -> None:
    there = of_image(BAD, 1, 3, copy=INJECTION)
    assert found(there) == ([], [there])


def test_what_someone_rolled_out_again_since_stays() -> None:
    again = of_image(BAD, 3, 5, copy=INJECTION)
    assert found(again) == ([], [again])


def test_without_the_copy_the_rollout_after_the_injection_is_deleted() -> None:
    made = of_image(BAD, 3)
    assert found(made, known=(INJECTION,)) == ([made], [])


def test_without_the_copy_a_later_rollout_stays() -> None:
    theirs = of_image(BAD, 5)
    assert found(theirs, known=(INJECTION,)) == ([], [theirs])


def test_what_nobody_injected_is_not_looked_at() -> None:
    other = of_image("localhost/app:v5", 1, copy=INJECTION)
    assert found(of_image(BAD, 1), other) == ([], [])


@pytest.mark.parametrize("changed", [{"uid": "2"}, {"revision": None}])
def test_what_cannot_be_told_stays(changed: Any) -> None:
    made = of_image(BAD, 3, copy=replace(INJECTION, **changed))
    assert found(made) == ([], [made])


def test_the_default_image_is_deleted_whoever_rolled_it_out() -> None:
    made = of_image(DEFAULT_IMAGE, 1, 5)
    assert found(made) == ([made], [])


def test_the_present_template_is_never_deleted() -> None:
    present = a_deployment(containers={"app": BAD})
    assert corrupt_revisions(Snapshot(present, [of_image(BAD, 3, copy=INJECTION)])) == []
