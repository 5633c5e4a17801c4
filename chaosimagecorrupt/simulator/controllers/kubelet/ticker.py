"""The times of periodic work, which costs nothing while there is nothing to do."""

import math

__all__ = ["Ticker"]


class Ticker:
    """Times that are a second apart.

    Args:
        phase: one of them, in seconds since 1970.
    """

    def __init__(self, phase: float) -> None:
        self._phase = phase

    def after(self, when: float) -> float:
        """Return the first time after another one.

        Args:
            when: seconds since 1970.
        """
        return self._phase + math.floor(when - self._phase) + 1
