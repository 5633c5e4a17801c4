"""Periodic work that costs nothing while there is none to do: only the times at which it would be done."""

from __future__ import annotations

import math

__all__ = ["Ticks"]


class Ticks:
    """Times at a fixed distance from each other."""

    def __init__(self, phase: float, period: float = 1.0) -> None:
        """Set the times.

        Args:
            phase: One of them, in seconds since 1970.
            period: Seconds between two of them.
        """
        self._phase = phase
        self._period = period

    def after(self, when: float) -> float:
        """Return the first time after another one.

        Args:
            when: Seconds since 1970.
        """
        passed = math.floor((when - self._phase) / self._period) + 1
        return self._phase + passed * self._period
