"""Virtual time and real time."""

import asyncio
import time
from functools import partial

import pytest

from chaosimagecorrupt.simulator.clock import LoopClock, ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(100.0)


def test_a_manual_clock_calls_back_in_the_order_of_time_then_of_asking(clock: ManualClock) -> None:
    calls: list[str] = []
    for when, name in ((103, "c"), (101, "a"), (101, "b"), (99, "past")):
        clock.call_at(when, partial(calls.append, name))
    assert calls == []
    clock.advance(5)
    assert calls == ["past", "a", "b", "c"]


def test_a_callback_sees_the_time_at_which_it_is_due(clock: ManualClock) -> None:
    times: list[float] = []
    clock.call_at(103, lambda: times.append(clock.now()))
    clock.advance(10)
    assert (times, clock.now()) == ([103], 110)


def test_a_callback_may_ask_for_another_one_within_the_same_advance(clock: ManualClock) -> None:
    times: list[float] = []

    def call_again() -> None:
        clock.call_at(102, lambda: times.append(clock.now()))

    clock.call_at(101, call_again)
    clock.advance(5)
    assert times == [102]


def test_what_is_cancelled_is_not_called(clock: ManualClock) -> None:
    calls: list[int] = []
    clock.call_at(101, lambda: calls.append(1)).cancel()
    clock.advance(5)
    assert calls == []


def test_what_is_drained_can_still_be_cancelled(clock: ManualClock) -> None:
    calls: list[int] = []
    timer = clock.call_at(101, lambda: calls.append(1))
    drained = list(clock.drain())
    timer.cancel()
    for _, callback in drained:
        callback()
    assert ([when for when, _ in drained], calls) == ([101], [])


def test_a_loop_clock_catches_up_with_the_past_and_goes_on_in_real_time() -> None:
    async def run() -> list[str]:
        clock, calls, done = LoopClock(asyncio.get_running_loop()), list[str](), asyncio.Event()
        start = clock.now()
        clock.call_at(start + 300, lambda: calls.append("past"))
        clock.call_at(start + 600.02, lambda: calls.append("future"))
        clock.call_at(start + 600.02, done.set)
        assert start == pytest.approx(time.time() - 600, abs=30)
        clock.catch_up()
        assert calls == ["past"]
        assert clock.now() == pytest.approx(time.time(), abs=30)
        await asyncio.wait_for(done.wait(), 60)
        return calls

    assert asyncio.run(run()) == ["past", "future"]
