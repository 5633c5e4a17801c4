"""The report for scripts: what the other formats show, without the timeline, which the journal itself has."""

import json

from ..verdict import Evidence, Row
from ..verdict.journal import CorruptedContainerJson, HealedByJson
from ..workload.deployment import DEPLOYMENT
from .activities import Activity
from .comparison import ComparedRun, Comparison
from .contents import Report
from .formatting import rfc3339_ms
from .json_types import (
    ActivityJson,
    ComparedRunJson,
    ComparisonJson,
    ReportEvidenceJson,
    ReportJson,
    ReportProgressDeadlineJson,
    ReportRecoveryJson,
    ReportRowJson,
    ReportRunRecoveryJson,
    ReportTargetJson,
    RunJson,
    SummaryRowJson,
    UnreadableJson,
)
from .model import CorruptedContainer, HealedBy, JudgedTarget, ProgressDeadline, Recovery, Run
from .summary import SummaryRow, summary

__all__ = ["as_json"]

VERSION = 1


def as_json(report: Report) -> str:
    """Render as JSON.

    Args:
        report: what to render.

    Returns:
        A `ReportJson`, ASCII only.
    """
    found = ReportJson(
        version=VERSION,
        summary=[_summary_row(row) for row in summary(report.runs)],
        runs=[_run(run) for run in report.runs],
        unreadable=[UnreadableJson(source=u.source, why=u.why) for u in report.unreadable],
        comparisons=[_comparison(c) for c in report.comparisons],
    )
    return json.dumps(found, indent=1) + "\n"


def _comparison(found: Comparison) -> ComparisonJson:
    return ComparisonJson(
        run=found.run,
        target=found.target,
        name=found.name,
        regressions=list(found.regressions),
        now=_compared_run(found.now),
        worst_seconds=found.worst_seconds,
        lowest_kept=found.lowest_kept,
        worst_verdict=found.worst_verdict,
        baseline=[_compared_run(outcome) for outcome in found.baseline],
    )


def _compared_run(found: ComparedRun) -> ComparedRunJson:
    return ComparedRunJson(
        source=found.source, at=rfc3339_ms(found.at), verdict=found.verdict, seconds=found.seconds, kept=found.kept
    )


def _summary_row(row: SummaryRow) -> SummaryRowJson:
    return SummaryRowJson(
        run=row.run,
        target=row.target,
        component=row.component,
        experiment=row.experiment,
        danger=row.danger,
        verdict=row.verdict,
        headline=row.headline,
        seconds=row.seconds,
        replicas=row.replicas,
        fewest=row.fewest,
        healer=row.healer,
    )


def _run(run: Run) -> RunJson:
    return RunJson(
        source=run.source,
        title=run.title,
        description=run.description,
        status=run.status,
        deviated=run.deviated,
        start=rfc3339_ms(run.start),
        end=rfc3339_ms(run.end),
        chaoslib=run.chaoslib,
        verdict=run.verdict,
        reasons=list(run.reasons),
        problems=list(run.problems),
        recovery=ReportRunRecoveryJson(worst=run.recovery.worst, median=run.recovery.median),
        targets=[_target(target) for target in run.targets],
        activities=[_activity(activity) for activity in run.activities],
    )


def _activity(activity: Activity) -> ActivityJson:
    return ActivityJson(
        phase=activity.phase,
        name=activity.name,
        type=activity.type,
        status=activity.status,
        met=activity.met,
        start=rfc3339_ms(activity.start),
        seconds=activity.seconds,
        output=activity.output,
        error=activity.error,
    )


def _target(target: JudgedTarget) -> ReportTargetJson:
    found = ReportTargetJson(
        alone=target.alone,
        cluster=target.cluster,
        namespace=target.namespace,
        deployment=target.deployment,
        component=target.component,
        danger=target.danger,
        containers=[_container(container) for container in target.containers],
        progress_deadline=_progress_deadline(target.progress_deadline),
        verdict=target.verdict,
        reasons=list(target.reasons),
        rubric=[_row(row) for row in target.rubric],
        recovery=_recovery(target.recovery),
        replicas=target.replicas,
        fewest=target.fewest,
        headline=target.headline,
        pull_error=target.pull_error,
    )
    return found if target.kind == DEPLOYMENT.name else {**found, "kind": target.kind}


def _container(container: CorruptedContainer) -> CorruptedContainerJson:
    return CorruptedContainerJson(
        container=container.container,
        id=container.id,
        original_image=container.original_image,
        corrupt_image=container.corrupt_image,
        injected=rfc3339_ms(container.injected),
        expires=rfc3339_ms(container.expires),
        by=container.by,
    )


def _progress_deadline(deadline: ProgressDeadline | None) -> ReportProgressDeadlineJson | None:
    return ReportProgressDeadlineJson(original=deadline.original, set=deadline.set) if deadline is not None else None


def _row(row: Row) -> ReportRowJson:
    return ReportRowJson(
        section=row.section,
        row=row.row,
        title=row.title,
        result=row.result,
        why=row.why,
        evidence=[_evidence(evidence) for evidence in row.evidence],
    )


def _evidence(evidence: Evidence) -> ReportEvidenceJson:
    return ReportEvidenceJson(
        object=evidence.object, what=evidence.what, at=rfc3339_ms(evidence.seconds), exact=evidence.exact
    )


def _recovery(recovery: Recovery) -> ReportRecoveryJson:
    return ReportRecoveryJson(
        restored_at=rfc3339_ms(recovery.restored_at),
        recovered_at=rfc3339_ms(recovery.recovered_at),
        seconds=recovery.seconds,
        healed_by=_healed_by(recovery.healed_by),
        reconcile_cycles=recovery.reconcile_cycles,
    )


def _healed_by(healed_by: HealedBy | None) -> HealedByJson | None:
    return HealedByJson(manager=healed_by.manager, at=rfc3339_ms(healed_by.at)) if healed_by is not None else None
