"""Who else had a hand in it: generations of the Deployment that were not ours."""

from itertools import pairwise
from typing import NamedTuple

from ..kube.requests import FIELD_MANAGER
from ..timeline.states import State
from .observed import Observed

__all__ = ["Cycles", "cycles_of"]

# what a Deployment's state tells of its spec and record, but for the number of replicas
_SPEC = ("template", "record", "progressDeadlineSeconds", "paused", "strategy", "maxSurge", "maxUnavailable")


class Cycles(NamedTuple):
    """Generations since the fault that were not ours.

    Attributes:
        reconciled: those that changed something else than the number of replicas, or nothing that a state tells.
        scaled: those that changed the number of replicas alone, as an autoscaler does.
    """

    reconciled: int
    scaled: int

    def __str__(self) -> str:
        scaled = f"; not counted, since they only scaled it: {self.scaled}" if self.scaled else ""
        return f"generations since the fault that were not ours: {self.reconciled}{scaled}"


def cycles_of(seen: Observed) -> Cycles | None:
    """Count the generations since the fault that were not ours; None when no fault was seen.

    A generation is ours when our field manager set an image in it, or when it changed the record, which nobody else
    writes. The API server makes one for each change of a Deployment's spec or annotations. A Deployment that was made
    again begins anew.
    """
    if seen.corrupted is None:
        return None
    states = [c.state for c in seen.since(seen.corrupted, seen.deployment)]
    found = [_others(before, after, seen) for before, after in pairwise(states)]
    return Cycles(sum(c.reconciled for c in found), sum(c.scaled for c in found))


def _others(before: State, after: State, seen: Observed) -> Cycles:
    if before.get("gone") or after.get("gone"):
        return Cycles(0, 0)
    ours = _ours(before, after, seen)
    made = max(0, (after.get("generation") or 0) - (before.get("generation") or 0) - ours)
    if before.get("replicas") == after.get("replicas"):
        return Cycles(made, 0)
    if ours or _spec(before) == _spec(after):
        return Cycles(0, made)
    # what one write changed together with the replicas is a change; of several, one may have been the scaling
    scaled = 1 if made > 1 else 0
    return Cycles(made - scaled, scaled)


def _spec(state: State) -> State:
    return {k: v for k, v in state.items() if k in _SPEC or k.startswith("image:")}


def _ours(before: State, after: State, seen: Observed) -> int:
    recorded = before.get("record") != after.get("record")
    changed = [k for k in {*before, *after} if k.startswith("image:") and before.get(k) != after.get(k)]
    writers = [after["writer:" + k.partition(":")[2]][0] for k in changed if "writer:" + k.partition(":")[2] in after]
    if writers:
        return int(FIELD_MANAGER in writers)
    # somebody who strips the record and leaves the corrupt image is not us
    return int(recorded and not (not after.get("record") and seen.corrupt(after)))
