"""The rows of the section Expected: what a fault causes, and what follows its restore."""

from itertools import pairwise

from ...timeline.fields import condition_in
from ...timeline.timeline import Change, changes
from ...workload.rollout import NO_DEADLINE, PULL_FAILURES
from ..model import Criterion, Evidence, Row
from ..observed import Observed
from ..obstacles import corrupt_pod_ready, no_pull_text, waiting_text
from ..operator_report import report_of
from ..pulls import first_pull_failure, original_image_text, pull_events
from ..recovery_time import no_recovery, recovery_text
from ..stories import interventions_of

__all__ = ["expected"]

# kubernetes/pkg/kubelet/kubelet.go: imageBackOffPeriod, MaxImageBackOff; near the maximum the pauses stop growing
_LONGEST_PAUSE = 300.0
_NEAR_LONGEST = 0.9 * _LONGEST_PAUSE
_FEWEST_PULLS = 3
# seconds within which the controller notices that a deadline has passed; measured: 0.6
_CONTROLLER_DELAY = 5.0

_PULL_FAILING = Criterion("Expected", "pull-failing", "New pods cannot pull the image")
_BACK_OFF = Criterion("Expected", "back-off-grows", "The pauses between pulls grow")
_DEADLINE = Criterion("Expected", "deadline", "Progressing turns False (ProgressDeadlineExceeded)")
_OPERATOR = Criterion("Expected", "operator-reports", "The operator reports the degradation")
_CLEAN_ROLLOUT = Criterion("Expected", "clean-rollout", "After the restore a clean rollout completes")


def expected(observed: Observed) -> list[Row]:
    """Return the rows of the section Expected."""
    report = report_of(observed)
    operator = _OPERATOR.decided(report.result, report.why, *report.evidence)
    return [_pull_failing(observed), _back_off(observed), _deadline(observed), operator, _clean_rollout(observed)]


def _pull_failing(observed: Observed) -> Row:
    failure = first_pull_failure(observed)
    if failure is not None:
        return _PULL_FAILING.met(f"{failure.evidence.object}: {failure.evidence.what}", failure.evidence)
    if observed.corrupted is None:
        return _PULL_FAILING.not_observed(_no_fault(observed))
    ready = corrupt_pod_ready(observed)
    if ready is not None:
        why = "a pod with the corrupt image became ready: the image can be pulled"
        return _PULL_FAILING.violated(why, observed.evidence(ready, "Ready"))
    return _PULL_FAILING.not_observed(_why_no_pull(observed))


def _why_no_pull(observed: Observed) -> str:
    """Explain why no pod was observed that cannot pull."""
    state = observed.fault_states[-1].state
    if state.get("replicas") == 0:
        return "the Deployment has 0 replicas, so no pod starts"
    if state.get("paused"):
        return "the Deployment is paused, so no rollout starts"
    stopped = no_pull_text(observed)
    if stopped is not None:
        return stopped
    if "Pod" in observed.missing:
        return f"pods could not be followed: {observed.missing['Pod']}"
    any_pod = any(observed.corrupt_containers(p.state) for p in changes(observed.timeline, "Pod"))
    pod = "pod that waits for the image" if any_pod else "pod with the corrupt image"
    waiting = waiting_text(observed)
    reason = f": {waiting}" if waiting is not None else ""
    return f"no {pod} was observed within {observed.fault_seconds:.1f} s{reason}"


def _back_off(observed: Observed) -> Row:
    if "Event" in observed.missing:
        return _BACK_OFF.not_observed(f"events could not be followed: {observed.missing['Event']}")
    pulls = _consecutive_pulls(observed)
    evidence = [_pull(observed, e) for e in pulls]
    if len(pulls) < _FEWEST_PULLS:
        seconds = f"{observed.fault_seconds:.0f} s"
        why = f"consecutive pulls within {seconds}: {len(pulls)}; growth shows from {_FEWEST_PULLS} on"
        return _BACK_OFF.not_observed(why, *evidence)
    times = [observed.seconds_at(e.state.get("last"), e.at) for e in pulls]
    pauses = [round(b - a) for a, b in pairwise(times)]
    grows = all(b > a or b >= _NEAR_LONGEST for a, b in pairwise(pauses))
    why = f"pauses of {', '.join(map(str, pauses))} s between {len(pulls)} pulls"
    return _BACK_OFF.met(why, *evidence) if grows else _BACK_OFF.violated(f"{why} do not grow", *evidence)


