"""Judges one Deployment: the verdict, the rubric, and the figures of the recovery."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..timeline.journal import MarksJson, TimelineJson
from .conclusion import Findings, conclude
from .generations import Cycles, cycles_of
from .healing import healed_by_others, healer_of, undone_elsewhere
from .journal import HealedByJson, LimitsJson, RecoveryJson, ServingJson
from .model import VERDICTS, Facts, Row, Verdict
from .observed import Observed
from .operator_report import report_of
from .pulls import first_pull_failure
from .recovery_time import recovery_seconds
from .rubric.collateral import collateral
from .rubric.expected import expected
from .rubric.hypothesis import hypothesis
from .rubric.recovery import recovery
from .rubric.violations import violations
from .serving import serving_of
from .stop_condition import Stop, stop_of

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


def judge(timeline: TimelineJson, facts: Facts) -> Judgement:
    """Judge what happened to one Deployment.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.
    """
    observed = Observed(timeline, facts)
    findings = Findings(cycles_of(observed), serving_of(observed), stop_of(observed), report_of(observed))
    conclusion = conclude(observed, findings)
    rows = [
        *hypothesis(facts),
        *expected(observed, findings.report),
        *violations(observed, findings.report),
        *collateral(observed, findings.serving),
        *recovery(observed, findings.cycles, findings.stop),
    ]
    return Judgement(
        verdict=conclusion.verdict,
        reasons=conclusion.reasons,
        rubric=rows,
        recovery=_recovery(observed, findings.cycles, findings.stop),
        serving=findings.serving.to_json(),
        thresholds=observed.limits.to_json(),
        marks=_marks(observed),
    )


def worst(verdicts: Iterable[str]) -> Verdict | None:
    """Return the worst of several verdicts, None of none."""
    return min(map(Verdict, verdicts), key=VERDICTS.index, default=None)


def _recovery(observed: Observed, cycles: Cycles | None, stop: Stop | None) -> RecoveryJson:
    found: RecoveryJson = {
        "restored_at": observed.time_of(observed.restored),
        "recovered_at": observed.time_of(observed.recovered),
        "seconds": recovery_seconds(observed),
        "healed_by": _healer(observed),
        "reconcile_cycles": cycles.reconciled if cycles is not None else None,
        "scalings": cycles.scaled if cycles is not None else None,
    }
    return found if stop is None else {**found, "stopped_by": stop.to_json()}


def _healer(observed: Observed) -> HealedByJson | None:
    """Return who put the image back; None when this run did, or when it is not known who did."""
    healer = healer_of(observed)
    if healer is None or not (healed_by_others(observed) or undone_elsewhere(observed)):
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
        marks["bit"] = round(failure.at, 3)  # journals keep this name of an older version
    return marks
