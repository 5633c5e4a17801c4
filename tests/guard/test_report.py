"""What the injecting process says to a guard, and what it makes of the guard's answers."""

import socket
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from chaosimagecorrupt.guard.orders import Task, tasks_from_json
from chaosimagecorrupt.guard.report import GuardProcess
from chaosimagecorrupt.record.entry import Entry

Said = tuple[str, ...]


def task(injection_id: str, image: str = "app:v1") -> Task:
    return Task("web", "shop", Entry("app", image, "bad:v1", injection_id), 1.0)


@pytest.fixture
def guard() -> Iterator[Any]:
    """A guard of one injection; the test says what it answers, and reads what it was told."""
    ours, its = socket.socketpair()
    its.settimeout(10.0)
    yield SimpleNamespace(socket=its, process=GuardProcess(ours, [task("1")], "/log", timeout=0.2))
    its.close()


def lines(guard: Any) -> list[str]:
    """What the guard was told; the connection has to be at its end."""
    said = b"".join(iter(lambda: guard.socket.recv(65536), b""))
    return [line for line in said.decode().splitlines() if line]


def answering(guard: Any, answer: Callable[[], None]) -> threading.Thread:
    """Have the guard act once it is asked to take another injection."""

    def act() -> None:
        guard.said = guard.socket.recv(65536).decode()
        answer()

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def add(guard: Any, answer: bytes | None, *tasks: Task) -> bool:
    """Hand tasks over; None: the guard is killed."""

    def act() -> None:
        guard.socket.sendall(answer) if answer is not None else guard.socket.close()

    thread = answering(guard, act)
    taken: bool = guard.process.add(tasks)
    thread.join()
    return taken


def test_what_a_guard_has_acknowledged_it_guards(guard: Any) -> None:
    assert add(guard, b"up 2\n", task("2"), task("3"))
    word, first, tasks = guard.said.split(" ", 2)
    assert (word, first, tasks_from_json(tasks)) == ("add", "2", (task("2"), task("3")))
    for injection_id in ("1", "2", "3"):
        guard.process.injected(injection_id)
        guard.process.undone(injection_id)
        guard.process.release(injection_id)
    expected = [f"{word} {n}" for n in (1, 2, 3) for word in ("injected", "undone", "released")]
    assert lines(guard) == expected


@pytest.mark.parametrize("answer", [b"refused 2\n", b"ended\n", b"up 1\n", b"up 2", b"\xff\n"])
def test_what_it_has_not_acknowledged_it_is_told_to_forget_and_it_is_asked_for_nothing_more(
    guard: Any, answer: bytes
) -> None:
    assert not add(guard, answer, task("2"), task("3"))
    assert not guard.process.add([task("4")])
    guard.process.injected("2")
    guard.process.release("1")
    assert lines(guard) == ["released 2", "released 3", "released 1"]
    assert guard.process.unguarded() == []


def test_a_guard_that_does_not_answer_in_time_is_told_to_forget_them(guard: Any) -> None:
    assert not guard.process.add([task("2")])
    guard.process.release("1")
    said = lines(guard)
    assert [line.split()[:2] for line in said] == [["add", "2"], ["released", "2"], ["released", "1"]]
    assert guard.process.unguarded() == []


def test_a_guard_that_was_stopped_with_much_to_read_stops_nobody(guard: Any) -> None:
    assert not guard.process.add([task(str(n), "v" * 1000) for n in range(2, 1000)])
    guard.process.injected("1")
    said = lines(guard)  # it goes on: half a line, and the end
    assert len(said) == 1 and said[0].startswith("add 2 ")


def test_an_interruption_while_it_is_asked_leaves_nothing_acknowledged(guard: Any) -> None:
    class Interrupted(socket.socket):
        def recv(self, *_: Any) -> bytes:
            raise KeyboardInterrupt

    process = GuardProcess(Interrupted(fileno=guard.process._channel.detach()), [task("1")], "/log")
    with pytest.raises(KeyboardInterrupt):
        process.add([task("2")])
    process.release("1")
    assert [line.split()[:2] for line in lines(guard)] == [["add", "2"], ["released", "2"], ["released", "1"]]


def test_once_nothing_is_guarded_nothing_is_added(guard: Any) -> None:
    guard.process.release("1")
    assert not guard.process.add([task("2")])
    assert lines(guard) == ["released 1"]


def test_what_a_killed_guard_guarded_is_known_and_another_one_hears_all_of_it(guard: Any) -> None:
    assert add(guard, b"up 2\n", task("2"), task("3"), task("4"))
    guard.process.injected("1")
    guard.process.injected("2")
    guard.process.undone("2")
    guard.process.release("4")
    guard.socket.recv(65536)
    assert not add(guard, None, task("5"))
    unguarded = guard.process.unguarded()
    assert unguarded == [task("1"), task("2"), task("3")]
    # meanwhile
    guard.process.leave("1")
    guard.process.decided(task("3", "app:v2").entry)
    ours, its = socket.socketpair()
    other = GuardProcess(ours, [task("6"), *unguarded], "/log")
    guard.process.succeed_by(other, unguarded)
    guard.process.injected("3")
    for injection_id in ("2", "3", "6"):
        guard.process.release(injection_id)
    said = [" ".join(line.split()[:2]) for line in lines(SimpleNamespace(socket=its))]
    its.close()
    assert said == ["left 1", "undone 2", "decided 3", "injected 3", "released 2", "released 3", "released 6"]


def test_a_guard_that_nobody_can_report_to_any_longer_knows(guard: Any) -> None:
    guard.process = None
    assert lines(guard) == []