def _consecutive_pulls(observed: Observed) -> list[Change]:
    """Return the longest series of pulls of one pod without a missing one."""
    latest: dict[str, list[Change]] = {}
    longest: list[Change] = []
    for event in pull_events(observed, "Pulling"):
        series = latest.get(event.name, [])
        follows = series and event.state["count"] == series[-1].state["count"] + 1
        latest[event.name] = series = [*series, event] if follows else [event]
        longest = max(longest, series, key=len)
    return longest


def _pull(observed: Observed, event: Change) -> Evidence:
    pod = f"Pod {event.state['pod']}"
    return observed.evidence(event, f"Pulling, number {event.state['count']}", event.state.get("last"), pod)


def _deadline(observed: Observed) -> Row:
    if observed.corrupted is None:
        return _DEADLINE.not_observed(_no_fault(observed))
    last_progress, progressing = observed.corrupted, None
    for change in observed.fault_states:
        found = condition_in(change.state, "Progressing")
        if found is not None and (found.status, found.reason) == ("False", "ProgressDeadlineExceeded"):
            evidence = observed.evidence(change, "Progressing=False (ProgressDeadlineExceeded)", found.since)
            return _DEADLINE.met(f"{change.at - observed.corrupted.at:.0f} s after the corruption", evidence)
        if found != progressing:
            progressing, last_progress = found, change
    return _not_exceeded(observed, observed.corrupted, last_progress)


def _not_exceeded(observed: Observed, corrupted: Change, last_progress: Change) -> Row:
    state, lasted = observed.fault_states[-1].state, observed.fault_seconds
    seconds = state.get("progressDeadlineSeconds") or NO_DEADLINE
    if seconds >= NO_DEADLINE:
        return _DEADLINE.not_observed("the Deployment has no progress deadline")
    if state.get("paused") or state.get("replicas") == 0:
        why = "the progress deadline does not apply to a paused Deployment, or one with 0 replicas"
        return _DEADLINE.not_observed(why)
    due = last_progress.at - corrupted.at + seconds
    if lasted < due + _CONTROLLER_DELAY:
        return _DEADLINE.not_observed(
            f"the deadline of {seconds} s lies outside the fault, which lasted {lasted:.0f} s"
        )
    why = f"the deadline passed {due:.0f} s after the corruption, but was not reported in the next {lasted - due:.0f} s"
    return _DEADLINE.violated(why, observed.evidence(last_progress, "the last progress"))


def _clean_rollout(observed: Observed) -> Row:
    if observed.restored is None:
        return _CLEAN_ROLLOUT.not_observed(_no_restore(observed))
    restored = observed.evidence(observed.restored, "the corrupt image is gone")
    last = observed.since(observed.recovered or observed.restored, observed.deployment)[-1]
    if observed.recovered is None:
        return _CLEAN_ROLLOUT.decided(*no_recovery(observed), restored, observed.evidence(last, "not complete"))
    interventions = interventions_of(observed)
    if interventions:
        return _CLEAN_ROLLOUT.not_observed(interventions[0].text, interventions[0].evidence)
    complete = observed.evidence(observed.recovered, "complete, all pods Ready, Available=True")
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


def _no_fault(observed: Observed) -> str:
    if "Deployment" in observed.missing:
        return f"the Deployment could not be followed: {observed.missing['Deployment']}"
    return "the Deployment was never observed with the corrupt image"


def _no_restore(observed: Observed) -> str:
    if observed.corrupted is None:
        return _no_fault(observed)
    return "the Deployment is gone" if observed.gone else "the corrupt image was still there at the end"
