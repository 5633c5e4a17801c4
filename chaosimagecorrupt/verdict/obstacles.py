"""What kept the fault from being observed, or its pods from trying to pull, or from an answer.

A pod that was stopped is explained in the words of what stopped it: a quota, the scheduler, an admission webhook.
"""

from ..timeline.fields import condition_in
from ..timeline.hanging import hanging_pull, pod_of
from ..timeline.states import FAILED_CREATE
from ..timeline.timeline import Change, changes
from ..workload.pull_failures import PULL_FAILURES
from .observed import SKEW, Observed

__all__ = ["NO_REPLICA_SET", "corrupt_pod_ready", "no_fault_text", "no_pull_text", "waiting_text"]

# kubernetes/pkg/controller/deployment/util: FailedRSCreateReason
NO_REPLICA_SET = "ReplicaSetCreateError"
# kubernetes/pkg/controller/controller_utils.go: what the Event FailedCreate says before the API server's words
_ERROR_CREATING = "Error creating: "


def no_fault_text(observed: Observed) -> str:
    """Say why the Deployment was not observed with the corrupt image."""
    name = observed.kind.name
    if name in observed.missing:
        return f"the {name} could not be followed: {observed.missing[name]}"
    return f"the {name} was never observed with the corrupt image"


def corrupt_pod_ready(observed: Observed) -> Change | None:
    """Return a pod with the corrupt image that became ready, which shows that the image can be pulled."""
    pods = changes(observed.timeline, "Pod")
    return next((p for p in pods if p.state.get("ready") and observed.corrupt_containers(p.state)), None)


def no_pull_text(observed: Observed) -> str | None:
    """Say what kept every pod of the corrupt template from a failed pull.

    Returns:
        The scheduler's, quota's, policy's or admission webhook's own words, or that the pull hangs; None when nothing
        is known to have stopped them.
    """
    return _not_created(observed) or _not_scheduled(observed) or _hanging(observed)


def _not_created(observed: Observed) -> str | None:
    """Return why no pod, or not even a ReplicaSet, was created."""
    if any(observed.corrupt_containers(p.state) for p in changes(observed.timeline, "Pod")):
        return None
    sets = [c for c in _in_fault(observed, observed.kind.revision_name) if observed.is_corrupt(c.state)]
    for change in [*sets, *observed.fault_states]:
        failure = condition_in(change.state, "ReplicaFailure")
        if failure is not None and failure.status == "True":
            return f"no pod could be created: {failure.reason}: {failure.message}"
        progressing = condition_in(change.state, "Progressing")
        if progressing is not None and progressing.reason == NO_REPLICA_SET:
            return f"no ReplicaSet could be created: {progressing.message}"
    return _not_created_by_event(observed)


def _not_created_by_event(observed: Observed) -> str | None:
    """Return why no pod was created by the Events of what makes pods: a ReplicaSet's come before its condition."""
    sets = {c.name: c.state for c in changes(observed.timeline, "ReplicaSet") if not c.state.get("gone")}
    for event in _in_fault(observed, "Event"):
        owner = sets.get(event.state.get("replicaSet", ""))
        of_fault = observed.is_corrupt(owner) if owner is not None else "ReplicaSet" in observed.missing
        if (of_fault or "workload" in event.state) and event.state.get("reason") == FAILED_CREATE:
            message = event.state["message"].removeprefix(_ERROR_CREATING)
            return f"no pod could be created: {FAILED_CREATE}: {message}"
    return None


def _not_scheduled(observed: Observed) -> str | None:
    """Return why no node took any pod of the corrupt template."""
    latest = {p.name: p for p in _in_fault(observed, "Pod") if observed.corrupt_containers(p.state)}
    waiting = [p for p in latest.values() if "unscheduled" in p.state]
    if not waiting or len(waiting) != len(latest):
        return None
    return f"Pod {waiting[0].name} was not scheduled: {waiting[0].state['unscheduled']}"


def _hanging(observed: Observed) -> str | None:
    """Say that the pull of a corrupt image hangs; None when none does."""
    if observed.corrupted is None:
        return None
    begin, end = observed.corrupted.at - SKEW, observed.restored.at if observed.restored is not None else observed.ended
    names = {p.name for p in _in_fault(observed, "Pod") if observed.corrupt_containers(p.state)}
    found = hanging_pull((c for c in changes(observed.timeline) if c.at > begin and pod_of(c) in names), end)
    return str(found) if found is not None else None


def waiting_text(observed: Observed) -> str | None:
    """Say what the first pod of the corrupt template waits for, if not for its image; None when that is not known."""
    for pod in _in_fault(observed, "Pod"):
        for container in observed.corrupt_containers(pod.state):
            reason = pod.state.get(f"waiting:{container}")
            if reason and reason not in PULL_FAILURES:
                return f"Pod {pod.name}: {container} waits: {reason}"
    return None


def _in_fault(observed: Observed, kind: str) -> list[Change]:
    """Return the changes of a kind while the fault was in place, without deletions."""
    if observed.corrupted is None:
        return []
    begin = observed.corrupted.at - SKEW
    end = (observed.restored.at if observed.restored else observed.ended) + SKEW
    return [c for c in changes(observed.timeline, kind) if begin < c.at <= end and not c.state.get("gone")]
