"""The shape of the report's JSON: moments are RFC 3339, durations are seconds.

`ReportRowJson` and others are named after the part of the journal that they show (`verdict.journal`), which has another
shape.
"""

from typing import NotRequired, TypedDict

from ..verdict.journal import CorruptedContainerJson, EvidenceJson, HealedByJson

__all__ = [
    "ActivityJson",
    "ComparedRunJson",
    "ComparisonJson",
    "ReportEvidenceJson",
    "ReportJson",
    "ReportProgressDeadlineJson",
    "ReportRecoveryJson",
    "ReportRowJson",
    "ReportRunRecoveryJson",
    "ReportTargetJson",
    "RunJson",
    "SummaryRowJson",
    "UnreadableJson",
]


class ActivityJson(TypedDict):
    """An activity of a run; `start` is RFC 3339, `seconds` its duration."""

    phase: str
    name: str
    type: str
    status: str
    met: bool | None
    start: str | None
    seconds: float | None
    output: str
    error: str


class ReportEvidenceJson(EvidenceJson):
    """An observation, and whether its time has a fraction; a time of the API server is cut off to whole seconds."""

    exact: bool


class ReportRowJson(TypedDict):
    """A row of the rubric, without its advice."""

    section: str
    row: str
    title: str
    result: str
    why: str
    evidence: list[ReportEvidenceJson]


class ReportProgressDeadlineJson(TypedDict):
    """progressDeadlineSeconds before the fault and during it; None when it is not set."""

    original: float | None
    set: float | None


class ReportRecoveryJson(TypedDict):
    """The recovery of a target; times are RFC 3339, `seconds` the time between them."""

    restored_at: str | None
    recovered_at: str | None
    seconds: float | None
    healed_by: HealedByJson | None
    reconcile_cycles: int | None


class ReportTargetJson(TypedDict):
    """A Deployment, the fault and its result; `headline` is empty when the verdict is Resilient."""

    alone: bool
    cluster: str | None
    namespace: str
    deployment: str
    component: str | None
    danger: str | None
    containers: list[CorruptedContainerJson]
    progress_deadline: ReportProgressDeadlineJson | None
    verdict: str
    reasons: list[str]
    rubric: list[ReportRowJson]
    recovery: ReportRecoveryJson
    replicas: int | None
    fewest: int | None
    headline: str
    pull_error: str
    kind: NotRequired[str]  # of another one than a Deployment; its name is in `deployment`


class ReportRunRecoveryJson(TypedDict):
    """The slowest and the median recovery of a run's targets, in seconds."""

    worst: float | None
    median: float | None


class RunJson(TypedDict):
    """One journal; times are RFC 3339."""

    source: str
    title: str
    description: str
    status: str
    deviated: bool
    start: str | None
    end: str | None
    chaoslib: str
    verdict: str
    reasons: list[str]
    problems: list[str]
    recovery: ReportRunRecoveryJson
    targets: list[ReportTargetJson]
    activities: list[ActivityJson]


class SummaryRowJson(TypedDict):
    """A row of the table that compares targets; `run` and `target` count from 1, `target` is 0 if the run has none."""

    run: int
    target: int
    component: str
    experiment: str
    danger: str
    verdict: str
    headline: str
    seconds: float | None
    replicas: int | None
    fewest: int | None
    healer: str


class ComparedRunJson(TypedDict):
    """What became of a Deployment in one run; `kept` is the lowest share of serving pods, 0 to 1."""

    source: str
    at: str | None
    verdict: str
    seconds: float | None
    kept: float | None


class ComparisonJson(TypedDict):
    """A Deployment now and in the baseline; `regressions` is empty when nothing is worse than its worst."""

    run: int
    target: int
    name: str
    regressions: list[str]
    now: ComparedRunJson
    worst_seconds: float | None
    lowest_kept: float | None
    worst_verdict: str | None
    baseline: list[ComparedRunJson]


class UnreadableJson(TypedDict):
    """A file that could not be reported on, and why."""

    source: str
    why: str


class ReportJson(TypedDict):
    """The whole report; summary, runs and their targets begin with the worst."""

    version: int
    summary: list[SummaryRowJson]
    runs: list[RunJson]
    unreadable: list[UnreadableJson]
    comparisons: list[ComparisonJson]
