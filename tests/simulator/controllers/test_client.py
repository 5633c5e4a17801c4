"""The controllers' client refuses what the API refuses, and conflicts like it."""

import pytest

from chaosimagecorrupt.simulator.controllers.client import Client
from chaosimagecorrupt.simulator.controllers.errors import StatusError

from ..controller_cluster import DEPLOYMENTS, MAPS, NS, PODS, ControllerCluster, pod_spec


@pytest.fixture
def client(cluster: ControllerCluster) -> Client:
    """A client, and the ConfigMap `one`."""
    cluster.client.create(MAPS, {"metadata": {"name": "one", "namespace": NS}, "data": {"a": "1"}})
    return cluster.client


def test_what_is_not_there_is_not_found(client: Client) -> None:
    for send in (client.get, client.delete):
        with pytest.raises(StatusError, match='configmaps "none" not found') as caught:
            send(MAPS, NS, "none")
        assert caught.value.reason == "NotFound"


def test_what_is_there_cannot_be_created(client: Client) -> None:
    with pytest.raises(StatusError) as caught:
        client.create(MAPS, {"metadata": {"name": "one", "namespace": NS}})
    assert caught.value.reason == "AlreadyExists"


def test_an_update_of_an_old_version_conflicts(client: Client) -> None:
    old = client.get(MAPS, NS, "one")
    client.update(MAPS, {**old, "data": {"a": "2"}})
    with pytest.raises(StatusError, match="the object has been modified") as caught:
        client.update(MAPS, {**old, "data": {"a": "3"}})
    assert caught.value.reason == "Conflict" and client.get(MAPS, NS, "one")["data"] == {"a": "2"}


def test_an_update_of_an_object_that_was_created_again_conflicts(client: Client) -> None:
    old = client.get(MAPS, NS, "one")
    client.delete(MAPS, NS, "one")
    client.create(MAPS, {"metadata": {"name": "one", "namespace": NS}})
    with pytest.raises(StatusError, match="is another object now"):
        client.update(MAPS, old)


def test_a_patch_never_conflicts_and_is_owned(client: Client) -> None:
    client.patch(MAPS, NS, "one", lambda obj: {**obj, "data": {"a": "2"}})
    found = client.patch(MAPS, NS, "one", lambda obj: {**obj, "data": {"a": "3"}})
    assert found["data"] == {"a": "3"}
    assert {entry["manager"] for entry in found["metadata"]["managedFields"]} == {"tester"}


def test_a_status_is_updated_without_the_spec(web: ControllerCluster) -> None:
    old = web.deployment()
    changed = {**old, "spec": {**old["spec"], "replicas": 7}, "status": {**old["status"], "readyReplicas": 1}}
    found = web.client.update_status(DEPLOYMENTS, changed)
    assert (found["spec"]["replicas"], found["status"]["readyReplicas"]) == (2, 1)
    found = web.client.update(DEPLOYMENTS, {**found, "spec": changed["spec"], "status": {}})
    assert (found["spec"]["replicas"], found["status"]["readyReplicas"]) == (7, 1)


def test_a_pod_goes_through_admission(cluster: ControllerCluster) -> None:
    with pytest.raises(StatusError, match="must not have leading or trailing whitespace") as caught:
        cluster.client.create(PODS, {"metadata": {"name": "p", "namespace": NS}, "spec": pod_spec(" app:v1")})
    assert caught.value.reason == "Invalid"
