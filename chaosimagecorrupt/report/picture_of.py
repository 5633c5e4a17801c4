"""From a timeline, as the journal keeps it, to a picture."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import one_line
from ..timeline import timeline as timelines
from ..workload.rollout import PULL_FAILURES
from .journal import Part
from .narrative import tell
from .picture import Band, Gap, Mark, Moment, Picture, Pods

__all__ = ["read_picture"]

_CONDITION = "condition:"
_WAITING = "waiting:"
# An operator can have dozens of conditions
_MOST_OPERATOR_LANES = 4
_MARKS = ("corrupted", "bit", "restored", "recovered")

State = Mapping[str, Any]
_Point = tuple[float, tuple[str, str] | None]


def read_picture(target: Part) -> Picture | None:
    """Read the timeline of a target.

    Args:
        target: of the journal.

    Returns:
        What to draw, None when the target has no timeline.

    Raises:
        Refused: when the timeline is damaged, or of another version.
    """
    part = target.part("timeline")
    if not part.value:
        return None
    changes = list(_changes(part))
    started = part.time("started") or 0.0
    marks = _marks(target, part, started)
    zero = next((m.at for m in marks if m.kind == "corrupted"), started)
    gaps = tuple(Gap(started + a, started + b, kind, how) for a, b, kind, how in _gaps(part))
    pods, pulls = _pods(changes, started), _pulls(changes, started, zero)
    ended = started + max([part.number("ended") or 0.0, 1.0, *(c.at for c in changes)])
    bands = _bands(changes, started, ended)
    told = tell(pods, bands, pulls, marks, gaps, _waits(changes, started))
    end = _end([started, *(m.at for m in told), *(g.end for g in gaps)], ended)
    return Picture(
        zero=zero,
        start=started,
        end=end,
        pods=pods,
        bands=tuple(band._replace(end=min(band.end, end)) for band in bands),
        pulls=pulls,
        marks=marks,
        ttl=_ttl(target, zero),
        restored=next((m.at for m in marks if m.kind == "restored"), None),
        gaps=gaps,
        notes=(*_notes(part), *_not_drawn(ended, end, zero)),
        changes=told,
    )


def _changes(part: Part) -> Iterator[timelines.Change]:
    """Read the changes of a timeline whose shape was looked at; what is in the states may still be anything."""
    if part.value.get("version") != timelines.VERSION:
        raise part.damaged("version", f"{timelines.VERSION}, which this command reads")
    objects, changes = part.rows("objects", 2), part.rows("changes", 3)
    if not all(isinstance(text, str) for row in objects for text in row):
        raise part.damaged("objects", "a list of kinds and names")
    for at, number, difference in changes:
        known = isinstance(number, int) and 0 <= number < len(objects)
        if not _is_number(at) or not known or not isinstance(difference, dict):
            raise part.damaged("changes", "a list of times, objects and differences")
    for change in timelines.changes(part.value):
        yield change._replace(name=one_line(change.name))


def _marks(target: Part, part: Part, started: float) -> tuple[Mark, ...]:
    """The timeline's own marks; without them the moments that the API server's objects told."""
    seen, recovery = part.part("marks"), target.part("recovery")
    injected = [i for c in target.parts("containers") if (i := c.time("injected")) is not None]
    told = {
        "corrupted": min(injected, default=None),
        "restored": recovery.time("restored_at"),
        "recovered": recovery.time("recovered_at"),
    }
    found = {kind: seen.number(kind) for kind in _MARKS}
    moments = {kind: started + at if at is not None else told.get(kind) for kind, at in found.items()}
    return tuple(sorted(Mark(at, kind) for kind, at in moments.items() if at is not None))


def _end(moments: Sequence[float], ended: float) -> float:
    """Where the time axis ends: a while after the last change, so that what changes has room."""
    start, last = moments[0], max(moments)
    return min(max(ended, last), last + max(2.0, (last - start) / 4))


def _not_drawn(ended: float, end: float, zero: float) -> Iterator[str]:
    if ended > end:
        yield f"Not drawn: the time until {ended - zero:+.1f} s, in which nothing of this changed any more"


def _ttl(target: Part, zero: float) -> float | None:
    """When the fault would have been undone. The record's times are whole seconds, so only their distance counts."""
    spans = [
        expires - injected
        for c in target.parts("containers")
        if (expires := c.time("expires")) is not None and (injected := c.time("injected")) is not None
    ]
    return zero + min(spans) if spans else None


def _gaps(part: Part) -> Iterator[tuple[float, float, str, str]]:
    for start, end, kind, how in part.rows("gaps", 4):
        if not _is_number(start) or not _is_number(end):
            raise part.damaged("gaps", "a list of times and kinds")
        yield start, end, one_line(kind), one_line(how)


