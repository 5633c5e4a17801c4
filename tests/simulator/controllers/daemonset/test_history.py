"""The ControllerRevisions of a DaemonSet."""

from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import BAD, BETTER, DAEMON_SETS, GOOD, NS, REVISIONS, ControllerCluster, daemon_set


def test_each_template_has_one_and_a_template_that_comes_back_is_renumbered(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(), DAEMON_SETS)
    [first] = cluster.store.list(REVISIONS)
    value = first["metadata"]["labels"]["controller-revision-hash"]
    assert first["metadata"]["name"] == f"web-{value}"
    assert cluster.pods()[0]["metadata"]["labels"]["controller-revision-hash"] == value
    for image in (BETTER, GOOD):
        cluster.set_image(image, resource=DAEMON_SETS)
    assert cluster.history() == {BETTER: 2, GOOD: 3}


def test_history_is_kept_up_to_the_limit(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(revisionHistoryLimit=1), DAEMON_SETS)
    for image in ("a:1", "b:1", BAD):
        cluster.set_image(image, resource=DAEMON_SETS)
    assert cluster.history() == {"b:1": 3, BAD: 4}


def test_a_name_that_is_taken_by_another_revision_is_avoided(cluster: ControllerCluster) -> None:
    other = ControllerCluster()
    other.create(daemon_set(), DAEMON_SETS)
    [taken] = other.store.list(REVISIONS)
    foreign: Object = {"metadata": {"name": taken["metadata"]["name"], "namespace": NS}, "data": {"a": 1}}
    cluster.create({**foreign, "revision": 9}, REVISIONS)
    cluster.create(daemon_set(), DAEMON_SETS, seconds=20)
    status = cluster.client.get(DAEMON_SETS, NS, "web")["status"]
    assert (status["collisionCount"], status["numberAvailable"]) == (1, 1)


def test_a_revision_that_is_deleted_does_not_come_back(cluster: ControllerCluster) -> None:
    cluster.create(daemon_set(), DAEMON_SETS)
    for image in (BAD, GOOD):
        cluster.set_image(image, resource=DAEMON_SETS)
    [corrupt] = [each for each in cluster.store.list(REVISIONS) if each["revision"] == 2]
    cluster.delete(REVISIONS, corrupt["metadata"]["name"])
    assert cluster.history() == {GOOD: 3}
