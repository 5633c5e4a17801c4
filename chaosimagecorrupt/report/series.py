"""From the changes of a timeline to what the chart shows over time: pod counts, pull attempts, conditions."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..errors import one_line
from ..timeline.states import State
from ..timeline.timeline import Change
from ..workload.kinds import WORKLOADS
from ..workload.pull_failures import PULL_FAILURES
from .chart_data import Band, ChangeRow, PodCounts

__all__ = ["read_bands", "read_pods", "read_pulls", "read_waits"]

_CONDITION = "condition:"
_WAITING = "waiting:"
# An operator can have dozens of conditions
_MOST_OPERATOR_LANES = 4


class _Condition(NamedTuple):
    status: str
    reason: str


class _Point(NamedTuple):
    """A condition from a moment on; None from the moment at which it was removed."""

    at: float
    condition: _Condition | None


_Lanes = dict[str, list[_Point]]


def read_pods(changes: Iterable[Change], started: float) -> tuple[PodCounts, ...]:
    """Return the pod counts, one item for each change of them.

    Args:
        changes: of the timeline, in order.
        started: when the timeline starts, seconds since 1970.
    """
    serving = updated = 0
    has_deployment = False
    failing: dict[str, bool] = {}
    found: list[PodCounts] = []
    for change in changes:
        if change.kind in WORKLOADS:
            has_deployment = True
            serving, updated = _count(change.state, "readyReplicas"), _count(change.state, "updatedReplicas")
        elif change.kind == "Pod":
            failing[change.name] = not change.state.get("deleting") and bool(_waiting(change.state))
        now = PodCounts(started + change.at, serving, updated, sum(failing.values()))
        if has_deployment and (not found or found[-1][1:] != now[1:]):
            found.append(now)
    return tuple(found)


def read_waits(changes: Iterable[Change], started: float) -> list[ChangeRow]:
    """Return why a pod's container cannot pull, one row for each change of the reason.

    Args:
        changes: of the timeline, in order.
        started: when the timeline starts, seconds since 1970.
    """
    before: dict[str, dict[str, str]] = {}
    found = []
    for change in changes:
        if change.kind == "Pod":
            now, last = _waiting(change.state), before.get(change.name, {})
            waits = [f"{c} waits: {reason}" for c, reason in now.items() if last.get(c) != reason]
            found += [ChangeRow(started + change.at, f"Pod {change.name}: {text}") for text in waits]
            before[change.name] = now
    return found


def read_pulls(changes: Iterable[Change], started: float, zero: float) -> tuple[float, ...]:
    """Return when the kubelet tried to pull after the corruption, from the events `Pulling`.

    Args:
        changes: of the timeline, in order.
        started: when the timeline starts, seconds since 1970.
        zero: when the image was corrupted, seconds since 1970.
    """
    counts: dict[str, int] = {}
    found = []
    for change in changes:
        if change.kind == "Event" and change.state.get("reason") == "Pulling":
            count = _count(change.state, "count")
            if count > counts.get(change.name, 0) and started + change.at >= zero:
                found.append(started + change.at)
            counts[change.name] = count
    return tuple(found)


def read_bands(changes: Iterable[Change], started: float, end: float) -> tuple[Band, ...]:
    """Return the Deployment's conditions, and those of the operator's resource that change; all if none changes.

    Args:
        changes: of the timeline, in order.
        started: when the timeline starts, seconds since 1970.
        end: when the last band of each lane ends, seconds since 1970.
    """
    deployment: _Lanes = {}
    operator: _Lanes = {}
    for change in changes:
        if change.kind in WORKLOADS:
            _add_points(deployment, _conditions(change.state, ""), started + change.at)
        elif change.kind == "Resource":
            _add_points(operator, _conditions(change.state, change.name.split(" ")[0] + " "), started + change.at)
    lanes = [_bands(lane, deployment[lane], end) for lane in sorted(deployment)]
    lanes += _operator_lanes([_bands(lane, operator[lane], end) for lane in sorted(operator)])
    return tuple(band for bands in lanes for band in bands)


def _operator_lanes(lanes: list[list[Band]]) -> list[list[Band]]:
    """Choose the lanes that change most; when none changes, the first ones."""
    changing = [bands for bands in lanes if len(bands) > 1]
    steady = [bands for bands in lanes if len(bands) == 1]
    return sorted(changing or steady, key=len, reverse=True)[:_MOST_OPERATOR_LANES]


def _conditions(state: State, prefix: str) -> dict[str, _Condition]:
    return {
        prefix + one_line(key.removeprefix(_CONDITION)): _Condition(one_line(found[0]), one_line(found[1]))
        for key, found in state.items()
        if key.startswith(_CONDITION) and isinstance(found, list) and len(found) > 1
    }


def _add_points(lanes: _Lanes, conditions: Mapping[str, _Condition], at: float) -> None:
    for lane in {**lanes, **conditions}:
        lanes.setdefault(lane, []).append(_Point(at, conditions.get(lane)))


def _bands(lane: str, points: list[_Point], end: float) -> list[Band]:
    starts = [p for i, p in enumerate(points) if i == 0 or p.condition != points[i - 1].condition]
    ends = [p.at for p in starts[1:]] + [end]
    return [Band(lane, p.at, until, *p.condition) for p, until in zip(starts, ends, strict=True) if p.condition]


def _waiting(state: State) -> dict[str, str]:
    """Return the reason for each container that cannot pull."""
    return {
        one_line(key.removeprefix(_WAITING)): str(reason)
        for key, reason in state.items()
        if key.startswith(_WAITING) and isinstance(reason, str) and reason in PULL_FAILURES
    }


def _count(state: State, key: str) -> int:
    found = state.get(key)
    return found if isinstance(found, int) else 0
