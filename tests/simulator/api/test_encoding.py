"""The JSON of stored objects."""

import json

from chaosimagecorrupt.simulator.api.encoding import Encodings
from chaosimagecorrupt.simulator.kinds import Resource
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import MAPS, NS, ControllerCluster


def stored(cluster: ControllerCluster, value: str) -> Object:
    return cluster.client.create(MAPS, {"metadata": {"name": "a", "namespace": NS}, "data": {"key": value}})


def test_an_object_says_what_it_is(cluster: ControllerCluster) -> None:
    obj = stored(cluster, "x")
    shown = json.loads(Encodings(cluster.store).object(cluster.store.kinds.named(MAPS), obj))
    assert shown == {**obj, "kind": "ConfigMap", "apiVersion": "v1"}


def test_items_of_built_in_kinds_do_not_say_what_they_are_and_custom_resources_do(cluster: ControllerCluster) -> None:
    encodings, obj = Encodings(cluster.store), stored(cluster, "x")
    custom = Resource("example.com", "v1", "Widget", "widgets", schema={"type": "object"})
    for resource, own in (
        (cluster.store.kinds.named(MAPS), {}),
        (custom, {"kind": "Widget", "apiVersion": "example.com/v1"}),
    ):
        shown = json.loads(encodings.list(resource, {"resourceVersion": "7"}, [obj]))
        assert (shown["kind"], shown["metadata"]) == (f"{resource.kind}List", {"resourceVersion": "7"})
        (item,) = shown["items"]
        assert {name: item[name] for name in ("kind", "apiVersion") if name in item} == own
        assert (item["metadata"], item["data"]) == (obj["metadata"], obj["data"])


def test_an_empty_list(cluster: ControllerCluster) -> None:
    shown = json.loads(Encodings(cluster.store).list(cluster.store.kinds.named(MAPS), {}, []))
    assert shown["items"] == []


def test_a_new_version_is_encoded_again(cluster: ControllerCluster) -> None:
    encodings, resource = Encodings(cluster.store), cluster.store.kinds.named(MAPS)
    obj = stored(cluster, "x")
    encodings.object(resource, obj)
    changed = cluster.client.update(MAPS, {**obj, "data": {"key": "y"}})
    assert json.loads(encodings.object(resource, changed))["data"] == {"key": "y"}
