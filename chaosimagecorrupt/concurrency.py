"""Doing the same with many things, a few at a time."""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["CONCURRENCY", "map_concurrently"]

# Requests under way. An API server lets one user have a few dozen at a time by default (API Priority and Fairness)
CONCURRENCY = 10

T = TypeVar("T")
R = TypeVar("R")


def map_concurrently(function: Callable[[T], R], items: Collection[T], concurrency: int) -> Iterator[R]:
    """Call a function with each item, in a few threads.

    Args:
        function: is called with an item.
        items: what it is called with.
        concurrency: how many calls are under way at most.

    Yields:
        What it returned, in the order of the items.

    Raises:
        Exception: what it raised first; calls that were not begun are not made, and the others are waited for. Likewise
            when the caller stops, or is interrupted.
    """
    with ThreadPoolExecutor(max_workers=max(1, min(concurrency, len(items)))) as pool:
        yield from pool.map(function, items)
