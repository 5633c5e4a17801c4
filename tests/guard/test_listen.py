"""A guard understands what the injecting process says, and goes on listening whatever else it hears."""

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chaosimagecorrupt.errors import ClusterError
from chaosimagecorrupt.guard.decide import InjectorState
from chaosimagecorrupt.guard.listen import Listener
from chaosimagecorrupt.guard.many import InjectionGuards
from chaosimagecorrupt.guard.orders import Task, tasks_to_json
from chaosimagecorrupt.record.entry import Entry

ENTRY = Entry("app", "app:v1", "bad:v1", "1")
TASKS = (Task("web", "shop", ENTRY, 1.0), Task("api", "shop", Entry("app", "app:v1", "bad:v1", "2"), 2.0))


class Heard:
    """Injection 1, and what became of it."""

    def __init__(self) -> None:
        self.all: list[object] = []

    def find(self, injection_id: str) -> Any:
        return self if injection_id == "1" else None

    def decided(self, entry: Entry) -> None:
        self.all.append(entry)

    def injector_reported(self, state: InjectorState) -> None:
        self.all.append(state)

    def injector_ended(self) -> None:
        self.all.append("ended")


@pytest.fixture
def guard() -> Iterator[Any]:
    """A guard that listens; `take` is what it does with further injections."""
    ours, its = socket.socketpair()
    ours.settimeout(10.0)
    found = SimpleNamespace(socket=ours, heard=Heard(), taken=[], take=lambda tasks: True)

    def take(tasks: Sequence[Task]) -> bool:
        found.taken.append(tasks)
        return bool(found.take(tasks))

    listener = Listener(its.fileno(), cast(InjectionGuards, found.heard), take)
    thread = threading.Thread(target=listener.run)
    found.over = thread.join
    thread.start()
    yield found
    ours.close()
    thread.join(10.0)
    assert not thread.is_alive()
    its.close()


def heard(guard: Any, *lines: str) -> list[object]:
    """What the injection hears of what is said, until the injecting process ends."""
    guard.socket.sendall("\n".join([*lines, ""]).encode())
    guard.socket.shutdown(socket.SHUT_WR)
    guard.over(10.0)
    found: list[object] = guard.heard.all
    return found


def test_reports_reach_the_injection_that_they_are_about(guard: Any) -> None:
    said = ["injected 1", "injected 2", f"decided 1 {json.dumps(asdict(ENTRY))}", "undone 1", "released 1", "left 1"]
    states = [InjectorState.UNDONE, InjectorState.RELEASED]
    assert heard(guard, *said) == [InjectorState.INJECTED, ENTRY, *states, "ended", "ended"]


def test_what_is_not_understood_is_passed_over(guard: Any) -> None:
    garbage = ["", " ", "1", "cheese 1", "decided 1 {", "decided 1 {}", 'decided 1 {"x": 1}', "add", "\udcff"]
    said = "\n".join([*garbage, "injected 1", "half a li"]).encode(errors="surrogateescape")
    guard.socket.sendall(said)
    assert heard(guard) == [InjectorState.INJECTED, "ended"]


def answer(guard: Any, text: str) -> bytes:
    guard.socket.sendall(f"add 1 {text}\n".encode())
    said: bytes = guard.socket.recv(4096)
    return said


def test_what_is_taken_is_acknowledged_afterwards(guard: Any) -> None:
    assert answer(guard, tasks_to_json(TASKS)) == b"up 1\n"
    assert guard.taken == [TASKS]


def test_what_cannot_be_taken_is_refused(guard: Any) -> None:
    guard.take = lambda tasks: False
    assert answer(guard, tasks_to_json(TASKS)) == b"refused 1\n"
    assert answer(guard, "[{]") == b"refused 1\n"
    for error in (ClusterError("away"), RuntimeError("can't start new thread")):
        guard.take = lambda tasks, error=error: (_ for _ in ()).throw(error)
        assert answer(guard, tasks_to_json(TASKS)) == b"refused 1\n"


def test_a_long_line_that_comes_in_pieces_is_one(guard: Any) -> None:
    many = TASKS * 1000
    assert answer(guard, tasks_to_json(many)) == b"up 1\n"
    assert guard.taken == [many]


def test_an_injecting_process_that_dies_before_it_reads_the_answer_has_ended(guard: Any) -> None:
    asked, killed = threading.Event(), threading.Event()

    def take(tasks: Sequence[Task]) -> bool:
        asked.set()
        return killed.wait(10.0)

    guard.take = take
    guard.socket.sendall(f"add 1 {tasks_to_json(TASKS)}\ninjected 1\n".encode())
    assert asked.wait(10.0)
    guard.socket.close()
    killed.set()
    guard.over(10.0)
    assert (guard.taken, guard.heard.all) == ([TASKS], [InjectorState.INJECTED, "ended"])


def test_a_connection_that_is_reset_has_ended(guard: Any) -> None:
    """Closed with an answer that nobody has read."""
    guard.take = lambda tasks: True
    guard.socket.sendall(f"add 1 {tasks_to_json(TASKS)}\n".encode())
    assert guard.socket.recv(4096, socket.MSG_PEEK) == b"up 1\n"
    guard.socket.close()
    guard.over(10.0)
    assert guard.heard.all == ["ended"]
