"""Get, list, watch: selectors, pages, tables, and what a watch tells."""

import json
from typing import Any

import pytest

from chaosimagecorrupt.simulator.api import Watch

from ..calls import DEPLOYMENTS, MERGE, PODS, WEB, PureCalls, deployment
from ..custom_resource import WIDGET, WIDGETS, define_widgets

CONFIGS = "/api/v1/namespaces/default/configmaps"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


@pytest.fixture
def calls() -> PureCalls:
    calls = PureCalls()
    for name, labels in (("a", {"app": "x", "tier": "front"}), ("b", {"app": "x"}), ("c", {"app": "y", "size": "5"})):
        calls("POST", CONFIGS, {"metadata": {"name": name, "labels": labels}})
    return calls


def listed(calls: PureCalls, query: str = "", path: str = CONFIGS) -> str:
    """The names of a list's items, joined."""
    answer = calls("GET", f"{path}?{query}")
    assert answer.status == 200, answer.body
    return "".join(item["metadata"]["name"] for item in answer.body["items"])


def events(watch: Watch, *made: Any) -> list[tuple[str, str]]:
    return [(event["type"], event["object"]["metadata"]["name"]) for event in map(json.loads, made)]


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("app=x", "ab"),
        ("app==x", "ab"),
        ("app!=x", "c"),
        ("app=x,tier=front", "a"),
        ("app=x,app=y", ""),
        ("tier", "a"),
        ("!tier", "bc"),
        ("app in (x, y)", "abc"),
        ("app notin (x)", "c"),
        ("tier notin (front)", "bc"),
        ("tier!=front", "bc"),
        ("size>4", "c"),
        ("size<4", ""),
        ("app=", ""),
        ("tier in ()", ""),
        ("", "abc"),
    ],
)
def test_label_selectors(calls: PureCalls, selector: str, names: str) -> None:
    query = selector.replace(" ", "%20").replace("!", "%21").replace("=", "%3D").replace(">", "%3E").replace("<", "%3C")
    assert listed(calls, f"labelSelector={query}") == names


@pytest.mark.parametrize("selector", ["a in", "a in (", "a in (b", "=b", "a b", "a=b c", ",", "a>x", "in (a)"])
def test_label_selectors_that_do_not_parse(calls: PureCalls, selector: str) -> None:
    query = selector.replace(" ", "%20").replace("=", "%3D").replace(">", "%3E")
    answer = calls("GET", f"{CONFIGS}?labelSelector={query}")
    assert (answer.status, answer.body["reason"]) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("selector", "names"), [("metadata.name%3Da", "a"), ("metadata.name!%3Da", "bc"), ("metadata.namespace%3Dx", "")]
)
def test_field_selectors(calls: PureCalls, selector: str, names: str) -> None:
    assert listed(calls, f"fieldSelector={selector}") == names


def test_field_selectors_that_a_kind_does_not_have(calls: PureCalls) -> None:
    known = 'only "metadata.name", "metadata.namespace"'
    assert calls("GET", f"{CONFIGS}?fieldSelector=data.x%3D1").message == (
        f'"data.x" is not a known field selector: {known}'
    )
    assert calls("GET", f"{CONFIGS}?fieldSelector=metadata.name").status == 400


def test_pods_are_selected_by_node_and_phase(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment(replicas=1))
    calls.advance(5)
    (pod,) = calls("GET", PODS).body["items"]
    name, node = pod["metadata"]["name"], pod["spec"]["nodeName"]
    assert listed(calls, f"fieldSelector=spec.nodeName%3D{node},status.phase%3DRunning", PODS) == name
    assert listed(calls, "fieldSelector=status.phase%3DFailed", PODS) == ""


