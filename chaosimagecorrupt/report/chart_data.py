"""What the chart of a target shows: pod counts, conditions, marks and gaps over time, and the same as text."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from .time_axis import Break, TimeAxis

__all__ = ["Band", "ChangeRow", "ChartData", "Gap", "Mark", "MarkKind", "PodCounts"]


class MarkKind(StrEnum):
    """A step of the fault, by its key in the `marks` of a journal's timeline; the deadline's is in its conditions."""

    CORRUPTED = "corrupted"
    FIRST_PULL_FAILURE = "bit"
    DEADLINE_EXCEEDED = "deadline exceeded"
    RESTORED = "restored"
    RECOVERED = "recovered"

    @property
    def label(self) -> str:
        """The text beside the mark in the chart."""
        return "pull failed" if self is MarkKind.FIRST_PULL_FAILURE else self.value


class PodCounts(NamedTuple):
    """The number of pods by state, from a moment on.

    Attributes:
        at: seconds since 1970.
        serving: ready pods.
        updated: pods of the newest template.
        failing: pods that cannot pull an image.
    """

    at: float
    serving: int
    updated: int
    failing: int


class Band(NamedTuple):
    """A condition's status and reason between two moments (seconds since 1970); `lane` names the condition."""

    lane: str
    start: float
    end: float
    status: str
    reason: str


class Mark(NamedTuple):
    """A step of the fault, and when it happened (seconds since 1970)."""

    at: float
    kind: MarkKind


class Gap(NamedTuple):
    """A time in which the watch of a kind was interrupted; its changes are `lost` or came `late`."""

    start: float
    end: float
    kind: str
    how: str


class ChangeRow(NamedTuple):
    """One row of the table of changes: when (seconds since 1970), and what changed."""

    at: float
    text: str


@dataclass(frozen=True)
class ChartData:
    """All that the chart shows; moments are seconds since 1970.

    Attributes:
        zero: when the image was corrupted; the start of the timeline when that is unknown.
        start: of the time axis.
        end: of the time axis, later than the start.
        pods: in order of time.
        bands: the Deployment's conditions, then the operator's.
        pulls: when the kubelet tried to pull after the corruption.
        marks: in order of time.
        ttl: when the fault's ttl ends, None when that is unknown.
        restored: when the image was restored, None when it was not.
        gaps: in order of time.
        breaks: times in which nothing changed, which are not drawn to scale, in order of time.
        notes: sentences about what the timeline lacks.
        changes: everything above as text, in order of time.
    """

    zero: float
    start: float
    end: float
    pods: tuple[PodCounts, ...]
    bands: tuple[Band, ...]
    pulls: tuple[float, ...]
    marks: tuple[Mark, ...]
    ttl: float | None
    restored: float | None
    gaps: tuple[Gap, ...]
    breaks: tuple[Break, ...]
    notes: tuple[str, ...]
    changes: tuple[ChangeRow, ...]

    @property
    def axis(self) -> TimeAxis:
        """Where each moment is drawn."""
        return TimeAxis(self.start, self.end, self.breaks)

    @property
    def alt_text(self) -> str:
        """A few sentences that describe the chart to a screen reader's user."""
        marks = ", ".join(f"{m.kind.label} at {m.at - self.zero:+.1f} s" for m in self.marks)
        duration = f"{self.end - self.start:.0f} seconds" + (f": {marks}." if marks else ".")
        sentences = [duration, *self._pods_text(), *self._conditions_text()]
        return " ".join(sentences) + " The table after the chart lists every change."

    def _pods_text(self) -> list[str]:
        if not self.pods:
            return []
        serving = [p.serving for p in self.pods]
        failing = max(p.failing for p in self.pods)
        return [
            f"Serving pods: {serving[0]} at first, {min(serving)} at the lowest, {serving[-1]} at the end."
            f" At most {failing} could not pull the image."
        ]

    def _conditions_text(self) -> list[str]:
        lanes = dict.fromkeys(b.lane for b in self.bands)
        statuses = {lane: [status for status, _ in groupby(self._statuses(lane))] for lane in lanes}
        return [f"{lane}: {', then '.join(found)}." for lane, found in statuses.items()]

    def _statuses(self, lane: str) -> list[str]:
        return [b.status for b in self.bands if b.lane == lane]
