"""Who else had a hand in it: generations of the Deployment that were not ours."""

from itertools import pairwise

from ..folding import State
from ..requests import FIELD_MANAGER
from .observed import Observed

__all__ = ["cycles_of"]


def cycles_of(seen: Observed) -> int | None:
    """Count the generations since the fault that were not ours; None when no fault was seen.

    A generation is ours when our field manager set an image in it, or when it changed the record, which nobody else
    writes. The API server makes one for each change of a Deployment's spec or annotations. A Deployment that was made
    again begins anew.
    """
    if seen.corrupted is None:
        return None
    states = [c.state for c in seen.since(seen.corrupted, seen.deployment)]
    return sum(_others(before, after, seen) for before, after in pairwise(states))


def _others(before: State, after: State, seen: Observed) -> int:
    if before.get("gone") or after.get("gone"):
        return 0
    made = (after.get("generation") or 0) - (before.get("generation") or 0)
    return max(0, made - _ours(before, after, seen))


def _ours(before: State, after: State, seen: Observed) -> int:
    recorded = before.get("record") != after.get("record")
    changed = [k for k in {*before, *after} if k.startswith("image:") and before.get(k) != after.get(k)]
    writers = [after["writer:" + k.partition(":")[2]][0] for k in changed if "writer:" + k.partition(":")[2] in after]
    if writers:
        return int(FIELD_MANAGER in writers)
    # somebody who strips the record and leaves the corrupt image is not us
    return int(recorded and not (not after.get("record") and seen.corrupt(after)))
