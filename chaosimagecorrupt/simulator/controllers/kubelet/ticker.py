"""Periodic work that costs nothing while there is none to do: only the times at which it would be done."""

import math

__all__ = ["Ticker"]


class Ticker:
    """Times at a fixed distance from each other.

    Args:
        phase: one of them, in seconds since 1970.
        period: seconds between two of them.
    """

    def __init__(self, phase: float, period: float = 1.0) -> None:
        self._phase = phase
        self._period = period

    def after(self, when: float) -> float:
        """Return the first time after another one.

        Args:
            when: seconds since 1970.
        """
        passed = math.floor((when - self._phase) / self._period) + 1
        return self._phase + passed * self._period
