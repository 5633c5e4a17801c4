"""Events are counted, combined and limited."""

import pytest

from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.controllers.events import EventRecorder
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.store import Store

ABOUT = {"kind": "Pod", "namespace": "shop", "name": "web-1", "uid": "1", "apiVersion": "v1", "resourceVersion": "7"}


class Recording:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = Store(self.clock.now)
        self.recorder = EventRecorder(self.store, self.clock, Randomness(1), "kubelet", "node1")

    def tell(self, message: str = "Error: ErrImagePull", type_: str = "Warning", seconds: float = 10.0) -> None:
        self.recorder.event(ABOUT, type_, "Failed", message)
        self.clock.advance(seconds)

    def counts(self) -> list[int]:
        return [event["count"] for event in self.store.list("events")]


@pytest.fixture
def recording() -> Recording:
    return Recording()


def test_the_same_event_again_is_counted(recording: Recording) -> None:
    for _ in range(3):
        recording.tell()
    [event] = recording.store.list("events")
    assert event["count"] == 3
    assert event["firstTimestamp"] < event["lastTimestamp"]
    assert (event["source"], event["reportingComponent"]) == ({"component": "kubelet", "host": "node1"}, "kubelet")


def test_events_of_one_moment_have_names_of_their_own(recording: Recording) -> None:
    for message in ("a", "b", "c"):
        recording.tell(message, seconds=0)
    recording.clock.advance(1)
    assert recording.counts() == [1, 1, 1]


def test_many_similar_events_are_combined(recording: Recording) -> None:
    for number in range(14):
        recording.tell(f"Error creating: Pod web-{number} is invalid")
    messages = sorted(event["message"] for event in recording.store.list("events"))
    assert messages[0] == "(combined from similar events): Error creating: Pod web-13 is invalid"
    assert sorted(recording.counts()) == [1] * 9 + [5]


def test_similar_events_that_are_far_apart_are_not_combined(recording: Recording) -> None:
    for number in range(14):
        recording.tell(f"Error creating: Pod web-{number} is invalid", seconds=700)
    assert recording.counts() == [1] * 14


def test_after_25_updates_one_in_five_minutes_gets_through(recording: Recording) -> None:
    for _ in range(40):
        recording.tell(seconds=1)
    assert recording.counts() == [25]
    recording.clock.advance(300)
    recording.tell()
    recording.tell()
    # what was dropped has been counted
    assert recording.counts() == [41]


def test_normal_events_and_warnings_have_limits_of_their_own(recording: Recording) -> None:
    for _ in range(40):
        recording.tell(seconds=1)
    recording.tell("Back-off pulling image", "Normal")
    assert sorted(recording.counts()) == [1, 25]


def test_an_event_that_was_deleted_comes_back_with_its_count(recording: Recording) -> None:
    recording.tell()
    [event] = recording.store.list("events")
    recording.store.delete("events", "shop", event["metadata"]["name"])
    recording.tell()
    assert recording.counts() == [2]
