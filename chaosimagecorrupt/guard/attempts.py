"""How patient the attempts of a guard are, and how long it pauses between them."""

from collections.abc import Callable

from ..errors import ImageCorruptError
from ..kube.client import Patience
from .decide import GuardTiming

__all__ = ["HASTY", "PATIENT", "Attempts"]

# HASTY, so that a request that hangs leaves some of the 5 s in which the fault is to be undone; every fourth attempt is
# PATIENT, for an API server that is slow but can be reached
HASTY = Patience(connect=2.0, read=4.0, retry_for=0.0)
PATIENT = Patience(connect=2.0, read=60.0, retry_for=0.0)


class Attempts:
    """The attempts to restore, and then those to clean up.

    Args:
        clock: returns seconds since 1970.
        timing: pauses and limits.
    """

    def __init__(self, clock: Callable[[], float], timing: GuardTiming) -> None:
        self._clock, self._timing = clock, timing
        self._number, self._first = 0, 0.0

    def next_patience(self, *, hurried: bool) -> Patience:
        """Return how patient the next attempt is.

        Args:
            hurried: whether the guard is about to end.
        """
        self._number += 1
        self._first = self._first or self._clock()
        return PATIENT if self._number % 4 == 0 and not hurried else HASTY

    def pause_after(self, error: Exception | None) -> float:
        """Return the seconds until the next attempt.

        Args:
            error: why the last one failed; None when it left something to do.
        """
        stays = isinstance(error, ImageCorruptError) and not error.is_transient
        soon = self._clock() < (self._first or self._clock()) + self._timing.soon
        return self._timing.long_pause if stays and not soon else self._timing.pause

    def succeeded(self) -> None:
        """Begin to count again: the next attempts have another aim."""
        self._number = 0
