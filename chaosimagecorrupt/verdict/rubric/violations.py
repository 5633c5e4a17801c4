"""The rows of the section Violations: what must not happen; a row passes when it did not."""

from ...workload.rollout import NO_DEADLINE
from ..model import Criterion, Row
from ..observed import Observed
from ..operator_report import OperatorReport
from ..recovery_time import no_recovery
from .evidence import replicas_text

__all__ = ["violations"]

_SILENT = Criterion("Violations", "operator-silent", "The operator is neither silent nor claims to be healthy")
_NOT_COMPLETE = Criterion("Violations", "rollout-not-complete", "The rollout is complete at the end")


def violations(observed: Observed, report: OperatorReport | None) -> list[Row]:
    """Return the rows of the section Violations.

    Args:
        observed: what the timeline shows.
        report: of the operators; None, which leaves their row out, when the experiment asks none.
    """
    silent = [] if report is None else [_SILENT.decided(report.result, report.why, *report.evidence)]
    return [*silent, _no_deadline(observed), _not_complete(observed)]


def _no_deadline(observed: Observed) -> Row:
    name = observed.kind.name
    criterion = Criterion("Violations", "no-progress-deadline", f"The {name} has a progress deadline")
    first = observed.before or next(iter(observed.deployment), None)
    if first is None or first.state.get("gone"):
        return criterion.not_observed(observed.missing.get(name, f"the {name} was not observed"))
    if not observed.kind.has_progress_deadline:
        why = f"Kubernetes never reports a rollout of a {name} that is stuck"
        return criterion.violated(why, observed.evidence(first, "no progressDeadlineSeconds, no conditions"))
    replaced = [e.original_deadline for e in observed.facts.entries if e.original_deadline is not None]
    found = first.state.get("progressDeadlineSeconds", NO_DEADLINE)
    seconds = replaced[0] if replaced and first is not observed.before else found
    evidence = observed.evidence(first, f"progressDeadlineSeconds {seconds}")
    if seconds >= NO_DEADLINE:
        return criterion.violated("a stuck rollout is never reported as failed", evidence)
    return criterion.met(f"{seconds} s", evidence)


def _not_complete(observed: Observed) -> Row:
    if observed.restored is None:
        return _NOT_COMPLETE.not_observed("no restore was observed")
    last = observed.deployment[-1]
    replicas = replicas_text(last)
    evidence = observed.evidence(last, replicas)
    if observed.recovered is None:
        return _NOT_COMPLETE.decided(*no_recovery(observed), evidence)
    if not last.state.get("complete"):
        return _NOT_COMPLETE.violated("complete after the restore, but not at the end", evidence)
    return _NOT_COMPLETE.met(replicas, evidence)
