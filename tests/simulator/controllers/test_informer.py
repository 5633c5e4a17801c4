"""An informer has copies of the store's objects, a little behind."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.informer import Informer, controller_of
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import MAPS, NS, ControllerCluster, owned

Told = list[tuple[Any, Any]]


@pytest.fixture
def informer(cluster: ControllerCluster) -> Informer:
    """An informer of ConfigMaps; `one` was there when it started."""
    create(cluster, "one")
    informer = Informer(cluster.store, cluster.clock, Randomness(1), [MAPS])
    informer.start()
    return informer


def create(cluster: ControllerCluster, name: str, *owners: Object) -> Object:
    obj = owned(name, *owners)
    for reference in obj["metadata"]["ownerReferences"]:
        reference["controller"] = True
    return cluster.create(obj, MAPS, seconds=0)


def names(found: Any) -> list[str]:
    return [each["metadata"]["name"] for each in found]


def test_a_change_arrives_a_little_later(cluster: ControllerCluster, informer: Informer) -> None:
    assert names(informer.list(MAPS, NS)) == ["one"]
    create(cluster, "two")
    assert names(informer.list(MAPS, NS)) == ["one"] and informer.get(MAPS, NS, "two") is None
    cluster.clock.advance(1)
    assert names(informer.list(MAPS, NS)) == ["one", "two"]
    assert names(informer.list(MAPS, "elsewhere")) == []


def test_handlers_are_told_in_order_of_what_was_and_what_is(cluster: ControllerCluster, informer: Informer) -> None:
    told: Told = []
    informer.on(MAPS, lambda old, new: told.append((old and old.get("data"), new and new.get("data"))))
    create(cluster, "two")
    cluster.client.patch(MAPS, NS, "two", lambda obj: {**obj, "data": {"a": "1"}})
    cluster.client.patch(MAPS, NS, "two", lambda obj: {**obj, "data": {"a": "2"}})
    cluster.client.delete(MAPS, NS, "two")
    cluster.clock.advance(1)
    assert told == [(None, None), (None, {"a": "1"}), ({"a": "1"}, {"a": "2"}), ({"a": "2"}, None)]


def test_what_an_owner_controls_is_found_by_its_uid(cluster: ControllerCluster, informer: Informer) -> None:
    [one] = informer.list(MAPS, NS)
    for name in ("two", "three"):
        create(cluster, name, one)
    cluster.clock.advance(1)
    uid = one["metadata"]["uid"]
    assert names(informer.owned(MAPS, uid)) == ["two", "three"] and names(informer.owned(MAPS, "")) == ["one"]

    def orphan(obj: Object) -> Object:
        return {**obj, "metadata": {**obj["metadata"], "ownerReferences": []}}

    cluster.client.patch(MAPS, NS, "two", orphan)
    cluster.client.delete(MAPS, NS, "three")
    cluster.clock.advance(1)
    assert names(informer.owned(MAPS, uid)) == [] and names(informer.owned(MAPS, "")) == ["one", "two"]


def test_other_resources_are_not_followed(cluster: ControllerCluster, informer: Informer) -> None:
    cluster.create({"metadata": {"name": "s", "namespace": NS}}, "secrets")
    with pytest.raises(KeyError):
        informer.get("secrets", NS, "s")


def test_only_one_owner_is_the_controller() -> None:
    owners = [{"uid": "a"}, {"uid": "b", "controller": True}]
    assert controller_of({"metadata": {"ownerReferences": owners}}) == owners[1]
    assert controller_of({"metadata": {}}) is None


def test_objects_of_all_namespaces(informer: Informer, cluster: ControllerCluster) -> None:
    cluster.create({"metadata": {"name": "far", "namespace": "elsewhere"}}, MAPS)
    assert [obj["metadata"]["name"] for obj in informer.all(MAPS)] == ["one", "far"]
