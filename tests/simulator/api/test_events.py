"""Events, through the API group events.k8s.io and through v1: the same objects in two forms."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.types import Json

from ..calls import Answer, PureCalls
from .access import grant

CORE = "/api/v1/namespaces/default/events"
EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events"
ABOUT = {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "default", "name": "web", "uid": "u"}
EVENT: Json = {
    "metadata": {"name": "web.1"},
    "eventTime": "2026-11-26T02:00:00.000001Z",
    "type": "Warning",
    "reason": "ImageCorrupted",
    "action": "CorruptImage",
    "note": "who, what, until when",
    "regarding": ABOUT,
    "reportingController": "tester",
    "reportingInstance": "someone@somewhere",
}
OLDER: Json = {
    "metadata": {"name": "web.2"},
    "involvedObject": ABOUT,
    "message": "Pulling image",
    "reason": "Pulling",
    "source": {"component": "kubelet"},
    "firstTimestamp": "2026-11-26T02:00:00Z",
    "lastTimestamp": "2026-11-26T02:00:09Z",
    "count": 3,
}


def created(calls: PureCalls, **changes: Any) -> Answer:
    """What the answer is to a new Event with some members changed; None leaves one out."""
    return calls("POST", EVENTS, {**EVENT, **changes})


def refused_fields(calls: PureCalls, **changes: Any) -> list[str]:
    answer = created(calls, **changes)
    assert answer.status == 422, answer
    return answer.fields


def test_an_event_is_answered_in_the_form_in_which_it_was_sent(calls: PureCalls) -> None:
    answer = created(calls)
    assert (answer.status, answer.body["apiVersion"]) == (201, "events.k8s.io/v1")
    assert {**answer.body, "metadata": EVENT["metadata"]}.items() >= EVENT.items()


def test_the_same_event_is_read_through_v1_in_the_older_form(calls: PureCalls) -> None:
    created(calls)
    found = calls("GET", f"{CORE}/web.1").body
    assert (found["apiVersion"], found["involvedObject"], found["message"]) == ("v1", ABOUT, EVENT["note"])
    assert (found["reportingComponent"], found["eventTime"]) == ("tester", EVENT["eventTime"])
    assert (found["source"], found["firstTimestamp"], found["lastTimestamp"]) == ({}, None, None)
    assert {"regarding", "note", "reportingController", "count"}.isdisjoint(found)


def test_an_event_of_v1_is_read_through_the_group_with_its_older_fields_marked(calls: PureCalls) -> None:
    assert calls("POST", CORE, OLDER).status == 201
    found = calls("GET", f"{EVENTS}/web.2").body
    assert (found["regarding"], found["note"]) == (ABOUT, "Pulling image")
    assert (found["deprecatedSource"], found["deprecatedCount"]) == ({"component": "kubelet"}, 3)
    assert found["deprecatedFirstTimestamp"] == OLDER["firstTimestamp"]
    assert found["deprecatedLastTimestamp"] == OLDER["lastTimestamp"]


def test_a_list_has_the_events_of_both_in_one_form(calls: PureCalls) -> None:
    created(calls)
    calls("POST", CORE, OLDER)
    listed = calls("GET", EVENTS).body
    assert (listed["apiVersion"], listed["kind"]) == ("events.k8s.io/v1", "EventList")
    assert {e["metadata"]["name"]: e["regarding"] for e in listed["items"]} == {"web.1": ABOUT, "web.2": ABOUT}


def test_a_watch_sends_the_events_of_both_in_one_form(calls: PureCalls) -> None:
    created(calls)
    calls("POST", CORE, OLDER)
    sent = calls("GET", f"{EVENTS}?watch=true").body
    assert [(e["type"], e["object"]["apiVersion"], e["object"]["note"]) for e in sent] == [
        ("ADDED", "events.k8s.io/v1", EVENT["note"]),
        ("ADDED", "events.k8s.io/v1", OLDER["message"]),
    ]


def test_an_event_that_is_deleted_is_gone_in_both_forms(calls: PureCalls) -> None:
    created(calls)
    assert calls("DELETE", f"{EVENTS}/web.1").body["status"] == "Success"
    assert (calls("GET", f"{EVENTS}/web.1").status, calls("GET", f"{CORE}/web.1").status) == (404, 404)


def test_all_are_deleted_that_a_selector_names(calls: PureCalls) -> None:
    created(calls)
    calls("POST", CORE, OLDER)
    gone = calls("DELETE", f"{EVENTS}?fieldSelector=reportingController=tester").body
    assert [(e["metadata"]["name"], e["note"]) for e in gone["items"]] == [("web.1", EVENT["note"])]
    assert [e["metadata"]["name"] for e in calls("GET", CORE).body["items"]] == ["web.2"]


@pytest.mark.parametrize(
    "path",
    [
        f"{EVENTS}?fieldSelector=regarding.name=web,reportingController=tester",
        f"{CORE}?fieldSelector=involvedObject.name=web,reportingComponent=tester",
        f"{CORE}?fieldSelector=source=tester",  # who reports it stands in for the source that a new Event has not
    ],
)
def test_events_are_selected_by_the_fields_of_either_form(calls: PureCalls, path: str) -> None:
    created(calls)
    calls("POST", CORE, OLDER)
    assert [e["metadata"]["name"] for e in calls("GET", path).body["items"]] == ["web.1"]


def test_a_field_of_the_older_form_is_no_selector_of_the_group(calls: PureCalls) -> None:
    assert calls("GET", f"{EVENTS}?fieldSelector=involvedObject.name=web").status == 400


def test_the_fields_are_owned_under_the_names_that_the_client_used(calls: PureCalls) -> None:
    (entry,) = created(calls).body["metadata"]["managedFields"]
    assert (entry["manager"], entry["apiVersion"]) == ("tester", "events.k8s.io/v1")
    assert {"f:note", "f:regarding", "f:eventTime"} <= entry["fieldsV1"].keys()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"eventTime": None}, "eventTime"),
        ({"type": "Other"}, "type"),
        ({"type": None}, "type"),
        ({"reason": None}, "reason"),
        ({"reason": "x" * 129}, "reason"),
        ({"action": None}, "action"),
        ({"action": "x" * 129}, "action"),
        ({"note": "x" * 1023 + "é"}, "message"),
        ({"reportingController": None}, "reportingController"),
        ({"reportingController": "not/a/name"}, "reportingController"),
        ({"reportingInstance": None}, "reportingInstance"),
        ({"reportingInstance": "x" * 129}, "reportingInstance"),
        ({"regarding": {"kind": "Node", "name": "n"}, "metadata": {"name": "n.1", "namespace": "default"}}, None),
        ({"deprecatedCount": 1}, "count"),
        ({"deprecatedSource": {"component": "x"}}, "source"),
        ({"deprecatedFirstTimestamp": "2026-11-26T02:00:00Z"}, "firstTimestamp"),
        ({"deprecatedLastTimestamp": "2026-11-26T02:00:00Z"}, "lastTimestamp"),
        ({"series": {"count": 1, "lastObservedTime": "2026-11-26T02:00:00.000000Z"}}, "series.count"),
        ({"series": {"count": 2}}, "series.lastObservedTime"),
        ({"metadata": {"name": "Not_a_name"}}, "metadata.name"),
    ],
)
def test_a_new_event_of_the_group_is_validated_strictly(calls: PureCalls, changes: Json, field: str | None) -> None:
    if field is None:
        assert created(calls, **changes).status == 201
    else:
        assert field in refused_fields(calls, **changes)


def test_the_longest_note_is_counted_in_bytes(calls: PureCalls) -> None:
    assert created(calls, note="x" * 1022 + "é").status == 201


def test_an_older_event_is_to_be_in_the_namespace_of_what_it_is_about(calls: PureCalls) -> None:
    answer = calls("POST", CORE, {**OLDER, "involvedObject": {**ABOUT, "namespace": "other"}})
    assert (answer.status, answer.fields) == (422, ["involvedObject.namespace"])


def test_a_dry_run_stores_nothing(calls: PureCalls) -> None:
    answer = calls("POST", f"{EVENTS}?dryRun=All", EVENT)
    assert (answer.status, answer.body["note"]) == (201, EVENT["note"])
    assert calls("GET", EVENTS).body["items"] == []


def test_a_name_is_taken_whichever_form_took_it(calls: PureCalls) -> None:
    calls("POST", CORE, {**OLDER, "metadata": {"name": "web.1"}})
    assert (created(calls).status, created(calls).message) == (409, 'events "web.1" already exists')


def test_the_right_is_one_on_the_group(calls: PureCalls, bot: str) -> None:
    refusal = calls("POST", EVENTS, EVENT, token=bot)
    assert refusal.status == 403
    assert 'cannot create resource "events" in API group "events.k8s.io" in the namespace "default"' in refusal.message
    grant(calls, {"apiGroups": ["events.k8s.io"], "resources": ["events"], "verbs": ["create"]})
    assert calls("POST", EVENTS, EVENT, token=bot).status == 201
    assert calls("GET", CORE, token=bot).status == 403


def test_the_group_is_discovered(calls: PureCalls) -> None:
    assert "events.k8s.io" in [group["name"] for group in calls("GET", "/apis").body["groups"]]
    (found,) = calls("GET", "/apis/events.k8s.io/v1").body["resources"]
    assert (found["name"], found["kind"], found["namespaced"], found["shortNames"]) == ("events", "Event", True, ["ev"])
