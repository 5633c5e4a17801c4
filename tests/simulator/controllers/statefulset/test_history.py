"""The ControllerRevisions of a StatefulSet."""

from ...controller_cluster import (
    BAD,
    BETTER,
    GOOD,
    NS,
    REVISIONS,
    STATEFUL_SETS,
    ControllerCluster,
    stateful_set,
)


def test_each_template_has_one_and_a_template_that_comes_back_is_renumbered(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(), STATEFUL_SETS)
    for image in (BETTER, GOOD):
        cluster.set_image(image, resource=STATEFUL_SETS, seconds=20)
    assert cluster.history() == {BETTER: 2, GOOD: 3}


def test_history_is_kept_up_to_the_limit_and_what_a_pod_is_of_lives(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(revisionHistoryLimit=1), STATEFUL_SETS)
    for image in ("a:1", "b:1", BAD):
        cluster.set_image(image, resource=STATEFUL_SETS, seconds=20)
    assert cluster.history() == {"a:1": 2, "b:1": 3, BAD: 4}


def test_a_name_that_is_taken_by_another_revision_is_avoided(cluster: ControllerCluster) -> None:
    other = ControllerCluster()
    other.create(stateful_set(), STATEFUL_SETS)
    [taken] = other.store.list(REVISIONS)
    foreign = {"metadata": {"name": taken["metadata"]["name"], "namespace": NS}, "data": {"a": 1}, "revision": 9}
    cluster.create(foreign, REVISIONS)
    cluster.create(stateful_set(), STATEFUL_SETS)
    status = cluster.client.get(STATEFUL_SETS, NS, "web")["status"]
    assert status["collisionCount"] == 1 and status["currentRevision"] != taken["metadata"]["name"]
    assert status["readyReplicas"] == 3


def test_a_revision_without_an_owner_is_adopted(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(), STATEFUL_SETS)
    cluster.delete(STATEFUL_SETS, "web", policy="orphan")
    [orphan] = cluster.store.list(REVISIONS)
    assert "ownerReferences" not in orphan["metadata"] and len(cluster.pods()) == 3
    cluster.create(stateful_set(), STATEFUL_SETS)
    [adopted] = cluster.store.list(REVISIONS)
    assert adopted["metadata"]["uid"] == orphan["metadata"]["uid"] and adopted["metadata"]["ownerReferences"]
    assert len(cluster.pods()) == 3 and not cluster.events("SuccessfulDelete")
