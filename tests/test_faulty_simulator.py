"""Faults on purpose: what a client sees, and what the server has done."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from chaosimagecorrupt.simulator.api import Request
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.types import Object

from .faulty_simulator import FaultySimulator
from .fixtures_http import soon
from .simulator.calls import CONFIGS, MERGE, HttpCalls

ONE = f"{CONFIGS}/one"
DROPPED = (http.client.RemoteDisconnected, ConnectionError)


@pytest.fixture(scope="module")
def running() -> Iterator[FaultySimulator]:
    with FaultySimulator([], clock=ManualClock()) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: FaultySimulator) -> Iterator[FaultySimulator]:
    yield running
    running.faults.clear()


@pytest.fixture
def calls(simulator: FaultySimulator) -> Iterator[HttpCalls]:
    calls = HttpCalls(simulator)
    calls("DELETE", CONFIGS)
    calls("POST", CONFIGS, {"metadata": {"name": "one"}, "data": {"n": "0"}})
    yield calls
    calls.close()


def patched(calls: HttpCalls, value: str) -> int:
    return calls("PATCH", ONE, {"data": {"n": value}}, MERGE).status


def value(calls: HttpCalls) -> str:
    return str(calls("GET", ONE).body["data"]["n"])


def test_the_nth_matching_request_is_answered_with_an_error(simulator: FaultySimulator, calls: HttpCalls) -> None:
    fault = simulator.faults.answer(500, "PATCH", "configmaps/one", nth=2)
    calls("GET", ONE)
    assert [patched(calls, str(n)) for n in (1, 2, 3)] == [200, 500, 200]
    assert (value(calls), fault.matched, fault.struck) == ("3", 3, 1)


def test_an_answered_request_is_not_acted_on(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.answer(409, "PATCH", times=None)
    assert [patched(calls, "1"), patched(calls, "2"), value(calls)] == [409, 409, "0"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [(409, "Conflict"), (429, "TooManyRequests"), (500, "InternalError"), (503, "ServiceUnavailable")],
)
def test_errors_are_those_of_the_api(simulator: FaultySimulator, calls: HttpCalls, code: int, reason: str) -> None:
    simulator.faults.answer(code)
    answer = calls("GET", ONE)
    assert (answer.status, answer.body["reason"], answer.body["code"]) == (code, reason, code)


def test_a_client_is_told_when_to_come_again(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.answer(429, retry_after=7)
    answer = calls("GET", ONE)
    assert (answer.headers["Retry-After"], answer.body["details"]) == ("7", {"retryAfterSeconds": 7})


def test_the_query_is_matched_too(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.answer(500, path=r"\?limit=1$", times=None)
    assert [calls("GET", CONFIGS).status, calls("GET", f"{CONFIGS}?limit=1").status] == [200, 500]


def test_dropped_before_the_server_acts(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.drop("before", "PATCH")
    with pytest.raises(DROPPED):
        patched(calls, "1")
    assert (value(calls), simulator.requests[-2].status) == ("0", 0)


def test_dropped_after_the_server_acted(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.drop("after", "PATCH")
    with pytest.raises(DROPPED):
        patched(calls, "1")
    assert value(calls) == "1"


def test_a_delay(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.delay(0.2, "GET")
    started = time.monotonic()
    calls("GET", ONE)
    assert time.monotonic() - started >= 0.2


def test_a_delay_holds_up_nobody_else(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.delay(600, path="slow")
    slow = calls.connect()
    slow.request("GET", f"{CONFIGS}/slow", headers={"Authorization": f"Bearer {simulator.token}"})
    assert calls("GET", ONE).status == 200
    slow.close()


class Patching:
    """A patch in a thread of its own."""

    def __init__(self, simulator: FaultySimulator, value: str) -> None:
        self.calls, self.status = HttpCalls(simulator), 0
        self.thread = threading.Thread(target=self.run, args=(value,))
        self.thread.start()

    def run(self, value: str) -> None:
        self.status = patched(self.calls, value)

    def ended(self) -> int:
        self.thread.join(timeout=60)
        self.calls.close()
        return self.status


def test_a_request_is_held_until_it_is_let_go(simulator: FaultySimulator, calls: HttpCalls) -> None:
    held = simulator.faults.hold("before", "PATCH")
    first = Patching(simulator, "1")
    assert soon(lambda: held.struck)
    assert (patched(calls, "2"), value(calls)) == (200, "2")
    held.release()
    assert (first.ended(), value(calls)) == (200, "1")


def test_an_answer_is_held_until_it_is_let_go(simulator: FaultySimulator, calls: HttpCalls) -> None:
    held = simulator.faults.hold("after", "PATCH")
    first = Patching(simulator, "1")
    assert soon(lambda: value(calls) == "1")
    assert first.thread.is_alive()
    held.release()
    assert first.ended() == 200


def test_what_is_held_is_let_go_when_faults_are_cleared(simulator: FaultySimulator, calls: HttpCalls) -> None:
    held = simulator.faults.hold("before", "PATCH", times=None)
    first = Patching(simulator, "1")
    assert soon(lambda: held.struck)
    simulator.faults.clear()
    assert first.ended() == 200


def test_connections_are_refused_until_they_are_taken_again(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.refuse()
    with pytest.raises(DROPPED):
        calls("GET", ONE)
    with pytest.raises(ConnectionRefusedError):
        calls.connect().connect()
    simulator.faults.accept()
    assert calls("GET", ONE).status == 200


def test_silence(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.silence(600)
    impatient = calls.connect()
    impatient.connect()
    impatient.sock.settimeout(0.1)
    impatient.request("GET", ONE, headers={"Authorization": f"Bearer {simulator.token}"})
    with pytest.raises(TimeoutError):
        impatient.getresponse()
    impatient.close()


def test_a_silence_ends_by_itself(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.silence(0.1)
    assert calls("GET", ONE).status == 200
    assert simulator.faults.silence_left() == 0


def test_a_silence_is_over_when_it_is_cleared(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.silence(600)
    waiting = calls.connect(timeout=60)
    waiting.request("GET", ONE, headers={"Authorization": f"Bearer {simulator.token}"})
    simulator.faults.clear()
    assert waiting.getresponse().status == 200
    waiting.close()


def test_a_second_writer_before_the_patch(simulator: FaultySimulator, calls: HttpCalls) -> None:
    def write(request: Request) -> None:
        one = simulator.world.store.get("configmaps", "default", "one")
        assert one is not None
        simulator.world.store.update("configmaps", {**one, "data": {"n": "theirs"}}, manager="other")

    version = calls("GET", ONE).body["metadata"]["resourceVersion"]
    simulator.faults.hook("before", write, "PATCH")
    body = {"metadata": {"resourceVersion": version}, "data": {"n": "ours"}}
    assert (calls("PATCH", ONE, body, MERGE).status, value(calls)) == (409, "theirs")


def test_a_hook_after_a_read_sees_the_request(simulator: FaultySimulator, calls: HttpCalls) -> None:
    seen: list[tuple[str, str, str]] = []
    simulator.faults.hook(
        "after", lambda request: seen.append((request.method, request.path, request.field_manager)), "GET", "one", 2
    )
    calls("GET", ONE)
    assert seen == []
    calls("GET", f"{ONE}?fieldManager=me")
    assert seen == [("GET", ONE, "me")]


class Watching:
    """A watch in a thread of its own."""

    def __init__(self, calls: HttpCalls, query: str = "") -> None:
        self.connection = calls.connect()
        path = f"{CONFIGS}?watch=true{query}"
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {calls.simulator.token}"})
        self.response = self.connection.getresponse()
        self.lines: list[Object] = []
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self) -> None:
        for line in self.response:
            self.lines.append(json.loads(line))

    def ended(self) -> list[Object]:
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()
        self.connection.close()
        return self.lines


def test_watches_are_closed(simulator: FaultySimulator, calls: HttpCalls) -> None:
    watching = Watching(calls)
    simulator.faults.close_watches()
    assert [event["type"] for event in watching.ended()] == ["ADDED"]


def write(simulator: FaultySimulator, value: str) -> None:
    """Change the one ConfigMap behind the server's back, so to speak: without a request."""

    def change() -> None:
        one = simulator.world.store.get("configmaps", "default", "one")
        assert one is not None
        simulator.world.store.update("configmaps", {**one, "data": {"n": value}})

    simulator.call(change)


