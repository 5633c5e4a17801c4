"""Which events a watch sends."""

import json
from typing import Any

import pytest

from chaosimagecorrupt.simulator.api import Watch

from ..calls import CONFIGS, DEPLOYMENTS, MERGE, PureCalls, deployment

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
pytestmark = pytest.mark.usefixtures("configs")


def events(watch: Watch, *made: Any) -> list[tuple[str, str]]:
    return [(event["type"], event["object"]["metadata"]["name"]) for event in map(json.loads, made)]


def test_a_watch_tells_what_came_after_a_version(calls: PureCalls) -> None:
    version = calls("GET", CONFIGS).body["metadata"]["resourceVersion"]
    calls("DELETE", f"{CONFIGS}/a")
    calls("PATCH", f"{CONFIGS}/b", {"data": {"x": "1"}}, MERGE)
    told = calls("GET", f"{CONFIGS}?watch=true&resourceVersion={version}").body
    assert [(event["type"], event["object"]["metadata"]["name"]) for event in told] == [
        ("DELETED", "a"),
        ("MODIFIED", "b"),
    ]
    assert int(told[0]["object"]["metadata"]["resourceVersion"]) == int(version) + 1


def test_a_watch_tells_each_change_once(calls: PureCalls) -> None:
    watch = calls.watch(f"{CONFIGS}?watch=true")
    told: list[bytes] = []
    calls.store.subscribe(lambda change: told.extend(watch.after(change)))
    assert len(list(watch.begin())) == 3
    calls("DELETE", f"{CONFIGS}/a")
    calls("POST", DEPLOYMENTS, deployment())
    assert events(watch, *told) == [("DELETED", "a")]


def test_a_watch_sees_only_its_namespace(calls: PureCalls) -> None:
    watch = calls.watch(f"{CONFIGS}?watch=true&resourceVersion=0")
    list(watch.begin())
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "alpha"}})
    calls("POST", "/api/v1/namespaces/alpha/configmaps", {"metadata": {"name": "z"}})
    (change,) = calls.store.changes_since("configmaps", calls.store.revision - 1)
    assert list(watch.after(change)) == []


def test_what_stops_matching_is_deleted_for_a_watch_and_what_starts_is_added(calls: PureCalls) -> None:
    watch = calls.watch(f"{CONFIGS}?watch=true&labelSelector=app%3Dx")
    told: list[bytes] = []
    list(watch.begin())
    calls.store.subscribe(lambda change: told.extend(watch.after(change)))
    calls("PATCH", f"{CONFIGS}/a", {"metadata": {"labels": {"app": "z"}}}, MERGE)
    calls("PATCH", f"{CONFIGS}/c", {"metadata": {"labels": {"app": "x"}}}, MERGE)
    calls("PATCH", f"{CONFIGS}/c", {"data": {"k": "v"}}, MERGE)
    assert events(watch, *told) == [("DELETED", "a"), ("ADDED", "c"), ("MODIFIED", "c")]


def test_a_watch_of_one_object_by_its_path(calls: PureCalls) -> None:
    told = calls("GET", f"{CONFIGS}/b?watch=true").body
    assert [event["object"]["metadata"]["name"] for event in told] == ["b"]


def test_a_watch_from_a_version_that_is_past_ends_with_410(calls: PureCalls) -> None:
    version = calls.store.revision
    calls("DELETE", f"{CONFIGS}/a")
    calls.store.expire()
    (event,) = calls("GET", f"{CONFIGS}?watch=true&resourceVersion={version}").body
    assert (event["type"], event["object"]["code"], event["object"]["reason"]) == ("ERROR", 410, "Expired")


def test_a_bookmark_says_how_far_the_watch_is(calls: PureCalls) -> None:
    watch = calls.watch(f"{CONFIGS}?watch=true&allowWatchBookmarks=true")
    event = json.loads(watch.bookmark())
    assert (event["type"], event["object"]["kind"]) == ("BOOKMARK", "ConfigMap")
    assert event["object"]["metadata"]["resourceVersion"] == str(calls.store.revision)


@pytest.mark.parametrize("query", ["labelSelector=%21%21", "timeoutSeconds=x"])
def test_a_watch_that_makes_no_sense_is_refused(calls: PureCalls, query: str) -> None:
    assert calls("GET", f"{CONFIGS}?watch=true&{query}").status == 400


def test_a_watch_as_tables(calls: PureCalls) -> None:
    told = calls("GET", f"{CONFIGS}?watch=true&labelSelector=tier", accept=TABLE).body
    assert [event["object"]["kind"] for event in told] == ["Table"]
