"""Events, through the API group events.k8s.io and through v1: the same objects in two forms."""

import pytest

from ..calls import PureCalls
from .access import grant
from .events import ABOUT, CORE, EVENT, EVENTS, OLDER, created


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
