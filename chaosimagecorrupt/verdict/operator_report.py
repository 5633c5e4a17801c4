"""Does the operator report what happens to its Deployment?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..timeline.operator import Operator
from ..timeline.states import State
from ..timeline.timeline import Change, changes
from .model import Evidence
from .observed import Observed

__all__ = ["Report", "reported"]


@dataclass(frozen=True)
class Report:
    """What an operator said during the fault.

    Attributes:
        result: whether it reported the degradation; None when that cannot be told.
        why: in one sentence.
        evidence: what it said.
    """

    result: bool | None
    why: str
    evidence: Sequence[Evidence] = field(default_factory=tuple)


def reported(seen: Observed) -> Report:
    """Tell whether the operator that the facts name reported the degradation while the fault was in place."""
    operator = seen.facts.operator
    if operator is None:
        return Report(None, "no operator is named: the method has no probe resource_condition")
    if "Resource" in seen.missing:
        return Report(None, f"{operator} could not be followed: {seen.missing['Resource']}")
    if seen.corrupted is None:
        return Report(None, "there was no fault to report")
    states = list(changes(seen.timeline, "Resource"))
    before = [c for c in states if c.at < seen.corrupted.at]
    if before and _matches(operator, before[-1].state):
        return Report(None, f"{operator} said so before the fault", (_evidence_of(seen, operator, before[-1]),))
    during = seen.since(seen.corrupted, states, seen.restored)
    for change in during:
        if _matches(operator, change.state):
            told = _evidence_of(seen, operator, change)
            return Report(True, f"{change.at - seen.corrupted.at:.1f} s after the corruption: {told.what}", (told,))
    healer = seen.healed_by
    if healer is not None and seen.healed_by_others:
        return Report(None, f"{healer[0]} put the image back after {seen.window:.1f} s, so nothing was left to report")
    return _silent(seen, operator, before, during)


def _silent(seen: Observed, operator: Operator, before: list[Change], during: list[Change]) -> Report:
    last = next(iter([*before, *during][::-1]), None)
    if last is None or last.state.get("gone"):
        return Report(False, f"{operator} is not there")
    said = _evidence_of(seen, operator, last)
    if not during:
        return Report(False, f"it said nothing within {seen.window:.0f} s: still {said.what}", (said,))
    return Report(False, f"it wrote its status during the fault, and still says {said.what}", (said,))


def _matches(operator: Operator, state: State) -> bool:
    found = state.get(f"condition:{operator.condition_type}")
    return found is not None and found[0] == operator.status and operator.reason in (None, found[1])


def _evidence_of(seen: Observed, operator: Operator, change: Change) -> Evidence:
    found = change.state.get(f"condition:{operator.condition_type}")
    if found is None:
        return seen.evidence(change, f"no condition {operator.condition_type}")
    reason = f" ({found[1]})" if found[1] else ""
    return seen.evidence(change, f"{operator.condition_type}={found[0]}{reason}", found[2])
