"""The time axis of a chart: where a moment is drawn, with a break where nothing happened for a long time."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10
from typing import NamedTuple

__all__ = ["WIDTH", "Break", "Tick", "TimeAxis", "find_breaks"]

WIDTH = 700  # pixels
_MARGIN = 6  # pixels at both ends, for marks that are wider than a line
_BREAK_WIDTH = 46  # pixels
_SHORTEST_BREAK = 30.0  # seconds
_MOST_TICKS = 9
_TICK_ROOM = 34  # pixels that the label of a tick needs


class Break(NamedTuple):
    """A time in which nothing happened, and which is not drawn to scale (seconds since 1970)."""

    start: float
    end: float


class Tick(NamedTuple):
    """A label of the axis, and its place in pixels."""

    x: float
    label: str


def find_breaks(moments: Iterable[float]) -> tuple[Break, ...]:
    """Return the pauses that are too long to be drawn to scale: everything else would be too small beside them.

    A pause is broken when it is longer than twice all shorter pauses together. The pauses of a kubelet's back-off
    double, so they are never broken.

    Args:
        moments: when something happened, and the ends of the axis.
    """
    pauses = sorted(pairwise(sorted(set(moments))), key=lambda p: p[1] - p[0])
    rest = 0.0
    for number, (start, end) in enumerate(pauses):
        if end - start >= _SHORTEST_BREAK and end - start > 2 * rest > 0:
            # A little of the pause is drawn to scale at both ends, so that one sees the state before and after it
            pad = min(rest / 4, _SHORTEST_BREAK / 4)
            return tuple(sorted(Break(a + pad, b - pad) for a, b in pauses[number:]))
        rest += end - start
    return ()


@dataclass(frozen=True)
class TimeAxis:
    """The axis.

    Attributes:
        start: seconds since 1970.
        end: later than the start.
        breaks: in order of time.
    """

    start: float
    end: float
    breaks: tuple[Break, ...]

    def pixels(self, at: float) -> float:
        """Return where a moment is drawn; a moment outside the axis is drawn at its end."""
        at = min(max(at, self.start), self.end)
        x, drawn = float(_MARGIN), self.start
        for pause in self.breaks:
            if at <= pause.start:
                break
            x += (pause.start - drawn) * self._scale
            share = (min(at, pause.end) - pause.start) / (pause.end - pause.start)
            x, drawn = x + share * _BREAK_WIDTH, pause.end
        return round(x + max(at - drawn, 0.0) * self._scale, 2)

    def contains(self, at: float) -> bool:
        """Return whether a moment is within the axis."""
        return self.start <= at <= self.end

    def ticks(self, zero: float) -> list[Tick]:
        """Return the labels: seconds since `zero`, and the length of each break."""
        found = [Tick((self.pixels(a) + self.pixels(b)) / 2, f"⋯ {b - a:.0f} s ⋯") for a, b in self.breaks]
        breaks, step = [tick.x for tick in found], self._step()
        for start, end in pairwise([self.start, *(at for pause in self.breaks for at in pause), self.end]):
            if (start, end) not in self.breaks:
                for number in range(ceil((start - zero) / step), floor((end - zero) / step) + 1):
                    x = self.pixels(zero + number * step)
                    if all(abs(x - other) >= _TICK_ROOM + _BREAK_WIDTH / 2 for other in breaks):
                        found.append(Tick(x, f"{round(number * step, 2):g}"))
        return sorted(found)

    @property
    def _seconds(self) -> float:
        """How many seconds are drawn to scale."""
        return max(self.end - self.start - sum(b - a for a, b in self.breaks), 1e-3)

    @property
    def _scale(self) -> float:
        """Pixels for each second."""
        return (WIDTH - 2 * _MARGIN - _BREAK_WIDTH * len(self.breaks)) / self._seconds

    def _step(self) -> float:
        """Return a round number of seconds between two ticks."""
        power = floor(log10(self._seconds / _MOST_TICKS))
        return next(step for digit in (1, 2, 5, 10) if (step := digit * 10.0**power) * _MOST_TICKS >= self._seconds)
