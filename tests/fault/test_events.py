"""What the Event on a corrupted Deployment tells those who look at it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.fault.events import corrupted_event
from chaosimagecorrupt.fault.inject import GuardHandle, Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import InProcessClient, Place, web_place
from ..manifests import a_deployment
from ..restricted_client import RestrictedClient
from ..simulated_cluster import CORRUPT, IMAGE, NS
from ..strategies import container_names, quickly
from .test_inject import ReportedGuard

ENTRY = Entry("app", IMAGE, CORRUPT, id="id1", expires="2026-11-26T03:00:00Z", by="me@host")
PATH = f"/apis/events.k8s.io/v1/namespaces/{NS}/events"
OURS = {"fieldSelector": "reportingController=chaosimagecorrupt"}


def named(name: str, namespace: str) -> Any:
    deployment = a_deployment()
    deployment["metadata"] |= {"name": name, "namespace": namespace}
    return deployment


def events_on(place: Place) -> list[Any]:
    return list(place.ask("GET", PATH, **OURS).body["items"])


def injection(client: InProcessClient, guard: GuardHandle | None = None) -> Injection:
    return Injection(Target("web", NS, client), FaultSpec(None, CORRUPT, 60.0), guard)


def test_it_says_which_container_what_by_whom_until_when_and_how_to_undo_it() -> None:
    text = corrupted_event(ENTRY, named("web", "shop"), guarded=True)
    assert (text.reason, text.action, text.warning) == ("ImageCorrupted", "CorruptImage", True)
    for part in ("container app", IMAGE, CORRUPT, "me@host", "at 2026-11-26T03:00:00Z its guard undoes it"):
        assert part in text.note
    assert text.note.endswith("To undo it now: chaos image-corrupt restore web -n shop")


def test_it_promises_no_guard_where_there_is_none() -> None:
    note = corrupted_event(ENTRY, named("web", "shop"), guarded=False).note
    assert "it expires at 2026-11-26T03:00:00Z, but has no guard" in note


@quickly
@given(container_names, st.text("a/:0", min_size=1, max_size=600), st.text("a@-", max_size=400))
def test_how_to_undo_it_is_there_however_long_the_names_are(container: str, image: str, by: str) -> None:
    entry = replace(ENTRY, container=container, original=image, image=image, by=by)
    note = corrupted_event(entry, named("w" * 253, "n" * 63), guarded=False).note
    assert len(note.encode()) <= 1024 and note.endswith(f"restore {'w' * 253} -n {'n' * 63}")


@pytest.mark.parametrize("guarded", [True, False])
def test_an_injection_is_told_to_all_once_the_guard_knows_of_it(guarded: bool) -> None:
    place, guard = web_place(), ReportedGuard()
    reports_before = list[list[str]]()
    client = InProcessClient(place, "injector")
    client.meanwhile = {3: lambda: reports_before.append(list(guard.reports))}  # read, patched, the Event
    injection(client, GuardHandle(Settings(), lambda *_: guard) if guarded else None).inject()
    [event] = events_on(place)
    assert (event["reason"], event["type"], event["regarding"]["name"]) == ("ImageCorrupted", "Warning", "web")
    assert ("its guard undoes it" in event["note"]) == guarded
    assert reports_before == [["injected"] if guarded else []]


def test_a_dry_run_tells_nobody() -> None:
    place = web_place()
    injection(InProcessClient(place, "dry")).dry_run()
    assert events_on(place) == []


def test_without_the_right_the_fault_is_in_place_all_the_same() -> None:
    place = web_place()
    client = RestrictedClient(place, "restricted", "create events.events.k8s.io")
    assert injection(client).inject().plan.entry.image == CORRUPT
    assert events_on(place) == []
