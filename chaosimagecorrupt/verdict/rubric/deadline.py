"""The row `deadline`: whether the progress deadline passed while the fault was in place, and was reported."""

from typing import NamedTuple

from ...duration import duration_text
from ...timeline.fields import condition_in
from ...timeline.timeline import Change
from ...workload.rollout import NO_DEADLINE
from ..model import Criterion, Evidence, Result, Row
from ..observed import Observed
from ..obstacles import no_fault_text

__all__ = ["Deadline", "deadline", "deadline_of"]

_DEADLINE = Criterion("Expected", "deadline", "Progressing turns False (ProgressDeadlineExceeded)")

# seconds within which the controller notices that a deadline has passed; measured: 0.6
_CONTROLLER_DELAY = 5.0


class Deadline(NamedTuple):
    """The progress deadline during a fault.

    Attributes:
        result: PASS when it was reported, VIOLATION when it passed and was not, NOT_OBSERVED when it did not pass.
        why: the reason, in one sentence.
        passed: when it passed, seconds after the timeline's beginning; None when it did not pass.
        evidence: the observation; None without one.
    """

    result: Result
    why: str
    passed: float | None = None
    evidence: Evidence | None = None


def deadline(observed: Observed) -> Row:
    """Return the row `deadline` of the section Expected."""
    found = deadline_of(observed)
    evidence = [found.evidence] if found.evidence is not None else []
    return _DEADLINE.decided(found.result, found.why, *evidence)


def deadline_of(observed: Observed) -> Deadline:
    """Decide whether the progress deadline passed while the fault was in place."""
    if observed.corrupted is None:
        return Deadline(Result.NOT_OBSERVED, no_fault_text(observed))
    last_progress, progressing = observed.corrupted, None
    for change in observed.fault_states:
        found = condition_in(change.state, "Progressing")
        if found is not None and (found.status, found.reason) == ("False", "ProgressDeadlineExceeded"):
            evidence = observed.evidence(change, "Progressing=False (ProgressDeadlineExceeded)", found.since)
            why = f"{duration_text(round(change.at - observed.corrupted.at))} after the corruption"
            return Deadline(Result.PASS, why, change.at, evidence)
        if found != progressing:
            progressing, last_progress = found, change
    return _not_exceeded(observed, observed.corrupted, last_progress)


def _not_exceeded(observed: Observed, corrupted: Change, last_progress: Change) -> Deadline:
    if not observed.kind.has_progress_deadline:
        name = observed.kind.name
        return Deadline(Result.NOT_OBSERVED, f"Kubernetes reports nothing: a {name} has no progress deadline")
    state, lasted = observed.fault_states[-1].state, observed.fault_seconds
    seconds = state.get("progressDeadlineSeconds") or NO_DEADLINE
    if seconds >= NO_DEADLINE:
        return Deadline(Result.NOT_OBSERVED, "the Deployment has no progress deadline")
    if state.get("paused") or state.get("replicas") == 0:
        why = "the progress deadline does not apply to a paused Deployment, or one with 0 replicas"
        return Deadline(Result.NOT_OBSERVED, why)
    due = last_progress.at - corrupted.at + seconds
    if lasted < due + _CONTROLLER_DELAY:
        why = f"the deadline of {seconds} s lies outside the fault, which lasted {duration_text(round(lasted))}"
        return Deadline(Result.NOT_OBSERVED, why)
    passed, unreported = (duration_text(round(seconds)) for seconds in (due, lasted - due))
    why = f"the deadline passed {passed} after the corruption, but was not reported in the next {unreported}"
    evidence = observed.evidence(last_progress, "the last progress")
    return Deadline(Result.VIOLATION, why, last_progress.at + seconds, evidence)
