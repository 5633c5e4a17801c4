"""A Deployment as it was read, with its record and those of its ReplicaSets."""

from typing import Any

from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.record.snapshot import Snapshot

from ..manifests import a_deployment, a_replica_set, corrupted


def test_the_record_and_its_copies_are_read() -> None:
    before = a_deployment()
    deployment = corrupted(before)
    old: Any = a_replica_set(before, hash="old")
    new: Any = a_replica_set(deployment, hash="new")
    new["metadata"]["annotations"] = dict(deployment["metadata"]["annotations"])
    snapshot = Snapshot(deployment).with_revisions([old, new])
    assert snapshot.record == read_record(deployment) != {}
    assert snapshot.newest == new and snapshot.owned == [old, new]
    assert snapshot.copy_on(new) == snapshot.record and snapshot.copy_on(old) == {}
    assert snapshot.copied == list(snapshot.record.values())


def test_without_replica_sets_there_are_no_copies() -> None:
    snapshot = Snapshot(a_deployment())
    assert (snapshot.record, snapshot.owned, snapshot.newest, snapshot.copied) == ({}, [], None, [])


def test_the_record_is_parsed_once_also_when_the_replica_sets_are_read_later() -> None:
    snapshot = Snapshot(corrupted(a_deployment()))
    assert snapshot.with_revisions([]).record is snapshot.record


def test_the_label_is_seen() -> None:
    assert Snapshot(corrupted(a_deployment())).is_labelled
    assert not Snapshot(a_deployment()).is_labelled
