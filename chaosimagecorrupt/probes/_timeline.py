"""Answers from the control's timeline, which records every change, also those before a probe starts."""

from collections.abc import Callable
from typing import NamedTuple

from ..record.fault import Fault
from ..record.memory import MEMORY
from ..timeline.journal import TimelineJson
from ..timeline.recorder import Recorder, recorder_of
from ..timeline.states import State
from ..timeline.timeline import changes
from ..verdict import Facts, Judgement, is_settled, judge
from ..workload.target import Target
from ._wait import RECOVERY

__all__ = ["recorded_cycles", "recorded_recovery", "was_restored"]

# seconds within which the timeline shows what the API server has just answered
_TIMELINE_DELAY = 5.0


class _Recorded(NamedTuple):
    """A fault of this run, and the recorder of its Deployment."""

    fault: Fault
    recorder: Recorder


def was_restored(target: Target) -> bool:
    """Return whether the fault is known to be undone: by this run, or by others as the timeline shows."""
    fault = MEMORY.fault(target)
    if fault is not None and fault.restored_at is not None:
        return True
    recorded = _recorded(target)
    if recorded is None:
        return False
    facts = _facts(recorded)
    return recorded.recorder.wait(
        lambda timeline: "restored" in judge(timeline, facts).marks, target.cluster.timing.watch_delay
    )


def recorded_recovery(target: Target, timeout: float) -> float | None:
    """Wait for the recovery; return its seconds, None when the timeline does not show them.

    Args:
        target: the Deployment; its fault is undone.
        timeout: seconds.
    """
    recorded = _recorded(target)
    if recorded is None:
        return None
    fault = recorded.fault
    restored = fault.generation + fault.own_changes
    found = _judge_at(recorded, restored, timeout, lambda timeline: is_settled(timeline, _facts(recorded)), RECOVERY)
    return None if found is None else found.recovery["seconds"]


def recorded_cycles(target: Target, generation: int) -> int | None:
    """Return the generations since the fault that others made, without scaling; None when the timeline has no fault.

    Args:
        target: the Deployment.
        generation: the current one, which the timeline has to reach.
    """
    recorded = _recorded(target)
    if recorded is None:
        return None
    found = _judge_at(recorded, generation, _TIMELINE_DELAY, lambda timeline: True)
    return None if found is None else found.recovery["reconcile_cycles"]


def _recorded(target: Target) -> _Recorded | None:
    fault, recorder = MEMORY.fault(target), recorder_of(target)
    if fault is None or not fault.entries or recorder is None or target.kind.name in recorder.timeline()["missing"]:
        return None
    return _Recorded(fault, recorder)


def _facts(recorded: _Recorded) -> Facts:
    fault = recorded.fault
    return Facts(
        name=fault.name,
        kind=fault.kind.name,
        entries=tuple(fault.entries.values()),
        restored_on_server=fault.restored_on_server,
        thresholds=recorded.recorder.thresholds,
    )


def _judge_at(
    recorded: _Recorded, generation: int, timeout: float, condition: Callable[[TimelineJson], bool], what: str = ""
) -> Judgement | None:
    """Judge the timeline once it shows a generation and satisfies a condition; None when that takes too long."""

    def reached(timeline: TimelineJson) -> bool:
        latest = [*changes(timeline, recorded.fault.kind.name)][-1:]
        return any(_reached(c.state, generation, recorded.fault.uid) for c in latest) and condition(timeline)

    recorder = recorded.recorder
    return judge(recorder.timeline(), _facts(recorded)) if recorder.wait(reached, timeout, what) else None


def _reached(state: State, generation: int, uid: str) -> bool:
    """Whether a Deployment has reached a generation; one that was created again counts from 1, and one that is gone
    will not count on.
    """
    another = state.get("gone") or state.get("uid", uid) != uid
    return bool(another) or state.get("generation", 0) >= generation
