"""Medians, ratios and whether a target is reached, as pure functions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any, TypedDict, cast

__all__ = ["Row", "RowJson", "Sample", "median_text", "ratio_row", "summary"]


class RowJson(TypedDict):
    """A `Row` in the file of results."""

    what: str
    found: str
    target: str
    reached: bool | None
    value: float | None
    samples: list[dict[str, Any]]  # with the attributes of `Sample`


@dataclass(frozen=True)
class Sample:
    """Repeated measurements of one thing.

    Attributes:
        name: of what was measured.
        unit: of the values: `ms`, `s` or `MB`.
        median: of the values.
        low: first quartile.
        high: third quartile.
        repeats: number of values.
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
        what: was measured; the same on each cluster, so without numbers of pods or Deployments.
        found: the result as text.
        target: the limit as text; empty when there is none.
        reached: whether the result is within the limit; None when there is none.
        value: the number that was compared with the limit.
        samples: the measurements.
    """

    what: str
    found: str
    target: str = ""
    reached: bool | None = None
    value: float | None = None
    samples: tuple[Sample, ...] = ()

    def to_json(self) -> RowJson:
        """Return it for the file of results."""
        return cast(RowJson, asdict(self))

    @classmethod
    def from_json(cls, stored: RowJson) -> "Row":
        """Read a row of the file of results."""
        values: dict[str, Any] = {**stored, "samples": tuple(Sample(**sample) for sample in stored["samples"])}
        return cls(**values)


def summary(name: str, values: Sequence[float], unit: str = "ms") -> Sample:
    """Summarise measurements.

    Args:
        name: of what was measured.
        values: at least one.
        unit: of the values.
    """
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    return Sample(name, unit, round(median(values), 3), round(low, 3), round(high, 3), len(values))


def ratio_row(what: str, ours: Sample, theirs: Sample, at_most: float, *, strictly: bool = False) -> Row:
    """Compare two samples by their medians.

    Args:
        what: was measured.
        ours: of this extension.
        theirs: what it is compared with, in the same unit.
        at_most: the limit of the ratio.
        strictly: whether the ratio must be below the limit.
    """
    ratio = ours.median / theirs.median
    found = f"{median_text(ours)} against {median_text(theirs)} ({theirs.name}): {_number(ratio)} times"
    target = f"{'under' if strictly else 'at most'} {_number(at_most)} times"
    reached = ratio < at_most if strictly else ratio <= at_most
    return Row(what, found, target, reached, round(ratio, 4), (ours, theirs))


def median_text(sample: Sample) -> str:
    """Return a sample's median with its unit."""
    return f"{_number(sample.median)} {sample.unit}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
