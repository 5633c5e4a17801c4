"""The verdict, with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..duration import duration_text
from ..timeline.journal import MarksJson, TimelineJson
from .generations import Cycles, cycles_of
from .healing import healed_by_others, healer_of, undone_early
from .interventions import healing_text, interventions_of
from .journal import HealerJson, LimitsJson, RecoveryJson, ServingJson
from .model import VERDICTS, Facts, Result, Row, Verdict
from .observed import Observed
from .obstacles import corrupt_pod_ready, no_pull_text
from .operator_report import open_question, report_of
from .pulls import first_pull_failure, original_image_text
from .recovery_time import no_recovery, recovery_seconds, recovery_text, unhealthy_before
from .rubric.collateral import collateral
from .rubric.expected import expected
from .rubric.hypothesis import hypothesis
from .rubric.recovery import recovery
from .rubric.violations import violations
from .serving import Serving, serving_of
from .steady_states import check_errors, describe
from .stop_condition import stop_of

__all__ = ["Judgement", "judge", "worst"]


@dataclass(frozen=True)
class Judgement:
    """What became of one Deployment.

    Attributes:
        verdict: the verdict.
        reasons: for the verdict, one sentence each.
        rubric: its rows.
        recovery: when and how it recovered.
        serving: how many pods stayed ready.
        thresholds: for this Deployment.
        marks: when it was corrupted, failed to pull, was restored, recovered; seconds after the timeline's beginning.
    """

    verdict: Verdict
    reasons: list[str]
    rubric: list[Row]
    recovery: RecoveryJson
    serving: ServingJson
    thresholds: LimitsJson
    marks: MarksJson


class _Conclusion(NamedTuple):
    """A verdict, and the reasons for it."""

    verdict: Verdict
    reasons: list[str]


def judge(timeline: TimelineJson, facts: Facts) -> Judgement:
    """Judge what happened to one Deployment.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.
    """
    observed = Observed(timeline, facts)
    cycles, serving = cycles_of(observed), serving_of(observed)
    conclusion = _conclude(observed, cycles, serving)
    rows = [
        *hypothesis(facts),
        *expected(observed),
        *violations(observed),
        *collateral(observed, serving),
        *recovery(observed, cycles),
    ]
    return Judgement(
        verdict=conclusion.verdict,
        reasons=conclusion.reasons,
        rubric=rows,
        recovery=_recovery(observed, cycles),
        serving=serving.to_json(),
        thresholds=observed.limits.to_json(),
        marks=_marks(observed),
    )


def worst(verdicts: Iterable[str]) -> Verdict | None:
    """Return the worst of several verdicts, None of none."""
    return min(map(Verdict, verdicts), key=VERDICTS.index, default=None)


def _conclude(observed: Observed, cycles: Cycles | None, serving: Serving) -> _Conclusion:
    found = _conclude_from_timeline(observed, cycles, serving)
    cut = [c for c in _cut_short(observed) if c not in found.reasons]
    unanswered = open_question(observed)
    reasons = [*found.reasons, *([unanswered] if unanswered else [])]
    if cut and found.verdict in (Verdict.DEGRADED, Verdict.RESILIENT):
        return _Conclusion(Verdict.INCONCLUSIVE, [*cut, *reasons])
    return _Conclusion(found.verdict, [*reasons, *cut])


def _cut_short(observed: Observed) -> list[str]:
    """Explain why the run shows less than it was meant to."""
    facts, early = observed.facts, undone_early(observed) if stop_of(observed) is None else None
    found = [early] if early else []
    if facts.interrupted and facts.safeguard is None:
        found.append("the run was interrupted before the end of its method")
    if facts.activities_left:
        found.append(
            f"the method ended early, as by --fail-fast: activities that were not run: {facts.activities_left}"
        )
    if facts.safeguard is not None:
        found.append(str(facts.safeguard))
    return [*found, *check_errors(facts.hypothesis)]


def _conclude_from_timeline(observed: Observed, cycles: Cycles | None, serving: Serving) -> _Conclusion:
    if observed.facts.restore_error is not None:
        return _Conclusion(Verdict.FAILED, [f"it is not restored: {observed.facts.restore_error}"])
    obstacle = _obstacle(observed)
    if obstacle is not None:
        return _Conclusion(Verdict.INCONCLUSIVE, [obstacle])
    interventions, healing = [i.text for i in interventions_of(observed)], healing_text(observed)
    healed = [healing] if healing is not None else []
    failure = _failure(observed)
    failures = [*([failure] if failure is not None else []), *_failures_by_experiment(observed)]
    if failures:
        return _Conclusion(Verdict.FAILED, [*failures, *interventions, *healed, *_no_pull(observed)])
    if interventions:
        return _Conclusion(Verdict.INCONCLUSIVE, interventions)
    return _conclude_on_recovery(observed, cycles, serving, healed)


def _conclude_on_recovery(
    observed: Observed, cycles: Cycles | None, serving: Serving, healed: list[str]
) -> _Conclusion:
    """Conclude when nothing failed: did the fault take effect, and how well did the Deployment recover?"""
    pull_failed = first_pull_failure(observed) is not None
    if not pull_failed and (not healed or corrupt_pod_ready(observed) is not None):
        return _Conclusion(Verdict.INCONCLUSIVE, [_no_proof(observed), *healed])
    if observed.recovered is None:
        return _Conclusion(Verdict.INCONCLUSIVE, [no_recovery(observed).why, *healed])
    defects = _defects(observed, cycles, serving)
    if defects:
        return _Conclusion(Verdict.DEGRADED, [*defects, *healed])
    fault = "the fault took effect" if pull_failed else "the fault was undone by its owner"
    ready = f"{serving.fewest} of {serving.replicas} pods stayed ready"
    summary = f"{fault}, {ready}, and the Deployment recovered {recovery_text(observed)}"
    return _Conclusion(Verdict.RESILIENT, [summary, *healed, original_image_text(observed)])


def _no_proof(observed: Observed) -> str:
    why = no_pull_text(observed) or "no pod was observed that could not pull the image"
    return f"there is no proof that the fault took effect: {why}"


def _no_pull(observed: Observed) -> list[str]:
    """Say what kept pods from pulling, if none tried: it may have stopped the recovery as well."""
    found = no_pull_text(observed) if first_pull_failure(observed) is None else None
    return [found] if found is not None else []


def _obstacle(observed: Observed) -> str | None:
    """Explain why a verdict is impossible; None when it is possible."""
    before = observed.facts.hypothesis.before
    if before is not None and before.unmet:
        return describe(before, "before the fault")
    if observed.corrupted is None:
        missing = observed.missing.get("Deployment")
        return f"the Deployment could not be followed: {missing}" if missing else "no injection was observed"
    if unhealthy_before(observed):
        return "the Deployment was not complete before the fault, so its recovery cannot be judged"
    return None


def _failure(observed: Observed) -> str | None:
    """Explain why the Deployment did not recover; None when it did, or when that is not known."""
    if observed.gone:
        return "the Deployment was deleted during the fault"
    if observed.restored is None:
        return "the corrupt image was still there at the end"
    failed = no_recovery(observed)
    if observed.recovered is None:
        return failed.why if failed.result is Result.VIOLATION else None
    seconds = recovery_seconds(observed)
    give_up_after = observed.limits.give_up_after
    if seconds is None or seconds <= give_up_after:
        return None
    return f"not recovered within {duration_text(give_up_after)} of the restore, but {recovery_text(observed)}"


def _failures_by_experiment(observed: Observed) -> list[str]:
    """Explain what the experiment itself calls a failure: a stop condition, or its hypothesis after the method.

    A method that was cut short ends with the fault in place, so that the hypothesis says nothing about the recovery.
    """
    facts, after = observed.facts, observed.facts.hypothesis.after
    found = [str(stop) for stop in (stop_of(observed), facts.safeguard) if stop is not None]
    if after is not None and after.deviations and not facts.activities_left:
        found.append(describe(after, "after the method"))
    return found


def _defects(observed: Observed, cycles: Cycles | None, serving: Serving) -> list[str]:
    found, limits, during = [], observed.limits, observed.facts.hypothesis.during
    seconds = recovery_seconds(observed)
    if seconds is not None and seconds > limits.recovery_within:
        within = duration_text(limits.recovery_within)
        found.append(f"recovered slowly: {duration_text(seconds)} after the restore, expected at most {within}")
    if cycles is not None and cycles.reconciled > limits.max_reconcile_cycles:
        found.append(f"{cycles}, expected at most {limits.max_reconcile_cycles}")
    if during is not None and during.deviations:
        found.append(describe(during, "during the method"))
    report = report_of(observed)
    if report is not None and report.result is Result.VIOLATION:
        found.append(f"the degradation was not reported: {report.why}")
    if serving.lost:
        fewest = f"{serving.fewest} of {serving.replicas} were ready at the lowest"
        found.append(f"ready pods lost: {serving.lost}; {fewest}")
    return found


def _recovery(observed: Observed, cycles: Cycles | None) -> RecoveryJson:
    found: RecoveryJson = {
        "restored_at": observed.time_of(observed.restored),
        "recovered_at": observed.time_of(observed.recovered),
        "seconds": recovery_seconds(observed),
        "healed_by": _healer(observed),
        "reconcile_cycles": cycles.reconciled if cycles is not None else None,
        "scalings": cycles.scaled if cycles is not None else None,
    }
    stop = stop_of(observed)
    return found if stop is None else {**found, "stopped_by": stop.to_json()}


def _healer(observed: Observed) -> HealerJson | None:
    """Return who put the image back, None when this run did."""
    healer = healer_of(observed)
    if healer is None or not (healed_by_others(observed) or undone_early(observed)):
        return None
    return {"manager": healer.manager, "at": healer.at}


def _marks(observed: Observed) -> MarksJson:
    marks: MarksJson = {}
    if observed.corrupted is not None:
        marks["corrupted"] = observed.corrupted.at
    if observed.restored is not None:
        marks["restored"] = observed.restored.at
    if observed.recovered is not None:
        marks["recovered"] = observed.recovered.at
    failure = first_pull_failure(observed)
    if failure is not None:
        marks["bit"] = round(failure.at, 3)
    return marks
