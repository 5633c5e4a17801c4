"""The log of changes, from which watches read what they missed."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.store import Store
from chaosimagecorrupt.simulator.types import Object
from chaosimagecorrupt.simulator.watch_cache import LOG_LENGTH, Expired

NOW = 1_700_000_000.0


@pytest.fixture
def store() -> Store:
    return Store(lambda: NOW)


def config(name: str = "a", namespace: str = "default", **more: Any) -> Object:
    return {"metadata": {"name": name, "namespace": namespace}, **more}


def test_changes_are_kept_by_resource(store: Store) -> None:
    start = store.revision
    store.create("configmaps", config())
    store.create("secrets", config())
    assert [change.resource for change in store.changes_since("secrets", start)] == ["secrets"]


def test_versions_from_before_the_beginning_are_expired(store: Store) -> None:
    with pytest.raises(Expired, match="too old resource version: 1 "):
        store.changes_since("configmaps", 1)


def test_expired_changes_are_gone(store: Store) -> None:
    before = store.revision
    store.create("configmaps", config())
    store.expire()
    assert store.changes_since("configmaps", store.revision) == []
    with pytest.raises(Expired):
        store.changes_since("configmaps", before)


def test_the_log_is_cut_at_its_beginning(store: Store) -> None:
    start = store.revision
    made = store.create("configmaps", config())
    for number in range(LOG_LENGTH + 5):
        made = store.update("configmaps", {**made, "data": {"n": str(number)}})
    with pytest.raises(Expired):
        store.changes_since("configmaps", start)
    assert len(store.changes_since("configmaps", store.oldest("configmaps"))) == LOG_LENGTH
