"""Pauses between attempts."""

from collections.abc import Iterator

__all__ = ["backoff"]


def backoff(first: float, longest: float) -> Iterator[float]:
    """Yield the pauses between attempts, each twice as long as the one before.

    Args:
        first: the first pause, in seconds.
        longest: the longest pause, in seconds.
    """
    pause = first
    while True:
        yield pause
        pause = min(pause * 2, longest)
