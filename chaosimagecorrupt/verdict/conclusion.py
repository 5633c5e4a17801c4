"""The verdict on one Deployment, with the reasons for it."""

from typing import NamedTuple

from ..duration import duration_text
from .generations import Cycles
from .healing import undone_early_text
from .interventions import healing_text, interventions_of, left_stuck_text
from .model import Result, Verdict
from .observed import Observed
from .obstacles import corrupt_pod_ready, no_pull_text
from .operator_report import OperatorReport, absent_operators_text
from .pull_causes import unintended_causes
from .pulls import first_pull_failure, original_image_text
from .recovery_time import no_recovery, recovery_seconds, recovery_text, unhealthy_before
from .serving import Serving
from .steady_states import check_errors, failed_checks_text
from .stop_condition import Stop

__all__ = ["Conclusion", "Findings", "conclude"]


class Findings(NamedTuple):
    """What the timeline shows that both the rubric and the verdict depend on.

    Attributes:
        cycles: generations since the fault that others made; None when no fault was observed.
        serving: how many pods stayed ready.
        stop: the stop condition that ended the fault; None when none did.
        report: what the operators reported; None when the experiment asks none.
    """

    cycles: Cycles | None
    serving: Serving
    stop: Stop | None
    report: OperatorReport | None


class Conclusion(NamedTuple):
    """A verdict, and the reasons for it, one sentence each."""

    verdict: Verdict
    reasons: list[str]


def conclude(observed: Observed, findings: Findings) -> Conclusion:
    """Decide on the verdict.

    A run that was cut short cannot end as Resilient or Degraded: what would have followed is not known.

    Args:
        observed: what the timeline shows of the fault.
        findings: what follows from it.
    """
    found = _conclude_from_timeline(observed, findings)
    cut_short = [reason for reason in _cut_short(observed, findings.stop) if reason not in found.reasons]
    unanswered = absent_operators_text(observed, findings.report)
    reasons = [*found.reasons, *unintended_causes(observed), *([unanswered] if unanswered is not None else [])]
    if cut_short and found.verdict in (Verdict.DEGRADED, Verdict.RESILIENT):
        return Conclusion(Verdict.INCONCLUSIVE, [*cut_short, *reasons])
    return Conclusion(found.verdict, [*reasons, *cut_short])


def _cut_short(observed: Observed, stop: Stop | None) -> list[str]:
    """Explain why the run shows less than it was meant to."""
    facts = observed.facts
    # A stop condition that ended the fault is a failure, and a reason of its own
    early = undone_early_text(observed) if stop is None else None
    found = [early] if early is not None else []
    if facts.interrupted and facts.safeguard is None:
        found.append("the run was interrupted before the end of its method")
    if facts.activities_left:
        found.append(
            f"the method ended early, as by --fail-fast: activities that were not run: {facts.activities_left}"
        )
    if facts.safeguard is not None:
        found.append(str(facts.safeguard))
    return [*found, *check_errors(facts.hypothesis)]


def _conclude_from_timeline(observed: Observed, findings: Findings) -> Conclusion:
    if observed.facts.restore_error is not None:
        return Conclusion(Verdict.FAILED, [f"it is not restored: {observed.facts.restore_error}"])
    unknown = _why_not_judged(observed)
    if unknown is not None:
        return Conclusion(Verdict.INCONCLUSIVE, [unknown])
    interventions = [i.text for i in interventions_of(observed)]
    healed = [text for text in (healing_text(observed), left_stuck_text(observed)) if text is not None]
    failure = _failure(observed)
    failures = [*([failure] if failure is not None else []), *_failures_by_experiment(observed, findings.stop)]
    if failures:
        return Conclusion(Verdict.FAILED, [*failures, *interventions, *healed, *_no_pull(observed)])
    if interventions:
        return Conclusion(Verdict.INCONCLUSIVE, interventions)
    return _conclude_on_recovery(observed, findings, healed)


