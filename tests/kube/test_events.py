"""Any Event is one that the API server takes, by the simulator's validation, which is strict."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.kube.events import EventText, event_of
from chaosimagecorrupt.simulator.api.validation import invalid_object
from chaosimagecorrupt.simulator.kinds import Kinds

from ..manifests import a_deployment
from ..strategies import quickly

RESOURCE = Kinds().named("events.events.k8s.io")
NOW = 1_795_000_000.000001
_part = st.text("abz09-", min_size=1, max_size=63).map(lambda s: s.strip("-") or "a")
names = st.lists(_part, min_size=1, max_size=4).map(lambda parts: ".".join(parts)[:253].strip("-."))
texts = st.builds(EventText, st.just("ImageCorrupted"), st.just("CorruptImage"), st.text(max_size=3000), st.booleans())


def an_event(name: str = "web", instance: str = "me@host", unique: str = "0f", **text: Any) -> Any:
    deployment = a_deployment()
    deployment["metadata"]["name"] = name
    given_text = EventText(**{"reason": "ImageCorrupted", "action": "CorruptImage", "note": "a note"} | text)
    return event_of(deployment, given_text, "Deployment", now=NOW, instance=instance, unique=unique)


@quickly
@given(names, st.text(max_size=300), texts)
def test_any_names_and_texts_make_a_valid_event(name: str, instance: str, text: EventText) -> None:
    event = an_event(name, instance, **vars(text))
    assert invalid_object(RESOURCE, event) == []
    assert not any(c in event["note"] for c in "\n\r\x1b\u2028") and len(event["note"].encode()) <= 1024


def test_an_event_says_what_it_is_about_and_who_reports_it() -> None:
    event, about = an_event(), a_deployment()["metadata"]
    assert event["regarding"] == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "namespace": about["namespace"],
        "name": "web",
        "uid": about["uid"],
    }
    assert event["metadata"]["namespace"] == about["namespace"]
    assert (event["reportingController"], event["reportingInstance"]) == ("chaosimagecorrupt", "me@host")
    assert (event["type"], an_event(warning=True)["type"]) == ("Normal", "Warning")


def test_its_time_has_six_digits_which_is_what_the_api_server_reads() -> None:
    assert re.fullmatch(r"2026-\d\d-\d\dT\d\d:\d\d:\d\d\.000001Z", an_event()["eventTime"])


def test_two_events_on_a_deployment_with_the_longest_name_have_two_names() -> None:
    one, other = (an_event("a" * 253, unique=unique)["metadata"]["name"] for unique in ("0f", "10"))
    assert one != other and max(len(one), len(other)) <= 253


def test_a_long_note_is_cut_between_two_characters_and_shows_it() -> None:
    note = an_event(note="é" * 1000)["note"]
    assert note == "é" * 510 + "…" and len(note.encode()) <= 1024
