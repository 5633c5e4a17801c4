"""Many objects stay usable.

What is measured is the time of the processor, of client and server together: a busy machine takes longer, but is not
what this is about.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chaosimagecorrupt.simulator.clock import ManualClock

from ..faulty_simulator import FaultySimulator
from .calls import PODS, HttpCalls

PODS_HERE = 5000
RECORDING = Path(__file__).parent.parent / "recordings" / "rolling-update.jsonl"


@pytest.fixture(scope="module")
def calls() -> Iterator[HttpCalls]:
    """5,000 running pods like the recorded one, on a node that nobody simulates."""
    events = [json.loads(line) for line in RECORDING.read_text().splitlines()]
    pod = next(event["object"] for event in reversed(events) if event.get("kind") == "Pod")
    spec = {**pod["spec"], "nodeName": "elsewhere"}
    with FaultySimulator([], clock=ManualClock()) as simulator:

        def fill() -> None:
            for number in range(PODS_HERE):
                metadata = {"name": f"web-{number:05}", "namespace": "default", "labels": {"app": "web"}}
                simulator.world.store.create("pods", {**pod, "metadata": metadata, "spec": spec}, manager="kubelet")

        simulator.call(fill)
        calls = HttpCalls(simulator)
        yield calls
        calls.close()


def timed_list(calls: HttpCalls, query: str) -> tuple[float, int]:
    started = time.process_time()
    found = calls("GET", PODS + query).body["items"]
    return time.process_time() - started, len(found)


def test_a_list_of_5000_pods_takes_less_than_two_seconds(calls: HttpCalls) -> None:
    started = time.process_time()
    calls.connection.request("GET", PODS, headers={"Authorization": f"Bearer {calls.simulator.token}"})
    body = calls.connection.getresponse().read()
    taken = time.process_time() - started
    assert body.count(b'"uid"') >= PODS_HERE
    assert taken < 2


def test_a_page_takes_no_longer_because_there_are_many(calls: HttpCalls) -> None:
    taken, found = timed_list(calls, "?limit=100")
    assert found == 100
    assert taken < 0.3


def test_one_pod_of_many_is_read_at_once(calls: HttpCalls) -> None:
    started = time.process_time()
    for _ in range(100):
        assert calls("GET", f"{PODS}/web-04999").status == 200
    assert (time.process_time() - started) / 100 < 0.02