def _conclude_on_recovery(observed: Observed, findings: Findings, healed: list[str]) -> Conclusion:
    """Conclude when nothing failed: did the fault take effect, and how well did the Deployment recover?"""
    pull_failed = first_pull_failure(observed) is not None
    if not pull_failed and (not healed or corrupt_pod_ready(observed) is not None):
        return Conclusion(Verdict.INCONCLUSIVE, [_no_proof(observed), *healed])
    if observed.recovered is None:
        return Conclusion(Verdict.INCONCLUSIVE, [no_recovery(observed).why, *healed])
    defects = _defects(observed, findings)
    if defects:
        return Conclusion(Verdict.DEGRADED, [*defects, *healed])
    fault = "the fault took effect" if pull_failed else "the fault was undone by its owner"
    ready = f"{findings.serving.fewest} of {findings.serving.replicas} pods stayed ready"
    summary = f"{fault}, {ready}, and the {observed.kind.name} recovered {recovery_text(observed)}"
    return Conclusion(Verdict.RESILIENT, [summary, *healed, original_image_text(observed)])


def _no_proof(observed: Observed) -> str:
    why = no_pull_text(observed) or "no pod was observed that could not pull the image"
    return f"there is no proof that the fault took effect: {why}"


def _no_pull(observed: Observed) -> list[str]:
    """Say what kept pods from pulling, if none tried: it may have stopped the recovery as well."""
    found = no_pull_text(observed) if first_pull_failure(observed) is None else None
    return [found] if found is not None else []


def _why_not_judged(observed: Observed) -> str | None:
    """Explain why the timeline shows nothing about the recovery from the fault; None when it does."""
    before = observed.facts.hypothesis.before
    if before is not None and before.unmet:
        return failed_checks_text(before, "before the fault")
    if observed.corrupted is None:
        missing = observed.missing.get(observed.kind.name)
        return f"the {observed.kind.name} could not be followed: {missing}" if missing else "no injection was observed"
    if unhealthy_before(observed):
        return f"the {observed.kind.name} was not complete before the fault, so its recovery cannot be judged"
    return None


def _failure(observed: Observed) -> str | None:
    """Explain why the Deployment did not recover; None when it did, or when that is not known."""
    if observed.gone:
        return f"the {observed.kind.name} was deleted during the fault"
    if observed.restored is None:
        return "the corrupt image was still there at the end"
    if observed.recovered is None:
        result, why = no_recovery(observed)
        return why if result is Result.VIOLATION else None
    seconds, give_up_after = recovery_seconds(observed), observed.limits.give_up_after
    if seconds is None or seconds <= give_up_after:
        return None
    return f"not recovered within {duration_text(give_up_after)} of the restore, but {recovery_text(observed)}"


def _failures_by_experiment(observed: Observed, stop: Stop | None) -> list[str]:
    """Explain what the experiment itself calls a failure: a stop condition, a safeguard, an unmet hypothesis.

    A method that was cut short ends with the fault in place, so that the hypothesis says nothing about the recovery.
    """
    facts, after = observed.facts, observed.facts.hypothesis.after
    found = [str(ended_by) for ended_by in (stop, facts.safeguard) if ended_by is not None]
    if after is not None and after.deviations and not facts.activities_left:
        found.append(failed_checks_text(after, "after the method"))
    return found


def _defects(observed: Observed, findings: Findings) -> list[str]:
    """Explain what makes a recovery Degraded instead of Resilient."""
    found, limits, during = [], observed.limits, observed.facts.hypothesis.during
    cycles, serving, report = findings.cycles, findings.serving, findings.report
    seconds = recovery_seconds(observed)
    if seconds is not None and seconds > limits.recovery_within:
        within = duration_text(limits.recovery_within)
        found.append(f"recovered slowly: {duration_text(seconds)} after the restore, expected at most {within}")
    if cycles is not None and cycles.reconciled > limits.max_reconcile_cycles:
        found.append(f"{cycles}, expected at most {limits.max_reconcile_cycles}")
    if during is not None and during.deviations:
        found.append(failed_checks_text(during, "during the method"))
    if report is not None and report.result is Result.VIOLATION:
        found.append(f"the degradation was not reported: {report.why}")
    if serving.lost:
        fewest = f"{serving.fewest} of {serving.replicas} were ready at the lowest"
        found.append(f"ready pods lost: {serving.lost}; {fewest}")
    return found