def test_a_silence_keeps_open_watches_waiting(simulator: FaultySimulator, calls: HttpCalls) -> None:
    watching = Watching(calls)
    assert soon(lambda: watching.lines)
    simulator.faults.silence(600)
    write(simulator, "unheard")
    simulator.faults.close_watches()
    watching.thread.join(timeout=0.1)
    assert (watching.thread.is_alive(), len(watching.lines)) == (True, 1)
    simulator.faults.clear()
    assert [event["object"]["data"]["n"] for event in watching.ended()] == ["0", "unheard"]


def test_watches_expire(simulator: FaultySimulator, calls: HttpCalls) -> None:
    version = calls("GET", CONFIGS).body["metadata"]["resourceVersion"]
    patched(calls, "1")
    watching = Watching(calls, f"&resourceVersion={version}")
    simulator.faults.expire_watches()
    modified, error = watching.ended()
    assert (modified["type"], error["type"], error["object"]["code"]) == ("MODIFIED", "ERROR", 410)
    (again,) = Watching(calls, f"&resourceVersion={version}").ended()
    assert again["object"]["reason"] == "Expired"


def test_an_expired_client_can_list_and_watch_again(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.expire_watches()
    version = calls("GET", CONFIGS).body["metadata"]["resourceVersion"]
    watching = Watching(calls, f"&resourceVersion={version}&timeoutSeconds=5")
    patched(calls, "2")
    simulator.faults.close_watches()
    assert [event["type"] for event in watching.ended()] == ["MODIFIED"]


def test_cleared_faults_strike_no_more(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.answer(500, times=None)
    simulator.faults.silence(60)
    simulator.faults.clear()
    assert calls("GET", ONE).status == 200


def test_connections_are_taken_again_when_faults_are_cleared(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.refuse()
    simulator.faults.clear()
    calls.close()  # what was open before was dropped
    assert calls("GET", ONE).status == 200


def test_a_hook_may_refuse_connections(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.hook("before", lambda request: simulator.faults.refuse(), "PATCH")
    with suppress(*DROPPED):  # the connection is dropped before or after the answer
        patched(calls, "1")
    with pytest.raises(DROPPED):
        calls("GET", ONE)


def test_several_faults_strike_one_request(simulator: FaultySimulator, calls: HttpCalls) -> None:
    simulator.faults.delay(0.1)
    simulator.faults.answer(500)
    started = time.monotonic()
    assert calls("GET", ONE).status == 500
    assert time.monotonic() - started >= 0.1
