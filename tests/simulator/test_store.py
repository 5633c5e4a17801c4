"""Objects and their versions."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.store import AlreadyExists, Store
from chaosimagecorrupt.simulator.types import Object
from chaosimagecorrupt.simulator.watch_cache import Change

DEPLOYMENTS = "deployments.apps"
NOW = 1_700_000_000.0


@pytest.fixture
def store() -> Store:
    return Store(lambda: NOW)


def config(name: str = "a", namespace: str = "default", **more: Any) -> Object:
    return {"metadata": {"name": name, "namespace": namespace}, **more}


def changed(obj: Object, **metadata: Any) -> Object:
    return {**obj, "metadata": {**obj["metadata"], **metadata}}


def test_a_new_object_gets_its_identity(store: Store) -> None:
    made = store.create(DEPLOYMENTS, config(spec={}))
    assert (made["kind"], made["apiVersion"]) == ("Deployment", "apps/v1")
    assert made["metadata"]["creationTimestamp"] == "2023-11-14T22:13:20Z"
    assert made["metadata"]["generation"] == 1
    assert made["metadata"]["resourceVersion"] == str(store.revision)
    assert len(made["metadata"]["uid"]) == 36


def test_kinds_without_a_generation_get_none(store: Store) -> None:
    assert "generation" not in store.create("configmaps", config())["metadata"]


def test_a_name_is_made_after_generate_name(store: Store) -> None:
    made = [store.create("configmaps", {"metadata": {"generateName": "x-"}})["metadata"]["name"] for _ in range(9)]
    assert len(set(made)) == 9
    assert all(name.startswith("x-") and len(name) == 7 for name in made)


def test_what_is_created_is_not_what_was_given(store: Store) -> None:
    given = config()
    store.create("configmaps", given)
    assert given == config()


def test_the_same_name_twice(store: Store) -> None:
    store.create("configmaps", config())
    with pytest.raises(AlreadyExists):
        store.create("configmaps", config())


def test_objects_are_listed_by_namespace_and_name(store: Store) -> None:
    for namespace, name in (("b", "z"), ("b", "a"), ("a", "m"), ("ab", "c")):
        store.create("configmaps", config(name, namespace))
    assert [obj["metadata"]["name"] for obj in store.list("configmaps")] == ["m", "c", "a", "z"]
    assert [obj["metadata"]["name"] for obj in store.list("configmaps", "b")] == ["a", "z"]
    assert store.list("configmaps", "nowhere") == []


def test_an_update_moves_the_version(store: Store) -> None:
    made = store.create("configmaps", config())
    new = store.update("configmaps", {**made, "data": {"a": "b"}})
    assert int(new["metadata"]["resourceVersion"]) == int(made["metadata"]["resourceVersion"]) + 1
    assert store.get("configmaps", "default", "a") is new


def test_an_update_that_changes_nothing_is_none(store: Store) -> None:
    made = store.create("configmaps", config(data={"a": "b"}))
    seen: list[Change] = []
    store.subscribe(seen.append)
    assert store.update("configmaps", changed(made, resourceVersion="1")) is made
    assert seen == []


def test_an_update_of_what_is_gone(store: Store) -> None:
    made = store.create("configmaps", config())
    store.delete("configmaps", "default", "a")
    with pytest.raises(KeyError):
        store.update("configmaps", {**made, "data": {}})


def test_what_is_deleted_is_gone_with_a_version_of_its_own(store: Store) -> None:
    store.create("configmaps", config())
    gone = store.delete("configmaps", "default", "a")
    assert gone["metadata"]["resourceVersion"] == str(store.revision)
    assert store.get("configmaps", "default", "a") is None


def test_subscribers_are_told_of_every_change(store: Store) -> None:
    seen: list[tuple[str, str, int]] = []
    end = store.subscribe(lambda change: seen.append((change.type, change.resource, change.revision)))
    made = store.create("configmaps", config())
    store.update("configmaps", {**made, "data": {"a": "b"}})
    store.delete("configmaps", "default", "a")
    end()
    store.create("configmaps", config())
    first = store.revision - 3
    assert seen == [(kind, "configmaps", first + n) for n, kind in enumerate(("ADDED", "MODIFIED", "DELETED"))]


def test_changes_made_by_subscribers_are_told_in_order(store: Store) -> None:
    def follow(change: Change) -> None:
        if change.type == "ADDED":
            store.update("configmaps", {**change.object, "data": {"seen": "yes"}})

    seen: list[str] = []
    store.subscribe(follow)
    store.subscribe(lambda change: seen.append(change.type))
    store.create("configmaps", config())
    assert seen == ["ADDED", "MODIFIED"]


def test_a_subscriber_that_fails_does_not_silence_the_others(store: Store) -> None:
    def fail(change: Change) -> None:
        raise ZeroDivisionError

    seen: list[Change] = []
    end = store.subscribe(fail)
    with pytest.raises(ZeroDivisionError):
        store.create("configmaps", config())
    end()
    store.subscribe(seen.append)
    store.create("configmaps", config("b"))
    assert [change.object["metadata"]["name"] for change in seen] == ["b"]


def test_a_change_holds_the_state_before_it(store: Store) -> None:
    made = store.create("configmaps", config())
    new = store.update("configmaps", {**made, "data": {}})
    (change,) = store.changes_since("configmaps", store.revision - 1)
    assert (change.previous, change.object) == (made, new)


def test_a_dry_run_stores_nothing(store: Store) -> None:
    made = store.create(DEPLOYMENTS, config(spec={"replicas": 1}))
    revision = store.revision
    shown = store.update(DEPLOYMENTS, {**made, "spec": {"replicas": 2}}, dry_run=True)
    store.create(DEPLOYMENTS, config("b"), dry_run=True)
    assert shown["metadata"]["generation"] == 2
    assert (store.revision, store.list(DEPLOYMENTS)) == (revision, [made])


def test_writers_that_name_a_manager_own_what_they_write(store: Store) -> None:
    made = store.create("configmaps", config(data={"a": "b"}), manager="me")
    new = store.update("configmaps", {**made, "data": {"a": "c"}}, manager="you")
    assert [(e["manager"], e["fieldsV1"]) for e in new["metadata"]["managedFields"]] == [
        ("me", {"f:data": {}}),
        ("you", {"f:data": {"f:a": {}}}),
    ]
