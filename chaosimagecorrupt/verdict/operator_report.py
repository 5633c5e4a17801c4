"""Whether the operator reports the fault of its Deployment."""

from collections.abc import Sequence
from typing import NamedTuple

from ..timeline.fields import condition_in
from ..timeline.operator import Operator
from ..timeline.states import State
from ..timeline.timeline import Change, changes
from .healing import healed_by_others, healer_of
from .model import Evidence, Result
from .observed import Observed

__all__ = ["Report", "open_question", "report_of"]


class Report(NamedTuple):
    """What an operator reported during the fault.

    Attributes:
        result: PASS when it reported the degradation; NOT_OBSERVED when that cannot be decided.
        why: the reason, in one sentence.
        evidence: its status.
    """

    result: Result
    why: str
    evidence: Sequence[Evidence] = ()


def report_of(observed: Observed) -> Report:
    """Decide whether the operator that the facts name reported the degradation while the fault was in place."""
    operator = observed.facts.operator
    if operator is None:
        return _unknown("no operator is named: the method has no probe resource_condition")
    if "Resource" in observed.missing:
        return _unknown(f"{operator} could not be followed: {observed.missing['Resource']}")
    if observed.corrupted is None:
        return _unknown("there was no fault to report")
    return _report_during(observed, operator, observed.corrupted)


def open_question(observed: Observed) -> str | None:
    """Explain that the operator could not be asked, because it is not there; None when it was, or none is named."""
    operator = observed.facts.operator
    if operator is None:
        return None
    missing = observed.missing.get("Resource")
    if missing is None and not _is_absent(observed):
        return None
    why = missing or "it does not exist"
    why = why if str(operator) in why else f"{operator}: {why}"
    return f"whether an operator reports the degradation stayed open: {why}"


def _is_absent(observed: Observed) -> bool:
    """Whether the operator's resource did not exist at any time of the fault."""
    if observed.corrupted is None:
        return False
    states, begin = list(changes(observed.timeline, "Resource")), observed.corrupted.at
    at_first = [c for c in states if c.at < begin][-1:]
    during = observed.since(observed.corrupted, states, observed.restored)
    return all(c.state.get("gone") for c in [*at_first, *during])


def _report_during(observed: Observed, operator: Operator, corrupted: Change) -> Report:
    states = list(changes(observed.timeline, "Resource"))
    before = next((c for c in reversed(states) if c.at < corrupted.at), None)
    if before is not None and _matches(operator, before.state):
        return _unknown(f"{operator} reported it already before the fault", _status(observed, operator, before))
    during = observed.since(corrupted, states, observed.restored)
    reported = next((change for change in during if _matches(operator, change.state)), None)
    if reported is not None:
        status = _status(observed, operator, reported)
        return Report(Result.PASS, f"{reported.at - corrupted.at:.1f} s after the corruption: {status.what}", (status,))
    healer = healer_of(observed)
    if healer is not None and healed_by_others(observed):
        seconds = f"{observed.fault_seconds:.1f} s"
        return _unknown(f"{healer.manager} put the image back after {seconds}, so nothing was left to report")
    return _not_reported(observed, operator, before, during)


def _not_reported(observed: Observed, operator: Operator, before: Change | None, during: list[Change]) -> Report:
    if _is_absent(observed):
        return _unknown(f"{operator} does not exist")
    last = during[-1] if during else before
    if last is None or last.state.get("gone"):
        return Report(Result.VIOLATION, f"{operator} does not exist any longer")
    status = _status(observed, operator, last)
    why = (
        f"it wrote its status during the fault, and still says {status.what}"
        if during
        else f"it did not write its status within {observed.fault_seconds:.0f} s: still {status.what}"
    )
    return Report(Result.VIOLATION, why, (status,))


def _unknown(why: str, *evidence: Evidence) -> Report:
    return Report(Result.NOT_OBSERVED, why, evidence)


def _matches(operator: Operator, state: State) -> bool:
    found = condition_in(state, operator.condition_type)
    return found is not None and found.status == operator.status and operator.reason in (None, found.reason)


def _status(observed: Observed, operator: Operator, change: Change) -> Evidence:
    found = condition_in(change.state, operator.condition_type)
    if found is None:
        return observed.evidence(change, f"no condition {operator.condition_type}")
    reason = f" ({found.reason})" if found.reason else ""
    return observed.evidence(change, f"{operator.condition_type}={found.status}{reason}", found.since)
