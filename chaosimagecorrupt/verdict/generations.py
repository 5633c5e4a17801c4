"""Generations of the Deployment that others made."""

from itertools import pairwise
from typing import NamedTuple

from ..kube.requests import FIELD_MANAGER
from ..timeline.fields import ImageWriter, writer_in
from ..timeline.states import State
from .observed import Observed

__all__ = ["Cycles", "cycles_of"]

# the parts of a Deployment's state that come from its spec and its record, without the number of replicas
_SPEC = ("template", "record", "progressDeadlineSeconds", "paused", "strategy", "maxSurge", "maxUnavailable")


class Cycles(NamedTuple):
    """Generations since the fault that others made.

    Attributes:
        reconciled: those that changed something else than the number of replicas, or nothing that a state contains.
        scaled: those that changed only the number of replicas, as an autoscaler does.
    """

    reconciled: int
    scaled: int

    def __str__(self) -> str:
        scaled = f"; not counted, because they only scaled it: {self.scaled}" if self.scaled else ""
        return f"generations by others since the fault: {self.reconciled}{scaled}"


def cycles_of(observed: Observed) -> Cycles | None:
    """Count the generations since the fault that others made; None when no fault was observed.

    A generation is made by this tool when its field manager set an image in it, when it changed the record, which only
    this tool writes, or when it only put the progress deadline back. The API server makes one for each change of a
    Deployment's spec or annotations. A Deployment that was created again starts counting again.
    """
    if observed.corrupted is None:
        return None
    states = [c.state for c in observed.since(observed.corrupted, observed.deployment)]
    found = [_made_by_others(before, after, observed) for before, after in pairwise(states)]
    return Cycles(sum(c.reconciled for c in found), sum(c.scaled for c in found))


def _made_by_others(before: State, after: State, observed: Observed) -> Cycles:
    if before.get("gone") or after.get("gone"):
        return Cycles(0, 0)
    ours = _made_by_us(before, after, observed)
    made = max(0, (after.get("generation") or 0) - (before.get("generation") or 0) - ours)
    if before.get("replicas") == after.get("replicas"):
        return Cycles(made, 0)
    if ours or _spec(before) == _spec(after):
        return Cycles(0, made)
    # One generation changed the spec and the replicas together; of several, one may have changed only the replicas
    scaled = 1 if made > 1 else 0
    return Cycles(made - scaled, scaled)


def _spec(state: State) -> dict[str, object]:
    return {k: v for k, v in state.items() if k in _SPEC or k.startswith("image:")}


def _made_by_us(before: State, after: State, observed: Observed) -> int:
    writers = _image_writers(before, after)
    if writers:
        return int(any(w.manager == FIELD_MANAGER for w in writers))
    # This tool never removes the record while the corrupt image is in place
    stripped = not after.get("record") and observed.is_corrupt(after)
    changed = before.get("record") != after.get("record") and not stripped
    return int(changed or _deadline_was_put_back(before, after, observed))


def _deadline_was_put_back(before: State, after: State, observed: Observed) -> bool:
    """Return whether only the progress deadline was put back.

    `kubectl rollout undo` puts the image back and removes the record in one patch. It keeps the fault's deadline, which
    this tool puts back later.
    """
    if observed.facts.restored_here is False or before.get("record"):
        return False
    deadlines = {(e.deadline, e.original_deadline) for e in observed.facts.entries if e.deadline is not None}
    rest = [{k: v for k, v in _spec(s).items() if k != "progressDeadlineSeconds"} for s in (before, after)]
    moved = (before.get("progressDeadlineSeconds"), after.get("progressDeadlineSeconds"))
    return rest[0] == rest[1] and moved in deadlines


def _image_writers(before: State, after: State) -> list[ImageWriter]:
    """Return who wrote the images that differ, as far as that is known."""
    keys = [k for k in {*before, *after} if k.startswith("image:") and before.get(k) != after.get(k)]
    writers = (writer_in(after, k.removeprefix("image:")) for k in keys)
    return [w for w in writers if w is not None]
