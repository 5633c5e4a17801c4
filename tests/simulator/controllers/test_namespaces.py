"""What a namespace begins with, and how it ends."""

from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import MAPS, NS, ControllerCluster, deployment, owned


def marked(namespace: Object) -> Object:
    return {**namespace, "metadata": {**namespace["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}}


def test_each_namespace_gets_a_service_account(cluster: ControllerCluster) -> None:
    cluster.create({"metadata": {"name": NS}, "spec": {"finalizers": ["kubernetes"]}}, "namespaces")
    assert [each["metadata"]["name"] for each in cluster.store.list("serviceaccounts", NS)] == ["default"]
    cluster.delete("serviceaccounts", "default")
    assert [each["metadata"]["name"] for each in cluster.store.list("serviceaccounts", NS)] == ["default"]


def test_a_namespace_is_emptied_before_it_goes(cluster: ControllerCluster) -> None:
    cluster.create({"metadata": {"name": NS}, "spec": {"finalizers": ["kubernetes"]}}, "namespaces")
    cluster.create(deployment())
    cluster.create(owned("map"), MAPS)
    cluster.create({"metadata": {"name": "map", "namespace": "other"}}, MAPS)
    cluster.client.patch("namespaces", "", NS, marked)
    cluster.clock.advance(60)
    assert cluster.store.list("namespaces") == []
    left = {kind.name: cluster.store.list(kind.name, NS) for kind in cluster.store.kinds if kind.namespaced}
    assert not any(left.values()) and len(cluster.store.list(MAPS)) == 1