def _notes(part: Part) -> Iterator[str]:
    kinds = dict.fromkeys(one_line(kind) for _, _, kind, _ in part.rows("gaps", 4))
    if kinds:
        yield f"Grey in the picture: times in which changes were not followed ({', '.join(kinds)})"
    missing, dropped = part.part("missing"), part.part("dropped")
    for kind in missing.value:
        yield f"{one_line(kind)} objects were not followed: {missing.text(kind)}"
    for kind in dropped.value:
        yield f"{one_line(kind)}: {dropped.count(kind)} changes are not kept, because there were too many"


def _pods(changes: Iterable[timelines.Change], started: float) -> tuple[Pods, ...]:
    serving = updated = 0
    known = False
    failing: dict[str, bool] = {}
    found: list[Pods] = []
    for change in changes:
        if change.kind == "Deployment":
            known = True
            serving, updated = _count(change.state, "readyReplicas"), _count(change.state, "updatedReplicas")
        elif change.kind == "Pod":
            failing[change.name] = not change.state.get("deleting") and bool(_waiting(change.state))
        now = Pods(started + change.at, serving, updated, sum(failing.values()))
        if known and (not found or found[-1][1:] != now[1:]):
            found.append(now)
    return tuple(found)


def _waits(changes: Iterable[timelines.Change], started: float) -> list[Moment]:
    """Why a pod's container cannot pull, each time that this changes."""
    before: dict[str, dict[str, str]] = {}
    found = []
    for change in changes:
        if change.kind == "Pod":
            now = _waiting(change.state)
            what = [f"{c} waits: {r}" for c, r in now.items() if before.get(change.name, {}).get(c) != r]
            found += [Moment(started + change.at, f"Pod {change.name}: {w}") for w in what]
            before[change.name] = now
    return found


def _pulls(changes: Iterable[timelines.Change], started: float, zero: float) -> tuple[float, ...]:
    counts: dict[str, int] = {}
    found = []
    for change in changes:
        if change.kind == "Event" and change.state.get("reason") == "Pulling":
            count = _count(change.state, "count")
            if count > counts.get(change.name, 0) and started + change.at >= zero:
                found.append(started + change.at)
            counts[change.name] = count
    return tuple(found)


def _bands(changes: Iterable[timelines.Change], started: float, end: float) -> tuple[Band, ...]:
    """The conditions of the Deployment, and of the operator's resource those that change; all when none does."""
    own: dict[str, list[_Point]] = {}
    others: dict[str, list[_Point]] = {}
    for change in changes:
        if change.kind == "Deployment":
            _note(own, _conditions(change.state, ""), started + change.at)
        elif change.kind == "Resource":
            _note(others, _conditions(change.state, change.name.split(" ")[0] + " "), started + change.at)
    ordered = {lane: _spans(lane, own[lane], end) for lane in sorted(own)}
    found = {lane: _spans(lane, points, end) for lane, points in others.items()}
    most = max((len(bands) for bands in found.values()), default=0)
    kept = sorted(lane for lane, bands in found.items() if len(bands) > 1 or most == 1)
    kept = sorted(kept, key=lambda lane: -len(found[lane]))[:_MOST_OPERATOR_LANES]
    ordered |= {lane: found[lane] for lane in kept}
    return tuple(band for bands in ordered.values() for band in bands)


def _conditions(state: State, prefix: str) -> dict[str, tuple[str, str]]:
    """Status and reason by condition."""
    return {
        prefix + one_line(key.removeprefix(_CONDITION)): (one_line(found[0]), one_line(found[1]))
        for key, found in state.items()
        if key.startswith(_CONDITION) and isinstance(found, list) and len(found) > 1
    }


def _note(lanes: dict[str, list[_Point]], conditions: Mapping[str, tuple[str, str]], at: float) -> None:
    """Note what is there, and what is no longer there."""
    for lane in {**lanes, **conditions}:
        lanes.setdefault(lane, []).append((at, conditions.get(lane)))


def _spans(lane: str, points: list[_Point], end: float) -> list[Band]:
    starts = [p for i, p in enumerate(points) if i == 0 or p[1] != points[i - 1][1]]
    ends = [at for at, _ in starts[1:]] + [end]
    return [Band(lane, at, until, *found) for (at, found), until in zip(starts, ends, strict=True) if found]


def _waiting(state: State) -> dict[str, str]:
    """Why containers cannot pull, by container."""
    return {
        one_line(key.removeprefix(_WAITING)): reason
        for key, reason in state.items()
        if key.startswith(_WAITING) and reason in PULL_FAILURES
    }


def _count(state: State, key: str) -> int:
    found = state.get(key)
    return found if isinstance(found, int) else 0


def _is_number(found: object) -> bool:
    return isinstance(found, (int, float)) and not isinstance(found, bool) and abs(found) < 1e9
