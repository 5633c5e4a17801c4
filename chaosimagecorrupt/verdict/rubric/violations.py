"""The rows of the section Violations."""

from ...timeline.timeline import Change
from ...workload.rollout import NO_DEADLINE
from ..model import Row
from ..observed import Observed
from ..operator_report import reported

__all__ = ["violations"]


def violations(seen: Observed) -> list[Row]:
    """Return the rows of the section Violations; `pass` says that it did not happen."""
    return [_operator_silent(seen), _no_deadline(seen), _not_complete(seen)]


def _operator_silent(seen: Observed) -> Row:
    found = reported(seen)
    result = {True: "pass", False: "violation", None: "not observed"}[found.result]
    title = "The operator is neither silent nor claims to be healthy"
    return Row("Violations", "operator-silent", title, result, found.why, found.evidence)


def _no_deadline(seen: Observed) -> Row:
    row, title = "no-progress-deadline", "The Deployment has a progress deadline"
    first = seen.before or next(iter(seen.deployment), None)
    if first is None or first.state.get("gone"):
        return Row("Violations", row, title, "not observed", seen.missing.get("Deployment", "it was not seen"))
    shortened = [e.original_deadline for e in seen.facts.entries if e.original_deadline is not None]
    found = first.state.get("progressDeadlineSeconds", NO_DEADLINE)
    seconds = shortened[0] if shortened and first is not seen.before else found
    told = seen.evidence(first, f"progressDeadlineSeconds {seconds}")
    if seconds >= NO_DEADLINE:
        return Row("Violations", row, title, "violation", "a stuck rollout is never reported as failed", (told,))
    return Row("Violations", row, title, "pass", f"{seconds} s", (told,))


def _not_complete(seen: Observed) -> Row:
    row, title = "rollout-not-complete", "The rollout is complete at the end"
    if seen.restored is None:
        return Row("Violations", row, title, "not observed", "the image was not seen to be put back")
    last = seen.deployment[-1]
    if seen.recovered is None:
        result, why = seen.not_recovered
        return Row("Violations", row, title, result, why, (seen.evidence(last, _counts(last)),))
    told = seen.evidence(last, _counts(last))
    if not last.state.get("complete"):
        return Row(
            "Violations", row, title, "violation", "complete after the restore, but no longer at the end", (told,)
        )
    return Row("Violations", row, title, "pass", _counts(last), (told,))


def _counts(change: Change) -> str:
    state = change.state
    if state.get("gone"):
        return "gone"
    counts = (state["readyReplicas"], state["updatedReplicas"], state["availableReplicas"])
    return "{} ready, {} updated, {} available of {}".format(*counts, state["replicas"])
