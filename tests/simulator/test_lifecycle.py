"""When the generation moves, and when an object is gone."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.store import Store
from chaosimagecorrupt.simulator.types import Object

DEPLOYMENTS = "deployments.apps"
NOW = 1_700_000_000.0


@pytest.fixture
def store() -> Store:
    return Store(lambda: NOW)


def config(name: str = "a", namespace: str = "default", **more: Any) -> Object:
    return {"metadata": {"name": name, "namespace": namespace}, **more}


def changed(obj: Object, **metadata: Any) -> Object:
    return {**obj, "metadata": {**obj["metadata"], **metadata}}


@pytest.mark.parametrize(
    ("resource", "change", "subresource", "moves"),
    [
        (DEPLOYMENTS, {"spec": {"replicas": 2}}, None, 1),
        (DEPLOYMENTS, {"status": {"replicas": 2}}, None, 0),
        (DEPLOYMENTS, {"spec": {"replicas": 2}}, "scale", 1),
        ("replicasets.apps", {"spec": {"replicas": 2}}, None, 1),
        ("pods", {"spec": {"nodeName": "n"}}, None, 1),
        ("configmaps", {"data": {}}, None, None),
    ],
)
def test_what_moves_the_generation(store: Store, resource: str, change: Any, subresource: Any, moves: Any) -> None:
    made = store.create(resource, config(spec={"replicas": 1}))
    new = store.update(resource, {**made, **change}, subresource=subresource)
    assert new["metadata"].get("generation") == (None if moves is None else 1 + moves)


@pytest.mark.parametrize(("resource", "generation"), [(DEPLOYMENTS, 2), ("replicasets.apps", 1)])
def test_annotations_move_the_generation_of_deployments_only(store: Store, resource: str, generation: int) -> None:
    made = store.create(resource, config(spec={}))
    assert store.update(resource, changed(made, annotations={"a": "b"}))["metadata"]["generation"] == generation


def test_the_beginning_of_a_deletion_moves_the_generation(store: Store) -> None:
    made = store.create("pods", config(spec={}))
    times = {"deletionTimestamp": "2023-01-01T00:00:00Z", "deletionGracePeriodSeconds": 1}
    going = store.update("pods", changed(made, **times))
    assert going["metadata"]["generation"] == 2
    assert store.update("pods", changed(going, labels={"a": "b"}))["metadata"]["generation"] == 2


def test_annotations_written_through_the_status_do_not(store: Store) -> None:
    made = store.create(DEPLOYMENTS, config(spec={}))
    new = store.update(DEPLOYMENTS, changed(made, annotations={"a": "b"}), subresource="status")
    assert new["metadata"]["generation"] == 1


def test_the_last_finalizer_to_go_takes_the_object_along(store: Store) -> None:
    made = store.create("configmaps", config())
    held = store.update("configmaps", changed(made, finalizers=["x/y"], deletionTimestamp="2023-01-01T00:00:00Z"))
    assert store.get("configmaps", "default", "a") is held
    store.update("configmaps", changed(held, finalizers=[]))
    assert store.get("configmaps", "default", "a") is None


def test_an_object_with_a_grace_period_stays(store: Store) -> None:
    made = store.create("pods", config(spec={}))
    times = {"deletionTimestamp": "2023-01-01T00:00:00Z", "deletionGracePeriodSeconds": 30}
    store.update("pods", changed(made, **times))
    assert store.get("pods", "default", "a") is not None
