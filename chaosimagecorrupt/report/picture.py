"""What the picture of a target shows: its timeline as steps, bands and marks, and the same in words."""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Band", "Gap", "Mark", "Moment", "Picture", "Pods"]


class Pods(NamedTuple):
    """From a moment on: how many pods are ready, are of the newest template, cannot pull an image."""

    at: float
    serving: int
    updated: int
    failing: int


class Band(NamedTuple):
    """A condition's status and reason between two moments; `lane` names the condition."""

    lane: str
    start: float
    end: float
    status: str
    reason: str


class Mark(NamedTuple):
    """A moment of the fault; its kind is corrupted, bit, restored or recovered."""

    at: float
    kind: str


class Gap(NamedTuple):
    """A time in which objects of a kind were not followed; whether changes are `lost` or came `late`."""

    start: float
    end: float
    kind: str
    how: str


class Moment(NamedTuple):
    """What changed at a moment, in words."""

    at: float
    what: str


@dataclass(frozen=True)
class Picture:
    """All that is drawn; moments are seconds since 1970.

    Attributes:
        zero: when the image was corrupted, as far as that is known, else the start.
        start: of the time axis.
        end: of the time axis, later than the start.
        pods: in order.
        bands: the Deployment's conditions, then the operator's.
        pulls: when the kubelet tried to pull after the corruption.
        marks: in order.
        ttl: when the fault would have been undone at the latest, None when that is unknown.
        restored: when the image was put back, None when it was not.
        gaps: in order.
        notes: what the timeline lacks, in words.
        changes: everything above in words, in order.
    """

    zero: float
    start: float
    end: float
    pods: tuple[Pods, ...]
    bands: tuple[Band, ...]
    pulls: tuple[float, ...]
    marks: tuple[Mark, ...]
    ttl: float | None
    restored: float | None
    gaps: tuple[Gap, ...]
    notes: tuple[str, ...]
    changes: tuple[Moment, ...]

    @property
    def told(self) -> str:
        """What is to be seen, in a few sentences, for whoever does not see it."""
        marks = ", ".join(f"{m.kind} at {m.at - self.zero:+.1f} s" for m in self.marks)
        sentences = [f"{self.end - self.start:.0f} seconds" + (f": {marks}." if marks else ".")]
        if self.pods:
            serving = [p.serving for p in self.pods]
            failing = max(p.failing for p in self.pods)
            sentences.append(
                f"Serving pods: {serving[0]} at first, {min(serving)} at the fewest, {serving[-1]} at the end."
                f" At most {failing} could not pull the image."
            )
        for lane in dict.fromkeys(b.lane for b in self.bands):
            statuses = [b.status for b in self.bands if b.lane == lane]
            changing = [s for i, s in enumerate(statuses) if i == 0 or s != statuses[i - 1]]
            sentences.append(f"{lane}: {', then '.join(changing)}.")
        return " ".join(sentences) + " The table after the picture lists every change."
