"""The history of StatefulSets and DaemonSets."""

import json

from chaosimagecorrupt.simulator.controllers.controller_revisions import (
    REVISIONS,
    by_revision,
    data_hash,
    data_of,
    new_revision,
    renumber,
    template_of,
    unneeded,
)
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.controllers.workqueue import Run
from chaosimagecorrupt.simulator.types import Object

from ..conformance.recorded import RECORDINGS
from ..controller_cluster import NS, ControllerCluster, stateful_set


def recorded() -> list[Object]:
    lines = map(json.loads, (RECORDINGS / "sts-rolling.jsonl").read_text().splitlines())
    return [line["object"] for line in lines if line.get("kind") == "ControllerRevision"]


def revision(name: str, number: int) -> Object:
    return {
        "metadata": {"name": name, "namespace": NS, "creationTimestamp": "2026-01-01T00:00:00Z"},
        "revision": number,
    }


def test_names_are_those_of_the_recorded_cluster() -> None:
    for each in recorded():
        assert each["metadata"]["name"] == f"web-{data_hash(each['data'], 0)}"
        assert data_hash(each["data"], 1) != data_hash(each["data"], 0)


def test_a_revision_keeps_the_template_labels_and_annotations(cluster: ControllerCluster) -> None:
    owner = cluster.create(stateful_set(), "statefulsets.apps")
    owner["metadata"]["annotations"] = {"why": "more"}
    made = new_revision(owner, 3, "hash", "abc")
    assert made["metadata"]["name"] == "web-abc" and made["revision"] == 3
    assert made["metadata"]["labels"] == {"app": "web", "hash": "abc"}
    assert made["metadata"]["annotations"] == {"why": "more"}
    assert made["metadata"]["ownerReferences"][0]["uid"] == owner["metadata"]["uid"]
    assert template_of(made) == owner["spec"]["template"] and made["data"] == data_of(owner)


def test_the_oldest_ones_beyond_the_limit_are_unneeded_unless_they_live() -> None:
    every = [revision(name, number) for number, name in enumerate("cbade", 1)]
    assert [each["metadata"]["name"] for each in by_revision(reversed(every))] == list("cbade")
    assert [each["metadata"]["name"] for each in unneeded(every, ["c", "e"], 1)] == ["b", "a"]
    assert list(unneeded(every, ["c"], 10)) == []


def test_a_revision_that_changed_meanwhile_is_renumbered_all_the_same(cluster: ControllerCluster) -> None:
    stale = cluster.create(revision("a", 1), REVISIONS)
    cluster.store.update(REVISIONS, {**stale, "data": {"newer": True}})
    ended: list[object] = []
    Run(cluster.clock, Randomness(1), renumber(cluster.client, stale, 5), ended.append).start()
    cluster.clock.advance(1)
    [stored] = cluster.store.list(REVISIONS)
    assert ended == [None] and (stored["revision"], stored["data"]) == (5, {"newer": True})
