"""What those who look at a restored Deployment read in its Events."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.record.annotations import RECORD
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.restore.events import guard_events, restored_events
from chaosimagecorrupt.restore.many import Todo, restore_all
from chaosimagecorrupt.restore.outcome import Outcome, RestoreOutcome
from chaosimagecorrupt.restore.restore import preview_restore, restore
from chaosimagecorrupt.workload.target import Target

from ..simulated_cluster import CORRUPT, IMAGE, NS
from .corrupted_web import CorruptedWeb

PATH = f"/apis/events.k8s.io/v1/namespaces/{NS}/events"
OTHER = "localhost/app:v2"
ENTRY = Entry("app", IMAGE, CORRUPT)
RESTORED, HEALED = (
    Outcome("app", RestoreOutcome.RESTORED, ENTRY, CORRUPT),
    Outcome("app", RestoreOutcome.HEALED, ENTRY, IMAGE, "helm", "2026-11-26T03:00:00Z"),
)


def events_on(web: CorruptedWeb) -> list[Any]:
    """The Events that the restore emitted."""
    found = web.place.ask("GET", PATH, fieldSelector="reportingController=chaosimagecorrupt").body["items"]
    return [e for e in found if e["reason"] != "ImageCorrupted"]


def told(web: CorruptedWeb) -> list[tuple[str, str]]:
    return [(e["reason"], e["note"]) for e in events_on(web)]


def test_an_image_that_is_put_back() -> None:
    web = CorruptedWeb()
    restore(web.target)
    [event] = events_on(web)
    assert (event["reason"], event["type"], event["action"]) == ("ImageRestored", "Normal", "RestoreImage")
    assert event["note"].startswith(f"Container app has its image {IMAGE} back, put back by ")


def test_an_image_that_someone_else_has_put_back() -> None:
    web = CorruptedWeb()
    web.set_containers(app=IMAGE)
    restore(web.target)
    [(reason, note)] = told(web)
    assert reason == "ImageHealed" and f"had its image {IMAGE} back already, set by ci at 20" in note


def test_another_image_that_someone_else_has_deployed() -> None:
    web = CorruptedWeb()
    web.set_containers(app=OTHER)
    restore(web.target)
    [(reason, note)] = told(web)
    assert reason == "ImageSuperseded" and f"has {OTHER}, set by ci at 20" in note and "which stays" in note


def test_a_container_that_someone_else_has_removed() -> None:
    web = CorruptedWeb()
    web.set_containers(other=OTHER)
    restore(web.target)
    [(reason, note)] = told(web)
    assert reason == "ImageSuperseded" and "app is not in the template any longer" in note


def test_a_restore_that_has_nothing_to_do_tells_nobody() -> None:
    web = CorruptedWeb()
    restore(web.target)
    restore(web.target)
    assert [reason for reason, _ in told(web)] == ["ImageRestored"]


def test_a_preview_tells_nobody() -> None:
    web = CorruptedWeb()
    preview_restore(web.target)
    assert told(web) == []


def test_a_restore_that_is_refused_tells_nobody() -> None:
    web = CorruptedWeb()
    web.patch({"metadata": {"annotations": {RECORD: None}}})
    web.set_containers(app=OTHER)
    with pytest.raises(Refused):
        restore(web.target)
    assert told(web) == []


def test_without_the_right_the_result_is_the_same() -> None:
    allowed, forbidden = CorruptedWeb(), CorruptedWeb("create events.events.k8s.io")
    results: list[Any] = [restore(web.target) for web in (allowed, forbidden)]
    assert [(r["outcome"], r["warnings"]) for r in results] == [("restored", [])] * 2
    assert (len(told(allowed)), told(forbidden), forbidden.traces()) == (1, [], [])


def test_of_many_no_event_is_emitted_before_all_images_are_back() -> None:
    first, second = CorruptedWeb(), CorruptedWeb()
    sent = list[str]()
    for web in (first, second):
        watch(web, sent)
    restore_all([Todo(Target("web", NS, web.client), None) for web in (first, second)], concurrency=1)
    order = [what for what in sent if what.startswith(("patch deployments", "create events"))]
    assert [what.split()[0] for what in order[:3]] == ["patch", "patch", "create"]
    assert (len(told(first)), len(told(second))) == (1, 1)


def watch(web: CorruptedWeb, sent: list[str]) -> None:
    """Keep what a client sends."""
    send = web.client.send

    def keeping(request: Any) -> Any:
        sent.append(request.what)
        return send(request)

    web.client.send = keeping  # type: ignore[method-assign]  # a client of the tests' own


def test_a_guard_says_that_it_was_the_guard_and_why() -> None:
    [event] = guard_events([RESTORED], "me@host", "Fewer than 2 pods were ready.")
    assert (event.reason, event.action, event.warning) == ("GuardRestored", "RestoreImage", False)
    assert event.note == (
        f"Container app has its image {IMAGE} back, put back by the guard of me@host. Fewer than 2 pods were ready."
    )


def test_a_guard_does_not_claim_what_others_did() -> None:
    [event] = guard_events([HEALED], "me@host")
    assert event == restored_events([HEALED], "me@host")[0]
    assert event.reason == "ImageHealed" and "set by helm at 2026-11-26T03:00:00Z" in event.note
