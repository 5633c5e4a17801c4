"""The shape of a timeline in the journal."""

from typing import Literal, TypedDict

from .states import State

__all__ = ["ChangeJson", "GapJson", "GapResult", "JudgedTimelineJson", "MarksJson", "TimelineJson"]

GapResult = Literal["lost", "late"]
"""Whether the changes in a gap are lost, or arrived late."""

ChangeJson = tuple[float, int, State]
"""Seconds, index in `objects`, difference from the state before, where None removes a key. Its reader gets a list."""

GapJson = tuple[float, float, str, GapResult]
"""From and to in seconds, kind, and what became of the changes. Its reader gets a list."""


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
