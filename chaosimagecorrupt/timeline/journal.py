"""The shape of a timeline in the journal."""

from typing import Any, Literal, TypedDict

__all__ = ["ChangeJson", "GapJson", "GapResult", "JudgedTimelineJson", "MarksJson", "TimelineJson"]

# JSON knows no tuples: [seconds, index in `objects`, difference from the object's state before]
ChangeJson = list[Any]
# [from in seconds, to in seconds, kind, GapResult]
GapJson = list[Any]
# whether the changes in a gap are lost, or arrived late
GapResult = Literal["lost", "late"]


class TimelineJson(TypedDict):
    """A timeline as the journal keeps it; `timeline.timeline` explains each key."""

    version: int
    started: str
    ended: float
    objects: list[list[str]]
    changes: list[ChangeJson]
    gaps: list[GapJson]
    missing: dict[str, str]
    limited: dict[str, str]
    dropped: dict[str, int]


class MarksJson(TypedDict, total=False):
    """The moments of a fault, in seconds after the timeline's beginning; one that was not observed is absent."""

    corrupted: float
    bit: float
    restored: float
    recovered: float


class JudgedTimelineJson(TimelineJson):
    """A timeline with the moments that the verdict found in it."""

    marks: MarksJson
