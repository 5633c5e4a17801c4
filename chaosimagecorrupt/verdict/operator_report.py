"""Whether the operators report the fault of their Deployment."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ..duration import duration_text
from ..timeline.fields import condition_in
from ..timeline.operator import Operator
from ..timeline.states import State
from ..timeline.timeline import Change, changes
from ..workload.accepted import AcceptedCondition
from .healing import healed_by_others, healer_of
from .model import Evidence, Result
from .observed import Observed
from .rubric.deadline import deadline_of

__all__ = ["OperatorReport", "absent_operators_text", "report_of"]


class OperatorReport(NamedTuple):
    """What the operators reported during the fault.

    Attributes:
        result: PASS when one of them reported the degradation; NOT_OBSERVED when that cannot be decided.
        why: the reason, in one sentence for each operator.
        evidence: their status.
    """

    result: Result
    why: str
    evidence: Sequence[Evidence] = ()


def report_of(observed: Observed) -> OperatorReport | None:
    """Decide whether an operator that the facts name reported the degradation while the fault was in place.

    Of several operators, one that reports is enough. If none does, one that was silent is a violation, also if nothing
    is known of the others.

    Returns:
        What they reported; None when the facts name no operator.
    """
    reports = [_report_of(observed, operator) for operator in observed.facts.operators]
    if not reports:
        return None
    decisive = _decisive(reports)
    evidence = [e for report in decisive for e in report.evidence]
    return OperatorReport(decisive[0].result, "; ".join(report.why for report in decisive), evidence)


def _decisive(reports: Sequence[OperatorReport]) -> Sequence[OperatorReport]:
    """Return those that report the degradation; without one, those that are silent; without any, all."""
    for result in (Result.PASS, Result.VIOLATION):
        found = [report for report in reports if report.result is result]
        if found:
            return found
    return reports


def _report_of(observed: Observed, operator: Operator) -> OperatorReport:
    missing = _why_not_followed(observed, operator)
    if missing is not None:
        return _not_observed(f"{operator} could not be followed: {missing}")
    if observed.corrupted is None:
        return _not_observed("there was no fault to report")
    states = _changes_of(observed, operator)
    before = next((c for c in reversed(states) if c.at < observed.corrupted.at), None)
    during = observed.since(observed.corrupted, states, observed.restored)
    reported = _first_report(operator, before, during)
    if reported is not None:
        status = _evidence(observed, reported.condition, reported.change)
        after = f"{duration_text(reported.change.at - observed.corrupted.at)} after the corruption"
        return OperatorReport(Result.PASS, f"{operator}, {after}: {status.what}", (status,))
    return _not_reported(observed, operator, before, during)


def absent_operators_text(observed: Observed, report: OperatorReport | None) -> str | None:
    """Explain that it is not known whether operators report, because they do not exist or could not be followed.

    Args:
        observed: what the timeline shows.
        report: from `report_of`.

    Returns:
        The explanation; None when all could be asked, none is named, or another one decided the question.
    """
    if report is None or report.result is not Result.NOT_OBSERVED:
        return None
    whys = [_absent_text(observed, operator) for operator in observed.facts.operators]
    known = [why for why in whys if why is not None]
    return f"it is not known whether an operator reports the degradation: {'; '.join(known)}" if known else None


def _absent_text(observed: Observed, operator: Operator) -> str | None:
    """Explain that an operator could not be asked; None when it was."""
    missing = _why_not_followed(observed, operator)
    if missing is None and not _is_absent(observed, operator):
        return None
    why = missing or "it does not exist"
    return why if str(operator) in why else f"{operator}: {why}"


def _why_not_followed(observed: Observed, operator: Operator) -> str | None:
    """Return why the operator's resource is not followed; journals of before several operators name the kind only."""
    return observed.missing.get(operator.source, observed.missing.get("Resource"))


def _changes_of(observed: Observed, operator: Operator) -> list[Change]:
    return [c for c in changes(observed.timeline, "Resource") if c.name == str(operator)]


def _is_absent(observed: Observed, operator: Operator) -> bool:
    """Return whether the operator's resource did not exist at any time of the fault."""
    if observed.corrupted is None:
        return False
    states, begin = _changes_of(observed, operator), observed.corrupted.at
    at_first = [c for c in states if c.at < begin][-1:]
    during = observed.since(observed.corrupted, states, observed.restored)
    return all(c.state.get("gone") for c in [*at_first, *during])


class _FirstReport(NamedTuple):
    """A state in which a condition is reported that was not reported just before it."""

    change: Change
    condition: AcceptedCondition


def _first_report(operator: Operator, before: Change | None, during: Sequence[Change]) -> _FirstReport | None:
    known = _accepted_conditions(operator, before)
    for change in during:
        now = _accepted_conditions(operator, change)
        added = next((c for c in now if c not in known), None)
        if added is not None:
            return _FirstReport(change, added)
        known = now
    return None


def _accepted_conditions(operator: Operator, change: Change | None) -> list[AcceptedCondition]:
    """Return the accepted conditions that a state has."""
    return [c for c in operator.conditions if change is not None and _matches(c, change.state)]


def _not_reported(
    observed: Observed, operator: Operator, before: Change | None, during: Sequence[Change]
) -> OperatorReport:
    reported_before = _accepted_conditions(operator, before)
    if before is not None and reported_before:
        status = _evidence(observed, reported_before[0], before)
        return _not_observed(f"{operator} reported it already before the fault", status)
    if _is_absent(observed, operator):
        return _not_observed(f"{operator} does not exist")
    healer = healer_of(observed)
    if healer is not None and healed_by_others(observed):
        seconds = duration_text(observed.fault_seconds)
        return _not_observed(f"{healer.manager} put the image back after {seconds}, so nothing was left to report")
    last = during[-1] if during else before
    if last is None or last.state.get("gone"):
        return OperatorReport(Result.VIOLATION, f"{operator} does not exist any longer")
    deadline = deadline_of(observed)
    if deadline.passed is None:
        return _not_observed(
            f"{operator} did not report it, but may have waited for the progress deadline: {deadline.why}"
        )
    return _silent(observed, operator, last, during)


def _silent(observed: Observed, operator: Operator, last: Change, during: Sequence[Change]) -> OperatorReport:
    """Return what the operator reported instead, until the end of the fault."""
    status = _status(observed, operator, last)
    if during:
        why = f"{operator} wrote its status during the fault, and it was {status.what} until the end of the fault"
    else:
        seconds = duration_text(round(observed.fault_seconds))
        why = f"{operator} did not write its status within {seconds}: still {status.what}"
    return OperatorReport(Result.VIOLATION, why, (status,))


def _not_observed(why: str, *evidence: Evidence) -> OperatorReport:
    return OperatorReport(Result.NOT_OBSERVED, why, evidence)


def _matches(accepted: AcceptedCondition, state: State) -> bool:
    found = condition_in(state, accepted.type)
    return found is not None and found.status == accepted.status and accepted.reason in (None, found.reason)


def _status(observed: Observed, operator: Operator, change: Change) -> Evidence:
    """Return the status of all accepted conditions."""
    found = [_evidence(observed, c, change) for c in operator.conditions]
    return replace(found[0], what=", ".join(e.what for e in found))


def _evidence(observed: Observed, accepted: AcceptedCondition, change: Change) -> Evidence:
    found = condition_in(change.state, accepted.type)
    if found is None:
        return observed.evidence(change, f"no condition {accepted.type}")
    reason = f" ({found.reason})" if found.reason else ""
    return observed.evidence(change, f"{accepted.type}={found.status}{reason}", found.since)
