"""The parts of the journal that the control writes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from ..record.entry import Entry
from ..record.memory import Fault
from ..timeline.journal import TimelineJson
from ..timeline.recorder import Recorder
from ..verdict import VERSION, Facts, Judgement, Verdict, worst
from ..verdict.journal import ContainerJson, DeadlineJson, OverallRecoveryJson, TargetJson, VerdictJson
from .method import Method

__all__ = ["facts_of", "is_interrupted", "target_json", "verdict_json"]


def facts_of(recorder: Recorder, fault: Fault | None, journal: Mapping[str, Any]) -> Facts:
    """Return what is known of a Deployment besides its timeline.

    Args:
        recorder: of the Deployment.
        fault: what this run injected into it; None when nothing.
        journal: the journal so far.
    """
    before = (journal.get("steady_states") or {}).get("before")
    facts = Facts(
        name=recorder.target.name,
        steady=None if before is None else bool(before.get("steady_state_met")),
        interrupted=is_interrupted(journal),
        operators=[each.operator for each in recorder.operators],
        webhooks=recorder.webhooks,
        webhooks_unknown=recorder.webhooks_unknown,
    )
    if fault is None:
        return facts
    return replace(
        facts,
        entries=tuple(fault.entries.values()),
        restored_here=fault.restored_at is not None,
        restored_on_server=fault.restored_on_server,
        bitten_at=fault.bitten_at,
    )


def is_interrupted(journal: Mapping[str, Any]) -> bool:
    """Return whether the run ended before its method did."""
    return journal.get("status") in ("interrupted", "aborted")


def target_json(
    recorder: Recorder, timeline: TimelineJson, facts: Facts, judgement: Judgement, error: str | None, method: Method
) -> TargetJson:
    """Return the journal's part on one Deployment.

    Args:
        recorder: of the Deployment.
        timeline: its timeline.
        facts: what the verdict was given on.
        judgement: the verdict.
        error: why the Deployment could not be restored; the verdict is then Failed. None when it could.
        method: has the experiment's tags.
    """
    verdict, reasons = judgement.verdict, judgement.reasons
    if error is not None:
        verdict, reasons = Verdict.FAILED, [f"it is not restored: {error}"]
    return {
        "cluster": recorder.target.cluster.address,
        "namespace": recorder.target.namespace,
        "deployment": recorder.target.name,
        "component": method.tag("component"),
        "danger": method.tag("danger"),
        "containers": [_container_json(e) for e in facts.entries],
        "progress_deadline": _deadline_json(facts.entries),
        "verdict": verdict.value,
        "reasons": reasons,
        "rubric": [row.to_json() for row in judgement.rubric],
        "recovery": judgement.recovery,
        "serving": judgement.serving,
        "timeline": {**timeline, "marks": judgement.marks},
    }


def verdict_json(targets: list[TargetJson]) -> VerdictJson:
    """Return the journal's part on the run: the worst verdict of its targets."""
    reasons = [f"{t['namespace']}/{t['deployment']}: {r}" for t in targets for r in t["reasons"]]
    verdict = worst(t["verdict"] for t in targets) or Verdict.INCONCLUSIVE
    return {
        "version": VERSION,
        "verdict": verdict.value,
        "reasons": reasons or ["nothing was to be injected"],
        "recovery": _overall_recovery([t["recovery"]["seconds"] for t in targets]),
        "targets": targets,
    }


def _overall_recovery(seconds: Sequence[float | None]) -> OverallRecoveryJson:
    """Return the worst and the median recovery; both are None as long as one is not known."""
    known = [s for s in seconds if s is not None]
    all_known = bool(known) and len(known) == len(seconds)
    return {
        "targets": len(seconds),
        "worst": max(known) if all_known else None,
        "median": round(median(known), 3) if all_known else None,
    }


def _container_json(entry: Entry) -> ContainerJson:
    return {
        "container": entry.container,
        "id": entry.id,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "injected": entry.at or None,
        "expires": entry.expires or None,
        "by": entry.by,
    }


def _deadline_json(entries: Sequence[Entry]) -> DeadlineJson | None:
    for entry in entries:
        if entry.deadline is not None:
            return {"original": entry.original_deadline, "set": entry.deadline}
    return None