def test_events_are_selected_by_what_they_are_about(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    calls.advance(5)
    path = "/api/v1/namespaces/default/events"
    query = "fieldSelector=involvedObject.kind%3DDeployment,involvedObject.name%3Dweb,type%3DNormal"
    found = calls("GET", f"{path}?{query}").body["items"]
    assert {event["reason"] for event in found} == {"ScalingReplicaSet"}


def test_a_list_in_pages_is_of_one_moment(calls: PureCalls) -> None:
    first = calls("GET", f"{CONFIGS}?limit=2").body
    calls("DELETE", f"{CONFIGS}/c")
    calls("POST", CONFIGS, {"metadata": {"name": "d"}})
    second = calls("GET", f"{CONFIGS}?limit=2&continue={first['metadata']['continue']}").body
    assert [item["metadata"]["name"] for item in first["items"] + second["items"]] == ["a", "b", "c"]
    assert first["metadata"]["remainingItemCount"] == 1
    assert second["metadata"] == {"resourceVersion": first["metadata"]["resourceVersion"]}


def test_a_page_of_a_selection_does_not_count_the_rest(calls: PureCalls) -> None:
    metadata = calls("GET", f"{CONFIGS}?limit=1&labelSelector=app%3Dx").body["metadata"]
    assert "continue" in metadata and "remainingItemCount" not in metadata


def test_the_next_page_of_a_list_that_is_past_is_410(calls: PureCalls) -> None:
    token = calls("GET", f"{CONFIGS}?limit=2").body["metadata"]["continue"]
    calls.store.create("configmaps", {"metadata": {"name": "new", "namespace": "default"}})
    calls.store.expire()
    answer = calls("GET", f"{CONFIGS}?limit=2&continue={token}")
    assert (answer.status, answer.body["reason"]) == (410, "Expired")


@pytest.mark.parametrize("query", ["continue=nonsense", "limit=x", "limit=-1", "resourceVersion=x"])
def test_parameters_of_a_list_that_make_no_sense(calls: PureCalls, query: str) -> None:
    assert calls("GET", f"{CONFIGS}?{query}").status == 400


def test_a_version_that_is_still_to_come_times_out(calls: PureCalls) -> None:
    answer = calls("GET", f"{CONFIGS}?resourceVersion=99999999")
    assert (answer.status, answer.body["details"]["retryAfterSeconds"]) == (504, 1)


def test_exactly_an_old_version_is_410(calls: PureCalls) -> None:
    version = calls("GET", f"{CONFIGS}/a").body["metadata"]["resourceVersion"]
    assert calls("GET", f"{CONFIGS}?resourceVersion={version}&resourceVersionMatch=Exact").status == 410
    assert calls("GET", f"{CONFIGS}?resourceVersion={version}").status == 200


def test_items_of_built_in_kinds_do_not_say_what_they_are(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    assert "kind" not in calls("GET", CONFIGS).body["items"][0]
    assert calls("GET", WIDGETS).body["items"][0]["kind"] == "Widget"


def test_all_namespaces_are_listed_in_order(calls: PureCalls) -> None:
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "alpha"}})
    calls("POST", "/api/v1/namespaces/alpha/configmaps", {"metadata": {"name": "z"}})
    assert listed(calls, path="/api/v1/configmaps") == "zabc"


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
    told = []
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
    told = []
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


def test_a_table_of_deployments(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    calls.advance(5)
    table = calls("GET", WEB, accept=TABLE).body
    names = [column["name"] for column in table["columnDefinitions"] if not column["priority"]]
    assert names == ["Name", "Ready", "Up-to-date", "Available", "Age"]
    assert table["rows"][0]["cells"][:4] == ["web", "2/2", 2, 2]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


def test_a_table_of_pods_shows_why_they_wait(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment(image="registry.invalid/x:chaos", replicas=1))
    calls.advance(3)
    (row,) = calls("GET", PODS, accept=TABLE).body["rows"]
    assert row["cells"][1:4] == ["0/1", "ErrImagePull", "0"]


def test_a_table_of_custom_resources_has_their_columns(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    status = {"status": {"conditions": [{"type": "Ready", "status": "False"}]}}
    calls("PATCH", f"{WIDGETS}/one/status", status, MERGE)
    table = calls("GET", WIDGETS, accept=TABLE).body
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Size", "Ready"]
    assert table["rows"][0]["cells"] == ["one", 3, "False"]


def test_a_table_can_hold_the_objects(calls: PureCalls) -> None:
    table = calls("GET", f"{CONFIGS}?includeObject=Object", accept=TABLE).body
    assert table["rows"][0]["object"]["metadata"]["name"] == "a"
    assert calls("GET", f"{CONFIGS}?includeObject=Half", accept=TABLE).status == 400


def test_a_watch_as_tables(calls: PureCalls) -> None:
    told = calls("GET", f"{CONFIGS}?watch=true&labelSelector=tier", accept=TABLE).body
    assert [event["object"]["kind"] for event in told] == ["Table"]
