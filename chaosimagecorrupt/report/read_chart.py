"""From a target's timeline, as the journal keeps it, to the data of its chart."""

from collections.abc import Iterable, Iterator, Sequence

from ..errors import one_line
from ..timeline.timeline import Change
from .changes import list_changes
from .chart_data import Band, ChangeRow, ChartData, Gap, Mark, MarkKind
from .journal import Part
from .read_timeline import is_time
from .series import read_bands, read_pods, read_pulls, read_waits
from .time_axis import Break, find_breaks

__all__ = ["read_chart"]

# lane and reason: kubernetes/pkg/controller/deployment/util, TimedOutReason
_EXCEEDED = ("Progressing", "ProgressDeadlineExceeded")


def read_chart(target: Part, changes: Sequence[Change]) -> ChartData | None:
    """Read the timeline of a target.

    Args:
        target: a target of the journal.
        changes: of its timeline.

    Returns:
        The data of the chart, None when the target has no timeline.

    Raises:
        Refused: when the timeline is damaged.
    """
    part = target.part("timeline")
    if not part.value:
        return None
    started = part.time("started") or 0.0
    ended = started + max([part.number("ended") or 0.0, 1.0, *(c.at for c in changes)])
    bands = read_bands(changes, started, ended)
    marks = _marks(target, part, started, bands)
    moments = {m.kind: m.at for m in marks}
    zero = moments.get(MarkKind.CORRUPTED, started)
    ttl = _ttl(target, zero)
    gaps = tuple(_gaps(part, started))
    pods, pulls = read_pods(changes, started), read_pulls(changes, started, zero)
    rows = list_changes(pods, bands, pulls, marks, gaps, read_waits(changes, started))
    end = max([ended, *(row.at for row in rows), *(g.end for g in gaps)])
    breaks = find_breaks(_shown_moments(started, end, rows, gaps, ttl))
    return ChartData(
        zero=zero,
        start=started,
        end=end,
        pods=pods,
        bands=bands,
        pulls=pulls,
        marks=marks,
        ttl=ttl,
        restored=moments.get(MarkKind.RESTORED),
        gaps=gaps,
        breaks=breaks,
        notes=(*_notes(part, gaps), *(_break_text(pause, zero) for pause in breaks)),
        changes=rows,
    )


def _shown_moments(
    start: float, end: float, rows: Iterable[ChangeRow], gaps: Iterable[Gap], ttl: float | None
) -> list[float]:
    """Return every moment at which the chart shows something."""
    edges = [at for gap in gaps for at in (gap.start, gap.end)]
    found = [start, end, *(row.at for row in rows), *edges, *([] if ttl is None else [ttl])]
    return [at for at in found if start <= at <= end]


def _marks(target: Part, part: Part, started: float, bands: Iterable[Band]) -> tuple[Mark, ...]:
    """Return the timeline's marks; where one is missing, the time of a condition, the record or the recovery."""
    marks, recovery = part.part("marks"), target.part("recovery")
    injected = [i for c in target.parts("containers") if (i := c.time("injected")) is not None]
    corrupted = started + (marks.number(MarkKind.CORRUPTED) or 0.0)
    exceeded = [b.start for b in bands if (b.lane, b.reason) == _EXCEEDED and b.start >= corrupted]
    substitutes = {
        MarkKind.CORRUPTED: min(injected, default=None),
        MarkKind.DEADLINE_EXCEEDED: min(exceeded, default=None),
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


def _ttl(target: Part, zero: float) -> float | None:
    """Return when the ttl ends. The record's times are whole seconds, so only their difference is used."""
    spans = [
        expires - injected
        for c in target.parts("containers")
        if (expires := c.time("expires")) is not None and (injected := c.time("injected")) is not None
    ]
    return zero + min(spans) if spans else None


def _break_text(pause: Break, zero: float) -> str:
    since, until = pause.start - zero, pause.end - zero
    return f"Not drawn to scale: {since:+.1f} s to {until:+.1f} s, in which nothing changed"


def _gaps(part: Part, started: float) -> Iterator[Gap]:
    for start, end, kind, how in part.rows("gaps", 4):
        if not is_time(start) or not is_time(end):
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
