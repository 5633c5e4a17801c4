"""A function is called for many items, a few at the same time."""

import threading
import time

import pytest

from chaosimagecorrupt.concurrency import map_concurrently


class Counted:
    """Counts the calls under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.under_way = self.most = self.calls = 0

    def __call__(self, item: int) -> int:
        with self._lock:
            self.under_way, self.calls = self.under_way + 1, self.calls + 1
            self.most = max(self.most, self.under_way)
        time.sleep(0.01)
        with self._lock:
            self.under_way -= 1
        return item


def test_the_results_are_in_the_order_of_the_items() -> None:
    def slow_at_first(item: int) -> int:
        time.sleep(0.03 / (item + 1))
        return item * 10

    assert list(map_concurrently(slow_at_first, range(5), 5)) == [0, 10, 20, 30, 40]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_calls_are_under_way_than_allowed(concurrency: int) -> None:
    counted = Counted()
    assert list(map_concurrently(counted, range(12), concurrency)) == list(range(12))
    assert counted.most <= concurrency


def test_calls_are_under_way_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=60)  # a call that waited alone would break it
    assert sorted(map_concurrently(lambda _: together.wait(), range(3), 3)) == [0, 1, 2]


def test_without_items_there_are_no_results() -> None:
    assert list(map_concurrently(lambda item: item, [], 10)) == []


def test_the_first_error_is_raised_and_calls_that_have_not_begun_are_not_made() -> None:
    made: list[int] = []

    def fails_at_once(item: int) -> None:
        made.append(item)
        time.sleep(0.01)
        raise ValueError(f"no {item}")

    with pytest.raises(ValueError, match="no 0"):
        list(map_concurrently(fails_at_once, range(100), 2))
    assert len(made) < 100


def test_calls_under_way_are_completed_when_the_caller_stops() -> None:
    counted = Counted()
    results = map_concurrently(counted, range(100), 2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]  # a generator, as an iterator that can be closed
    assert counted.under_way == 0 and counted.calls < 100
