"""A guard undoes its injection: the image first, then the Events and the traces."""

import pytest

from chaosimagecorrupt.errors import ClusterError
from chaosimagecorrupt.guard.turns import Turns
from chaosimagecorrupt.guard.undoing import Undoing

from ..restore.corrupted_web import CorruptedWeb
from ..simulated_cluster import IMAGE


def reasons(web: CorruptedWeb) -> list[str]:
    """Return the reasons of the Events that this extension emitted."""
    events = web.place.world.store.list("events", None)
    return [e["reason"] for e in events if e.get("reportingComponent") == "chaosimagecorrupt"]


def test_the_image_is_back_before_anything_else_is_done() -> None:
    web, undoing = CorruptedWeb(), Undoing(Turns(1))
    assert undoing.restore(lambda: web.target, web.entry, "") == "restored"
    assert web.image() == IMAGE and web.traces() != [] and "GuardRestored" not in reasons(web)
    assert undoing.clean_up(lambda: web.target, web.entry) == []
    assert web.traces() == [] and reasons(web).count("GuardRestored") == 1


def test_the_event_says_which_condition_was_met() -> None:
    web, undoing = CorruptedWeb(), Undoing(Turns(1))
    undoing.restore(lambda: web.target, web.entry, "1 of 2 pods is ready")
    undoing.emit_events(web.target)
    undoing.emit_events(web.target)
    [event] = [e for e in web.place.world.store.list("events", None) if e["reason"] == "GuardRestored"]
    assert "The stop condition was met: 1 of 2 pods is ready" in event["message"]


def test_what_another_process_undid_is_cleaned_up_too() -> None:
    web, undoing = CorruptedWeb(), Undoing(Turns(1))
    web.set_containers(app=IMAGE)
    assert undoing.clean_up(lambda: web.target, web.entry) == []
    assert web.traces() == []


def test_an_attempt_that_fails_can_be_made_again() -> None:
    web, undoing = CorruptedWeb(), Undoing(Turns(1))
    web.client.troubles = ["403"]
    with pytest.raises(ClusterError):
        undoing.restore(lambda: web.target, web.entry, "")
    assert undoing.restore(lambda: web.target, web.entry, "") == "restored"
