"""The rows of the section Expected: what a fault causes, and what follows its restore."""

from ...duration import duration_text
from ...timeline.timeline import Change, changes
from ...workload.pull_failures import PULL_FAILURES
from ..interventions import interventions_of
from ..model import Criterion, Evidence, Row
from ..observed import Observed
from ..obstacles import corrupt_pod_ready, no_fault_text, no_pull_text, waiting_text
from ..operator_report import OperatorReport
from ..pull_causes import reported_cause
from ..pulls import first_pull_failure, original_image_text
from ..recovery_time import no_recovery, recovery_text
from .back_off import back_off_grows
from .deadline import deadline
from .evidence import recovered_evidence, restored_evidence

__all__ = ["expected"]

_PULL_FAILING = Criterion("Expected", "pull-failing", "New pods cannot pull the image")
_OPERATOR = Criterion("Expected", "operator-reports", "The operator reports the degradation")
_CLEAN_ROLLOUT = Criterion("Expected", "clean-rollout", "After the restore a clean rollout completes")


def expected(observed: Observed, report: OperatorReport | None) -> list[Row]:
    """Return the rows of the section Expected.

    Args:
        observed: what the timeline shows.
        report: of the operators; None, which leaves their row out, when the experiment asks none.
    """
    operator = [] if report is None else [_OPERATOR.decided(report.result, report.why, *report.evidence)]
    return [_pull_failing(observed), back_off_grows(observed), deadline(observed), *operator, _clean_rollout(observed)]


def _pull_failing(observed: Observed) -> Row:
    failure = first_pull_failure(observed)
    if failure is not None:
        why = f"{failure.evidence.object}: {failure.evidence.what}{_causes_text(observed)}"
        return _PULL_FAILING.met(why, failure.evidence)
    if observed.corrupted is None:
        return _PULL_FAILING.not_observed(no_fault_text(observed))
    ready = corrupt_pod_ready(observed)
    if ready is not None:
        why = "a pod with the corrupt image became ready: the image can be pulled"
        return _PULL_FAILING.violated(why, observed.evidence(ready, "Ready"))
    return _PULL_FAILING.not_observed(_why_no_pull(observed))


def _causes_text(observed: Observed) -> str:
    """Return the causes that the kubelet reported; with the containers only when they differ."""
    found = {e.container: reported_cause(observed, e.container) for e in observed.facts.entries}
    known = {container: text for container, text in found.items() if text}
    if len(set(known.values())) <= 1:
        return "".join(f" ({text})" for text in list(known.values())[:1])
    return f" ({', '.join(f'{container}: {text}' for container, text in known.items())})"


def _why_no_pull(observed: Observed) -> str:
    """Explain why no pod was observed that cannot pull."""
    state = observed.fault_states[-1].state
    if state.get("replicas") == 0:
        return f"the {observed.kind.name} {observed.kind.without_pods}, so no pod starts"
    if state.get("paused"):
        return f"the {observed.kind.name} is paused, so no rollout starts"
    stopped = no_pull_text(observed)
    if stopped is not None:
        return stopped
    if "Pod" in observed.missing:
        return f"pods could not be followed: {observed.missing['Pod']}"
    any_pod = any(observed.corrupt_containers(p.state) for p in changes(observed.timeline, "Pod"))
    pod = "pod that waits for the image" if any_pod else "pod with the corrupt image"
    waiting = waiting_text(observed)
    reason = f": {waiting}" if waiting is not None else ""
    return f"no {pod} was observed within {duration_text(observed.fault_seconds)}{reason}"


def _clean_rollout(observed: Observed) -> Row:
    if observed.restored is None:
        return _CLEAN_ROLLOUT.not_observed(_no_restore(observed))
    restored = restored_evidence(observed, observed.restored)
    last = observed.since(observed.recovered or observed.restored, observed.deployment)[-1]
    if observed.recovered is None:
        return _CLEAN_ROLLOUT.decided(*no_recovery(observed), restored, observed.evidence(last, "not complete"))
    interventions = interventions_of(observed)
    if interventions:
        return _CLEAN_ROLLOUT.not_observed(interventions[0].text, interventions[0].evidence)
    complete = recovered_evidence(observed, observed.recovered)
    if observed.has_record(last.state):
        return _CLEAN_ROLLOUT.violated("it completed, but the record of the fault remained", complete)
    failing = _failing_later(observed, observed.recovered)
    if failing is not None:
        return _CLEAN_ROLLOUT.violated("a pod could not pull an image after the rollout was complete", failing)
    why = f"complete {recovery_text(observed)}; {original_image_text(observed)}"
    return _CLEAN_ROLLOUT.met(why, restored, complete)


def _failing_later(observed: Observed, recovered: Change) -> Evidence | None:
    for pod in observed.since(recovered, changes(observed.timeline, "Pod")):
        reasons = [v for k, v in pod.state.items() if k.startswith("waiting:") and v in PULL_FAILURES]
        # The corrupt pod may report the failure once more while it is deleted
        if reasons and not pod.state.get("deleting") and not observed.corrupt_containers(pod.state):
            return observed.evidence(pod, f"waits: {reasons[0]}")
    return None


def _no_restore(observed: Observed) -> str:
    if observed.corrupted is None:
        return no_fault_text(observed)
    return f"the {observed.kind.name} is gone" if observed.gone else "the corrupt image was still there at the end"
