"""The rows of the section Hypothesis: whether the experiment's own steady state was met."""

from ..model import Criterion, Evidence, Facts, Row
from ..steady_states import Checks, failed_checks_text

__all__ = ["hypothesis"]

_BEFORE = Criterion("Hypothesis", "before", "The steady state is met before the method")
_DURING = Criterion("Hypothesis", "during", "The steady state is met during the method")
_AFTER = Criterion("Hypothesis", "after", "The steady state is met after the method")


def hypothesis(facts: Facts) -> list[Row]:
    """Return the rows of the section Hypothesis."""
    checked = facts.hypothesis
    return [
        _row(_BEFORE, checked.before, "before the method"),
        _row(_DURING, checked.during, "during the method"),
        _row(_AFTER, checked.after, "after the method"),
    ]


def _row(criterion: Criterion, checks: Checks | None, phase: str) -> Row:
    if checks is None:
        return criterion.not_observed(f"it was not checked {phase}")
    evidence = [Evidence(f"Probe {p.name}", p.why, p.at) for p in checks.failed]
    if not checks.unmet:
        return criterion.met("met" if checks.number == 1 else f"met in {checks.number} checks", *evidence)
    decide = criterion.not_observed if checks.errors and not checks.deviations else criterion.violated
    return decide(failed_checks_text(checks, phase), *evidence)
