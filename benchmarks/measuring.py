"""Medians, ratios and whether a target is reached: plain numbers, no clock."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

__all__ = ["Row", "Sample", "ratio_row", "said", "summary"]


@dataclass(frozen=True)
class Sample:
    """Repeated measurements of one thing.

    Attributes:
        name: of the thing.
        unit: of the values: `ms`, `s` or `MB`.
        median: of the values.
        low: first quartile.
        high: third quartile.
        repeats: how many there are.
    """

    name: str
    unit: str
    median: float
    low: float
    high: float
    repeats: int


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: was measured.
        found: the result, as it is said.
        target: what it was to be; empty for what is only reported.
        reached: whether it is; None for what is only reported.
        value: the number that was compared with the target.
        samples: what it was computed from.
    """

    what: str
    found: str
    target: str = ""
    reached: bool | None = None
    value: float | None = None
    samples: tuple[Sample, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it for the file of results."""
        return asdict(self)


def summary(name: str, values: Sequence[float], unit: str = "ms") -> Sample:
    """Summarise measurements.

    Args:
        name: of what was measured.
        values: at least one.
        unit: theirs.
    """
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    return Sample(name, unit, round(median(values), 3), round(low, 3), round(high, 3), len(values))


def ratio_row(what: str, ours: Sample, theirs: Sample, at_most: float, *, strictly: bool = False) -> Row:
    """Compare two samples by their medians.

    Args:
        what: was measured.
        ours: of this extension.
        theirs: what it is compared with, in the same unit.
        at_most: the ratio that is to be reached.
        strictly: whether that ratio itself is too much.
    """
    ratio = ours.median / theirs.median
    found = f"{said(ours)} against {said(theirs)} ({theirs.name}): {_number(ratio)} times"
    target = f"{'under' if strictly else 'at most'} {_number(at_most)} times"
    reached = ratio < at_most if strictly else ratio <= at_most
    return Row(what, found, target, reached, round(ratio, 4), (ours, theirs))


def said(sample: Sample) -> str:
    """Say a sample's median with its unit."""
    return f"{_number(sample.median)} {sample.unit}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
