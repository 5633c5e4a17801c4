"""A rollout as it is observed: only what decides is read, and a status that is older than the spec is no view."""

import copy
import re
from collections.abc import Callable

import pytest

from chaosimagecorrupt.errors import NotFound
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.requests import PAGE
from chaosimagecorrupt.kube.waiting import Seen, WatchSet
from chaosimagecorrupt.workload.target import Target
from chaosimagecorrupt.workload.view import FIRST_PAGE, Proof, Rollout, View, every_pod, first_failing

from ..fixtures_http import BAD, NS, Shop
from ..recorded import at
from ..recorded_cluster import RecordedCluster


def look_at(cluster: Cluster, name: str, proof: Proof | None = None) -> Seen[View]:
    """Read a rollout once; no watch is opened."""
    return Rollout(WatchSet(cluster), Target(name, NS, cluster), proof=proof).look()


def test_a_view_has_the_deployment_alone_unless_more_is_asked_for(cluster: Cluster, shop: Shop) -> None:
    before = len(shop.simulator.requests)
    view, text = look_at(cluster, shop.name)
    assert view is not None and (view.deployment["metadata"]["name"], view.revisions, view.pods) == (
        shop.name,
        [],
        [],
    )
    assert (len(shop.simulator.requests) - before, text) == (1, "2/2 ready, 2 of 2 updated")


def test_the_replica_sets_are_those_that_the_deployment_controls(cluster: Cluster, shop: Shop) -> None:
    view, _ = Rollout(WatchSet(cluster), Target(shop.name, NS, cluster), revisions=True).look()
    assert view is not None and view.pods == []
    owners = [(r["metadata"].get("ownerReferences") or [])[0]["uid"] for r in view.revisions]
    assert owners == [view.deployment["metadata"]["uid"]]


def test_a_status_that_is_older_than_the_spec_is_no_view(cluster: Cluster, shop: Shop) -> None:
    shop.scale(3)
    rollout = Rollout(WatchSet(cluster), Target(shop.name, NS, cluster), proof=first_failing)
    assert rollout.look() == (None, "spec 2 not observed yet (status is of 1)")
    assert "does the controller manager run?" in str(rollout.no_answer(3.2)) and "after 3 s" in str(
        rollout.no_answer(3.2)
    )


def test_a_pod_that_cannot_pull_is_part_of_the_text(cluster: Cluster, shop: Shop) -> None:
    shop.set_image(BAD)
    shop.advance(3)
    view, text = look_at(cluster, shop.name, first_failing)
    assert view is not None and [p["spec"]["containers"][0]["image"] for p in view.pods] == [BAD]
    assert re.search(r", app: (ErrImagePull|ImagePullBackOff) \(name does not resolve\)$", text)


@pytest.fixture
def crowd(shop: Shop) -> Shop:
    """A Deployment with 30 pods of its newest template, none of which can pull its image."""
    shop.patch({"spec": {"replicas": 30, "strategy": {"rollingUpdate": {"maxSurge": "100%"}}}})
    shop.simulator.advance(5)
    shop.set_image(BAD)
    shop.simulator.advance(3)
    return shop


def test_pods_of_an_older_template_are_no_part_of_the_view(cluster: Cluster, crowd: Shop) -> None:
    crowd.patch({"spec": {"template": {"metadata": {"labels": {"newer": "true"}}}}})
    crowd.advance(0.2)  # some of the older pods, which are being deleted, are still there
    view, _ = look_at(cluster, crowd.name, every_pod)
    pods = crowd.simulator.call(lambda: crowd.simulator.world.store.list("pods", NS))
    pending = [p for p in pods if p["metadata"]["labels"]["app"] == crowd.name and p["status"]["phase"] == "Pending"]
    newer = {p["metadata"]["name"] for p in pending if "newer" in p["metadata"]["labels"]}
    assert view is not None and {p["metadata"]["name"] for p in view.pods} == newer
    assert 0 < len(newer) < len(pending)


def pages_of(shop: Shop, look: Callable[[], object]) -> list[str]:
    """The limits of the pages of pods that are read meanwhile."""
    before = len(shop.simulator.requests)
    look()
    asked = [r.path for r in shop.simulator.requests[before:] if "/pods?" in r.path]
    assert all("fieldSelector=status.phase%3DPending" in path and "pod-template-hash" in path for path in asked)
    return re.findall(r"limit=(\d+)", " ".join(asked))


def test_a_proof_ends_the_reading_of_pods(cluster: Cluster, crowd: Shop) -> None:
    assert pages_of(crowd, lambda: look_at(cluster, crowd.name, first_failing)) == [FIRST_PAGE]


def test_without_a_proof_all_pods_are_read(cluster: Cluster, crowd: Shop) -> None:
    def look() -> None:
        found = Rollout(WatchSet(cluster), Target(crowd.name, NS, cluster), proof=every_pod).look().state
        assert found is not None and len(found.pods) == 30

    assert pages_of(crowd, look) == [FIRST_PAGE, PAGE]


def test_a_proof_that_is_none_any_more_is_looked_for_among_the_other_pods(cluster: Cluster, crowd: Shop) -> None:
    watch_set, part = WatchSet(cluster), [""]
    subject = Rollout(
        watch_set, Target(crowd.name, NS, cluster), proof=lambda deployment: lambda pod: part[0] in str(pod["metadata"])
    )

    def number_of_pods() -> int | None:
        view = subject.look().state
        return len(view.pods) if view is not None else None

    assert number_of_pods() == 10
    part[0] = "nowhere"
    assert number_of_pods() == 30


def test_a_missing_deployment_is_an_error_that_names_those_that_are_there(cluster: Cluster, shop: Shop) -> None:
    with pytest.raises(NotFound, match=f'Deployment "nope" is not in namespace "{NS}"; found there: .*web-'):
        look_at(cluster, "nope")


def test_a_missing_namespace_is_an_error_that_says_so(cluster: Cluster) -> None:
    with pytest.raises(NotFound, match=f'namespace "nope" does not exist on {cluster.address}'):
        Rollout(WatchSet(cluster), Target("web", "nope", cluster))


DELETED = {"deletionTimestamp": "2026-11-22T15:00:30Z"}


@pytest.mark.parametrize(
    ("recording", "deletion", "recovered"),
    [("ds-rolling", {}, True), ("ds-rolling", DELETED, False), ("sts-rolling", {}, True)],
)
def test_a_pod_that_a_status_counts_until_it_is_gone_is_not_ready_once_it_is_being_deleted(
    recording: str, deletion: dict[str, str], recovered: bool
) -> None:
    moment = copy.deepcopy(at(recording, 1000.0))
    moment.pods[0]["metadata"] |= deletion
    cluster = RecordedCluster(moment)
    view, text = Rollout(WatchSet(cluster), cluster.target, revisions=True).look()
    assert view is not None and (view.recovered, view.pods_all_ready) == (recovered, recovered)
    assert text.endswith(", a ready pod is being deleted") is not recovered


def test_without_the_right_to_list_pods_the_status_decides() -> None:
    cluster = RecordedCluster(at("ds-rolling", 1000.0), answers={"list pods": 403})
    view = Rollout(WatchSet(cluster), cluster.target, revisions=True).look().state
    assert view is not None and view.recovered
