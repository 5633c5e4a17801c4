"""A process that guards many injections never ends while one that it has taken is open."""

import threading
import time
from typing import Any, cast

import pytest

from chaosimagecorrupt.guard.many import InjectionGuards
from chaosimagecorrupt.guard.orders import Task
from chaosimagecorrupt.guard.watch import InjectionGuard
from chaosimagecorrupt.record.entry import Entry

from ..fixtures_http import soon


class WaitingGuard:
    """Guards until it is told that its injection is undone, or it is asked to end."""

    def __init__(self, task: Task) -> None:
        self.id, self.over, self.said = task.entry.id, threading.Event(), list[str]()

    def run(self) -> None:
        self.over.wait()

    def ask_to_end(self) -> None:
        self.said.append("asked to end")
        if self.id != "stubborn":
            self.over.set()

    def injector_ended(self) -> None:
        self.said.append("alone")

    def log_what_is_left(self) -> None:
        self.said.append("left")


def task(injection_id: str) -> Task:
    return Task("web", "shop", Entry("app", "app:v1", "bad:v1", injection_id), 1.0)


@pytest.fixture
def guards() -> InjectionGuards:
    return InjectionGuards(lambda task: cast(InjectionGuard, WaitingGuard(task)))


def found(guards: InjectionGuards, injection_id: str) -> Any:
    guard = guards.find(injection_id)
    assert guard is not None
    return guard


def test_what_is_added_before_the_last_one_ends_is_waited_for(guards: InjectionGuards) -> None:
    assert guards.add([task("1")]) and guards.add([task("2")])
    found(guards, "1").over.set()
    assert soon(lambda: guards.wait(0.01) and len([t for t in threading.enumerate() if t.name == "guard"]) == 1)
    found(guards, "2").over.set()
    assert soon(lambda: not guards.wait(0.01))


def test_what_comes_after_the_last_one_has_ended_is_refused(guards: InjectionGuards) -> None:
    assert guards.add([task("1")])
    found(guards, "1").over.set()
    assert soon(lambda: not guards.wait(0.01))
    assert not guards.add([task("2")]) and guards.find("2") is None


def race(guards: InjectionGuards, pause: float) -> tuple[bool, bool]:
    """Add while the last one ends; return whether that was taken, and whether the process ended all the same."""
    guards.add([task("1")])
    taken, ended = list[bool](), threading.Event()

    def main() -> None:
        while guards.wait(0.001):
            pass
        ended.set()

    def adds() -> None:
        time.sleep(pause)
        taken.append(guards.add([task("2")]))

    threads = [threading.Thread(target=main), threading.Thread(target=adds)]
    for thread in threads:
        thread.start()
    found(guards, "1").over.set()
    threads[1].join()
    # one that was not taken leaves nothing to wait for; one that was is open still
    over = ended.wait(0.02 if taken[0] else 60.0)
    if taken[0]:
        found(guards, "2").over.set()
    threads[0].join(60.0)
    assert ended.is_set()
    return taken[0], over


def test_whichever_comes_first_the_end_or_an_addition_it_is_refused_or_waited_for() -> None:
    seen = set()
    for n in range(300):
        guards = InjectionGuards(lambda task: cast(InjectionGuard, WaitingGuard(task)))
        seen.add(race(guards, n % 30 / 100_000))
    assert seen <= {(True, False), (False, True)}, seen


def test_once_it_is_closed_by_a_signal_nothing_is_added_and_all_are_asked_to_end(guards: InjectionGuards) -> None:
    assert guards.add([task("1"), task("stubborn")])
    guards.close()
    assert not guards.add([task("2")])
    one, stubborn = found(guards, "1"), found(guards, "stubborn")
    guards.end(time.monotonic() + 0.1)
    assert (one.said, stubborn.said) == (["asked to end"], ["asked to end", "left"])
    stubborn.over.set()


def test_all_hear_that_the_injecting_process_has_ended(guards: InjectionGuards) -> None:
    assert guards.add([task("1"), task("2")])
    guards.injector_ended()
    assert [found(guards, n).said for n in ("1", "2")] == [["alone"], ["alone"]]
    guards.end(time.monotonic() + 60.0)


def test_those_that_have_ended_are_forgotten_when_another_one_comes(guards: InjectionGuards) -> None:
    assert guards.add([task("1"), task("2")])
    found(guards, "1").over.set()
    assert soon(lambda: len([t for t in threading.enumerate() if t.name == "guard"]) == 1)
    assert guards.add([task("3")]) and guards.find("1") is None and guards.find("2") is not None
    guards.end(time.monotonic() + 60.0)
