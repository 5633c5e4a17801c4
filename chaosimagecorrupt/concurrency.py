"""Calls a function for many items, a few at the same time."""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["CONCURRENCY", "map_concurrently"]

# Requests under way. An API server lets one user have a few dozen at a time by default (API Priority and Fairness)
CONCURRENCY = 10

T = TypeVar("T")
R = TypeVar("R")


def map_concurrently(function: Callable[[T], R], items: Collection[T], concurrency: int) -> Iterator[R]:
    """Call a function with each item, in several threads.

    Args:
        function: called with one item.
        items: the items.
        concurrency: how many calls are made at the same time, at most.

    Yields:
        The results, in the order of the items.

    Raises:
        Exception: the first that `function` raises. Calls that have not begun are then not made, and those under way
            are completed. The same holds when the caller stops iterating or is interrupted.
    """
    with ThreadPoolExecutor(max_workers=max(1, min(concurrency, len(items)))) as pool:
        yield from pool.map(function, items)
