"""From a timeline, as the journal keeps it, to a picture."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .. import timeline as timelines
from ..errors import plain
from ..rollout import PULL_FAILURES
from .journal import Part
from .picture import Band, Gap, Mark, Moment, Picture, Pods
from .telling import tell

__all__ = ["read_picture"]

_CONDITION = "condition:"
_WAITING = "waiting:"
# An operator can have dozens of conditions; those that change are shown first
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
    end = started + max([part.number("ended") or 0.0, 1.0, *(c.at for c in changes)])
    marks = _marks(target, part, started)
    at = {m.kind: m.at for m in marks}
    zero = at.get("corrupted", started)
    gaps = tuple(Gap(started + a, started + b, kind, how) for a, b, kind, how in _gaps(part))
    pods, pulls = _pods(changes, started), _pulls(changes, started, zero)
    bands = _bands(changes, started, end)
    expiries = [e for c in target.parts("containers") if (e := c.time("expires")) is not None]
    return Picture(
        zero=zero,
        start=started,
        end=end,
        pods=pods,
        bands=bands,
        pulls=pulls,
        marks=marks,
        ttl=min(expiries, default=None),
        restored=at.get("restored"),
        gaps=gaps,
        notes=tuple(_notes(part)),
        changes=tell(pods, bands, pulls, marks, gaps, _waits(changes, started)),
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
        yield change._replace(name=plain(change.name))


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


def _gaps(part: Part) -> Iterator[tuple[float, float, str, str]]:
    for start, end, kind, how in part.rows("gaps", 4):
        if not _is_number(start) or not _is_number(end):
            raise part.damaged("gaps", "a list of times and kinds")
        yield start, end, plain(kind), plain(how)


def _notes(part: Part) -> Iterator[str]:
    missing, dropped = part.part("missing"), part.part("dropped")
    for kind in missing.value:
        yield f"{plain(kind)} objects were not followed: {missing.text(kind)}"
    for kind in dropped.value:
        yield f"{plain(kind)}: {dropped.count(kind)} changes are not kept, because there were too many"


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
    """The conditions of the Deployment, and of the operator's resource those that change most."""
    own: dict[str, list[_Point]] = {}
    others: dict[str, list[_Point]] = {}
    for change in changes:
        if change.kind == "Deployment":
            _note(own, _conditions(change.state, ""), started + change.at)
        elif change.kind == "Resource":
            _note(others, _conditions(change.state, change.name.split(" ")[0] + " "), started + change.at)
    ordered = {lane: _spans(lane, own[lane], end) for lane in sorted(own)}
    found = {lane: _spans(lane, points, end) for lane, points in others.items()}
    kept = sorted(found, key=lambda lane: (-len(found[lane]), lane))[:_MOST_OPERATOR_LANES]
    ordered |= {lane: found[lane] for lane in kept}
    return tuple(band for bands in ordered.values() for band in bands)


def _conditions(state: State, prefix: str) -> dict[str, tuple[str, str]]:
    """Status and reason by condition."""
    return {
        prefix + plain(key.removeprefix(_CONDITION)): (plain(found[0]), plain(found[1]))
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
        plain(key.removeprefix(_WAITING)): reason
        for key, reason in state.items()
        if key.startswith(_WAITING) and reason in PULL_FAILURES
    }


def _count(state: State, key: str) -> int:
    found = state.get(key)
    return found if isinstance(found, int) else 0


def _is_number(found: object) -> bool:
    return isinstance(found, (int, float)) and not isinstance(found, bool) and abs(found) < 1e9
