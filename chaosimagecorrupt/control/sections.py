"""The parts of the journal that the control writes."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ..kube.types import Json
from ..record.entry import Entry
from ..record.fault import Fault
from ..timeline.journal import TimelineJson
from ..timeline.recorder import Recorder
from ..verdict import VERSION, Facts, Judgement, Thresholds, Verdict, worst
from ..verdict.facts_json import facts_to_json
from ..verdict.journal import CorruptedContainerJson, ProgressDeadlineJson, RunRecoveryJson, TargetJson, VerdictJson
from ..workload.kinds import with_kind
from ..workload.target import Target
from .ending import activities_left, is_interrupted, safeguard_of
from .method import Method
from .steady_states import hypothesis_of

__all__ = ["facts_of", "target_json", "verdict_json"]


def facts_of(
    recorder: Recorder,
    fault: Fault | None,
    journal: Json,
    thresholds: Thresholds,
    restore_error: str | None = None,
) -> Facts:
    """Return what is known of a Deployment besides its timeline.

    Args:
        recorder: of the Deployment.
        fault: what this run injected into it; None when nothing.
        journal: the journal so far.
        thresholds: from which on the verdict gets worse.
        restore_error: why this run could not put the image back; None when it could.
    """
    facts = Facts(
        name=recorder.target.name,
        kind=recorder.target.kind.name,
        hypothesis=hypothesis_of(journal),
        restore_error=restore_error,
        interrupted=is_interrupted(journal),
        activities_left=activities_left(journal),
        safeguard=safeguard_of(journal),
        operators=[each.operator for each in recorder.operators],
        webhooks=recorder.webhooks,
        webhooks_unknown=recorder.webhooks_unknown,
        thresholds=thresholds,
    )
    if fault is None:
        return facts
    return replace(
        facts,
        entries=tuple(fault.entries.values()),
        restored_here=fault.restored_here,
        restored_on_server=fault.restored_on_server,
        pull_failed_at=fault.pull_failed_at,
    )


def target_json(
    target: Target, timeline: TimelineJson, facts: Facts, judgement: Judgement, method: Method
) -> TargetJson:
    """Return the journal's part on one Deployment.

    Args:
        target: the Deployment.
        timeline: its timeline.
        facts: what the verdict was given on.
        judgement: the verdict.
        method: has the experiment's tags.
    """
    found: TargetJson = {
        "cluster": target.cluster.address,
        "namespace": target.namespace,
        "deployment": target.name,
        "component": method.tag("component"),
        "danger": method.tag("danger"),
        "containers": [_container_json(e) for e in facts.entries],
        "progress_deadline": _deadline_json(facts.entries),
        "verdict": judgement.verdict.value,
        "reasons": judgement.reasons,
        "rubric": [row.to_json(target.namespace, target.name, target.kind) for row in judgement.rubric],
        "recovery": judgement.recovery,
        "serving": judgement.serving,
        "timeline": {**timeline, "marks": judgement.marks},
        "thresholds": judgement.thresholds,
        "facts": facts_to_json(facts),
    }
    return with_kind(found, target.kind)


def verdict_json(targets: list[TargetJson], nothing: str = "nothing was to be injected") -> VerdictJson:
    """Return the journal's part on the run: the worst verdict of its targets.

    Args:
        targets: the parts on the Deployments.
        nothing: why there is none, in that case.
    """
    reasons = [f"{_called(t)}: {r}" for t in targets for r in t["reasons"]]
    verdict = worst(t["verdict"] for t in targets) or Verdict.INCONCLUSIVE
    return {
        "version": VERSION,
        "verdict": verdict.value,
        "reasons": reasons or [nothing],
        "recovery": _run_recovery([t["recovery"]["seconds"] for t in targets]),
        "targets": targets,
    }


def _called(target: TargetJson) -> str:
    """Return a workload as reasons name it: its kind only where it is no Deployment."""
    path = f"{target['namespace']}/{target['deployment']}"
    return f"{target['kind']} {path}" if "kind" in target else path


def _run_recovery(seconds: Sequence[float | None]) -> RunRecoveryJson:
    """Return the worst and the median recovery; both are None as long as one is not known."""
    known = [s for s in seconds if s is not None]
    all_known = bool(known) and len(known) == len(seconds)
    return {
        "targets": len(seconds),
        "worst": max(known) if all_known else None,
        "median": round(median(known), 3) if all_known else None,
    }


def _container_json(entry: Entry) -> CorruptedContainerJson:
    return {
        "container": entry.container,
        "id": entry.id,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "cause": entry.intended or None,
        "injected": entry.at or None,
        "expires": entry.expires or None,
        "by": entry.by,
    }


def _deadline_json(entries: Sequence[Entry]) -> ProgressDeadlineJson | None:
    for entry in entries:
        if entry.deadline is not None:
            return {"original": entry.original_deadline, "set": entry.deadline}
    return None
