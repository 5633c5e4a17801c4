"""What the control's timeline tells a probe: it was looking when something happened, and knows what it was."""

from collections.abc import Callable, Mapping
from typing import Any

from ..record.memory import MEMORY, Fault
from ..timeline.recorder import Recorder, recorder_of
from ..timeline.timeline import changes
from ..verdict import Facts, Judgement, is_over, judge
from ..workload.target import Target

__all__ = ["recorded_cycles", "recorded_recovery", "was_restored"]

# seconds that the timeline may be behind what was just read
_BEHIND = 5.0


def was_restored(target: Target) -> bool:
    """Tell whether the fault is known to be undone: by this run, or by others as the control saw it."""
    fault = MEMORY.fault(target.cluster, target.namespace, target.name)
    if fault is not None and fault.restored_at is not None:
        return True
    recorded = _recorded(target)
    return recorded is not None and "restored" in judge(recorded[1].timeline(), _facts(recorded[0])).marks


def recorded_recovery(target: Target, timeout: float) -> float | None:
    """Wait for the recovery; return its seconds, None when the timeline does not tell them.

    Args:
        target: the Deployment; its fault is undone.
        timeout: seconds.
    """
    recorded = _recorded(target)
    if recorded is None:
        return None
    fault, recorder = recorded
    made = fault.generation + fault.own_changes
    found = _when(recorder, fault, made, timeout, lambda timeline: is_over(timeline, _facts(fault)))
    return None if found is None else found.recovery["seconds"]


def recorded_cycles(target: Target, generation: int) -> int | None:
    """Return the generations since the fault that were not ours, scaling aside; None when the timeline does not tell.

    Args:
        target: the Deployment.
        generation: the present one, which the timeline has to reach.
    """
    recorded = _recorded(target)
    if recorded is None:
        return None
    found = _when(recorded[1], recorded[0], generation, _BEHIND, lambda timeline: True)
    return None if found is None else found.recovery["reconcile_cycles"]


def _recorded(target: Target) -> tuple[Fault, Recorder] | None:
    fault, recorder = MEMORY.fault(target.cluster, target.namespace, target.name), recorder_of(target)
    if fault is None or not fault.entries or recorder is None or "Deployment" in recorder.timeline()["missing"]:
        return None
    return fault, recorder


def _facts(fault: Fault) -> Facts:
    return Facts(fault.name, tuple(fault.entries.values()), restored_on_server=fault.restored_on_server)


def _when(
    recorder: Recorder, fault: Fault, generation: int, timeout: float, is_over: Callable[[Mapping[str, Any]], bool]
) -> Judgement | None:
    """Judge the timeline once it has reached a generation, and is as wanted; None when that takes too long."""

    def reached(timeline: Mapping[str, Any]) -> bool:
        latest = [*changes(timeline, "Deployment")][-1:]
        return any(c.state.get("generation", 0) >= generation for c in latest) and is_over(timeline)

    return judge(recorder.timeline(), _facts(fault)) if recorder.wait(reached, timeout) else None
