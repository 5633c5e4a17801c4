"""Which objects go when their owners go."""

from chaosimagecorrupt.simulator.controllers.kubelet.images import Images

from ..controller_cluster import DEPLOYMENTS, GOOD, MAPS, NS, PODS, SETS, ControllerCluster, deployment, owned


def names(cluster: ControllerCluster) -> list[str]:
    return [each["metadata"]["name"] for each in cluster.store.list(MAPS)]


def test_what_is_owned_goes_after_its_owner(cluster: ControllerCluster) -> None:
    owner = cluster.create(owned("owner"), MAPS)
    child = cluster.create(owned("child", owner), MAPS)
    cluster.create(owned("grandchild", child), MAPS)
    cluster.delete(MAPS, "owner", seconds=0)
    assert names(cluster) == ["child", "grandchild"]
    cluster.clock.advance(5)
    assert names(cluster) == []


def test_what_has_another_owner_stays_and_forgets_the_one_that_is_gone(cluster: ControllerCluster) -> None:
    one, two = (cluster.create(owned(name), MAPS) for name in ("one", "two"))
    cluster.create(owned("child", one, two), MAPS)
    cluster.delete(MAPS, "one")
    child = cluster.client.get(MAPS, NS, "child")
    assert [each["name"] for each in child["metadata"]["ownerReferences"]] == ["two"]


def test_what_names_an_owner_that_never_was_goes(cluster: ControllerCluster) -> None:
    ghost = {"metadata": {"name": "ghost", "uid": "no-such-uid"}}
    cluster.create(owned("child", ghost), MAPS)
    assert names(cluster) == []


def test_orphans_stay_without_an_owner(cluster: ControllerCluster) -> None:
    owner = cluster.create(owned("owner"), MAPS)
    cluster.create(owned("child", owner), MAPS)
    cluster.delete(MAPS, "owner", policy="orphan")
    assert names(cluster) == ["child"]
    assert not cluster.client.get(MAPS, NS, "child")["metadata"].get("ownerReferences")


def test_in_the_foreground_an_owner_goes_after_what_it_owns() -> None:
    cluster = ControllerCluster(Images(ignoring_sigterm=[GOOD]))
    cluster.create(deployment())
    cluster.delete(DEPLOYMENTS, "web", policy="foregroundDeletion", seconds=5)
    assert cluster.deployment()["metadata"]["deletionTimestamp"]
    assert cluster.sets()[GOOD]["metadata"]["deletionTimestamp"]
    assert len(cluster.pods()) == 2
    cluster.clock.advance(60)
    assert [cluster.store.list(each) for each in (DEPLOYMENTS, SETS, PODS)] == [[], [], []]
    gone = [change.resource for change in cluster.changes if change.type == "DELETED"]
    assert gone == [PODS, PODS, SETS, DEPLOYMENTS]


def test_in_the_foreground_nothing_is_waited_for_that_does_not_block(cluster: ControllerCluster) -> None:
    owner = cluster.create(owned("owner"), MAPS)
    cluster.create(owned("child", owner, block=False), MAPS)
    cluster.delete(MAPS, "owner", policy="foregroundDeletion")
    assert names(cluster) == []


def test_a_foreign_finalizer_holds_an_object_back(cluster: ControllerCluster) -> None:
    owner = cluster.create(owned("owner"), MAPS)
    child = owned("child", owner)
    child["metadata"]["finalizers"] = ["example.com/wait"]
    cluster.create(child, MAPS)
    cluster.delete(MAPS, "owner")
    assert names(cluster) == ["child"]
    cluster.client.patch(MAPS, NS, "child", lambda obj: {**obj, "metadata": {**obj["metadata"], "finalizers": []}})
    assert names(cluster) == []


def test_a_deployment_that_is_going_away_creates_nothing_any_more() -> None:
    cluster = ControllerCluster(Images(ignoring_sigterm=[GOOD]))
    cluster.create(deployment())
    cluster.delete(DEPLOYMENTS, "web", policy="foregroundDeletion", seconds=1)
    cluster.client.delete(PODS, NS, cluster.pods()[0]["metadata"]["name"], 0)
    cluster.clock.advance(5)
    assert len(cluster.pods()) == 1
