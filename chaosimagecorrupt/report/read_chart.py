"""From a target's timeline, as the journal keeps it, to the data of its chart."""

from collections.abc import Iterator, Sequence

from ..errors import one_line
from ..timeline import timeline as timelines
from .changes import list_changes
from .chart_data import ChartData, Gap, Mark, MarkKind
from .journal import Part
from .series import read_bands, read_pods, read_pulls, read_waits

__all__ = ["read_chart"]

# Seconds from the start of a timeline; some 30 years, so that arithmetic on a damaged journal stays finite
_LATEST = 1e9


def read_chart(target: Part) -> ChartData | None:
    """Read the timeline of a target.

    Args:
        target: a target of the journal.

    Returns:
        The data of the chart, None when the target has no timeline.

    Raises:
        Refused: when the timeline is damaged, or of another version.
    """
    part = target.part("timeline")
    if not part.value:
        return None
    changes = list(_changes(part))
    started = part.time("started") or 0.0
    marks = _marks(target, part, started)
    moments = {m.kind: m.at for m in marks}
    zero = moments.get(MarkKind.CORRUPTED, started)
    gaps = tuple(_gaps(part, started))
    pods, pulls = read_pods(changes, started), read_pulls(changes, started, zero)
    ended = started + max([part.number("ended") or 0.0, 1.0, *(c.at for c in changes)])
    bands = read_bands(changes, started, ended)
    rows = list_changes(pods, bands, pulls, marks, gaps, read_waits(changes, started))
    end = _axis_end([started, *(row.at for row in rows), *(g.end for g in gaps)], ended)
    cut = [f"Not drawn: the time until {ended - zero:+.1f} s, in which nothing changed"] if ended > end else []
    return ChartData(
        zero=zero,
        start=started,
        end=end,
        pods=pods,
        bands=tuple(band._replace(end=min(band.end, end)) for band in bands),
        pulls=pulls,
        marks=marks,
        ttl=_ttl(target, zero),
        restored=moments.get(MarkKind.RESTORED),
        gaps=gaps,
        notes=(*_notes(part, gaps), *cut),
        changes=rows,
    )


def _changes(part: Part) -> Iterator[timelines.Change]:
    """Check the shape of a timeline and read its changes; the states themselves are not checked."""
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
    return _is_number(at) and known and isinstance(difference, dict)


def _marks(target: Part, part: Part, started: float) -> tuple[Mark, ...]:
    """Return the timeline's marks; where one is missing, the time that the target's record or recovery gives."""
    marks, recovery = part.part("marks"), target.part("recovery")
    injected = [i for c in target.parts("containers") if (i := c.time("injected")) is not None]
    substitutes = {
        MarkKind.CORRUPTED: min(injected, default=None),
        MarkKind.RESTORED: recovery.time("restored_at"),
        MarkKind.RECOVERED: recovery.time("recovered_at"),
    }
    found = []
    for kind in MarkKind:
        offset = marks.number(kind)
        at = started + offset if offset is not None else substitutes.get(kind)
        if at is not None:
            found.append(Mark(at, kind))
    return tuple(sorted(found, key=lambda mark: (mark.at, mark.kind)))


def _axis_end(moments: Sequence[float], ended: float) -> float:
    """Return the end of the time axis: some time after the last change, so that its label has room."""
    start, last = moments[0], max(moments)
    return min(max(ended, last), last + max(2.0, (last - start) / 4))


def _ttl(target: Part, zero: float) -> float | None:
    """Return when the ttl ends. The record's times are whole seconds, so only their difference is used."""
    spans = [
        expires - injected
        for c in target.parts("containers")
        if (expires := c.time("expires")) is not None and (injected := c.time("injected")) is not None
    ]
    return zero + min(spans) if spans else None


def _gaps(part: Part, started: float) -> Iterator[Gap]:
    for start, end, kind, how in part.rows("gaps", 4):
        if not _is_number(start) or not _is_number(end):
            raise part.damaged("gaps", "a list of times and kinds")
        yield Gap(started + start, started + end, one_line(kind), one_line(how))


def _notes(part: Part, gaps: Sequence[Gap]) -> Iterator[str]:
    if gaps:
        kinds = ", ".join(dict.fromkeys(gap.kind for gap in gaps))
        yield f"Grey areas of the chart: the watch was interrupted ({kinds})"
    missing, dropped = part.part("missing"), part.part("dropped")
    for kind in missing.value:
        # "Resource KIND NAME" is one object
        what = f"{one_line(kind)} was" if " " in kind else f"{one_line(kind)} objects were"
        yield f"{what} not watched: {missing.text(kind)}"
    for kind in dropped.value:
        yield f"{one_line(kind)}: {dropped.count(kind)} changes were dropped, because there were too many"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _LATEST
