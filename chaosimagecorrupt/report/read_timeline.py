"""Checks the shape of a target's timeline and reads its changes."""

from collections.abc import Iterator

from ..errors import one_line
from ..timeline import timeline as timelines
from .journal import Part

__all__ = ["is_time", "read_changes"]

# Seconds from the start of a timeline; some 30 years, so that arithmetic on a damaged journal stays finite
_LATEST = 1e9


def read_changes(part: Part) -> list[timelines.Change]:
    """Read the changes of a timeline; the states themselves are not checked.

    Args:
        part: a target's `timeline`.

    Returns:
        The changes in order, none when the target has no timeline.

    Raises:
        Refused: when the timeline is damaged, or of another version.
    """
    return list(_changes(part)) if part.value else []


def _changes(part: Part) -> Iterator[timelines.Change]:
    if part.value.get("version") != timelines.VERSION:
        raise part.damaged("version", f"{timelines.VERSION}, which this command reads")
    objects = part.rows("objects", 2)
    if not all(isinstance(text, str) for row in objects for text in row):
        raise part.damaged("objects", "a list of kinds and names")
    if not all(_is_change(row, len(objects)) for row in part.rows("changes", 3)):
        raise part.damaged("changes", "a list of times, objects and differences")
    for change in timelines.changes(part.value):
        yield change._replace(name=one_line(change.name))


def _is_change(row: list[object], objects: int) -> bool:
    at, number, difference = row
    known = isinstance(number, int) and 0 <= number < objects
    return is_time(at) and known and isinstance(difference, dict)


def is_time(value: object) -> bool:
    """Return whether a value of a timeline is a time."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _LATEST
