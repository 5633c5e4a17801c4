"""Work that waits for requests, and the queue of keys."""

import itertools

import pytest

from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.controllers.errors import StatusError
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.controllers.workqueue import Key, Run, Work, WorkQueue

KEY = ("shop", "web")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(100.0)


def test_requests_take_time_and_answer(clock: ManualClock) -> None:
    answers: list[object] = []

    def work() -> Work:
        answers.append((yield lambda: clock.now()))

    Run(clock, Randomness(1), work(), lambda error: answers.append(error)).start()
    assert answers == []
    clock.advance(1)
    assert answers == [pytest.approx(100.016, abs=0.015), None]


def test_a_refused_request_is_thrown_into_the_work(clock: ManualClock) -> None:
    failures: list[object] = []

    def refuse() -> None:
        raise StatusError("Conflict", "changed")

    def work() -> Work:
        try:
            yield refuse
        except StatusError as error:
            failures.append(error.reason)
        yield refuse

    Run(clock, Randomness(1), work(), lambda error: failures.append(str(error))).start()
    clock.advance(1)
    assert failures == ["Conflict", "changed"]


def test_requests_sent_at_once_are_answered_together_errors_included(clock: ManualClock) -> None:
    answers: list[object] = []

    def refuse() -> None:
        raise StatusError("Invalid", "no")

    def work() -> Work:
        answers.extend((yield [lambda: 1, refuse, lambda: 3]))

    Run(clock, Randomness(1), work(), lambda error: None).start()
    clock.advance(1)
    assert (answers[0], str(answers[1]), answers[2]) == (1, "no", 3)


def test_cancelled_work_goes_no_further(clock: ManualClock) -> None:
    steps: list[int] = []

    def work() -> Work:
        yield 1
        steps.append(1)

    run = Run(clock, Randomness(1), work(), lambda error: steps.append(2))
    run.start()
    run.cancel()
    clock.advance(5)
    assert steps == []


def test_cancelled_work_ends_what_it_was_in_the_middle_of(clock: ManualClock) -> None:
    steps: list[int] = []

    def work() -> Work:
        try:
            yield 1
        finally:
            steps.append(1)

    run = Run(clock, Randomness(1), work(), lambda error: steps.append(2))
    run.start()
    run.cancel()
    assert steps == [1]


def queue(clock: ManualClock, seconds: float, log: list[float], fails: int = 0, workers: int = 5) -> WorkQueue:
    def sync(key: Key) -> Work:
        log.append(clock.now())
        yield seconds
        if len(log) <= fails:
            raise StatusError("Conflict", "changed")

    return WorkQueue(clock, Randomness(1), sync, workers)


def test_a_key_that_is_added_twice_is_worked_on_once(clock: ManualClock) -> None:
    log: list[float] = []
    keys = queue(clock, 1, log)
    keys.add(KEY)
    keys.add(KEY)
    clock.advance(10)
    assert log == [100]


def test_a_key_that_is_added_during_its_work_is_worked_on_afterwards(clock: ManualClock) -> None:
    log: list[float] = []
    keys = queue(clock, 1, log)
    keys.add(KEY)
    clock.advance(0.5)
    keys.add(KEY)
    clock.advance(10)
    assert log == [100, 101]


def test_only_so_many_keys_are_worked_on_at_a_time(clock: ManualClock) -> None:
    log: list[float] = []
    keys = queue(clock, 1, log, workers=2)
    for number in range(5):
        keys.add(("shop", str(number)))
    clock.advance(10)
    assert log == [100, 100, 101, 101, 102]


def test_failed_work_is_tried_again_later_each_time(clock: ManualClock) -> None:
    log: list[float] = []
    queue(clock, 0, log, fails=4).add(KEY)
    clock.advance(10)
    waits = [later - earlier for earlier, later in itertools.pairwise(log)]
    assert waits == pytest.approx([0.005, 0.01, 0.02, 0.04])


def test_success_ends_the_row_of_failures(clock: ManualClock) -> None:
    log: list[float] = []
    keys = queue(clock, 0, log, fails=3)
    keys.add(KEY)
    clock.advance(10)
    keys.add_rate_limited(KEY)
    clock.advance(10)
    assert log[-1] == pytest.approx(110.005)


def test_of_several_wishes_for_later_the_earliest_counts(clock: ManualClock) -> None:
    log: list[float] = []
    keys = queue(clock, 0, log)
    for seconds in (5, 3, 8):
        keys.add_after(KEY, seconds)
    clock.advance(20)
    assert log == [103]
