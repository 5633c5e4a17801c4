"""Why no pod is a proof: it reports another cause, or its pull hangs."""

from collections.abc import Iterable
from typing import Any

from logzero import logger

from ..duration import from_rfc3339
from ..errors import ImageCorruptError, one_line
from ..kube.requests import list_request
from ..kube.resources import EVENTS, PODS
from ..kube.types import Object
from ..record.memory import MEMORY
from ..timeline.hanging import hanging_pull
from ..timeline.reduce import event_state, pod_state
from ..timeline.timeline import Change
from ..workload.pull_failures import pull_failure
from ..workload.target import Target

__all__ = ["log_no_proof", "why_no_proof"]

_PENDING = "status.phase=Pending"
_OF_PODS = "involvedObject.kind=Pod"


def log_no_proof(target: Target) -> None:
    """Log why there is no proof, if that is known; in a dry run of Chaos Toolkit there cannot be one."""
    why = "" if MEMORY.dry_run else why_no_proof(target)
    if why:
        logger.info(f"{target}: {why}")


def why_no_proof(target: Target) -> str:
    """Return what the pods of the newest template show instead of a proof.

    Args:
        target: the Deployment.

    Returns:
        A cause that a pod reports, or that a pull hangs; empty when neither is known. What cannot be read is not known.
    """
    try:
        pods = _newest_pods(target)
        return _other_cause(pods) or _hanging(target, pods)
    except ImageCorruptError as x:
        logger.debug(f"{target}: what keeps its pods from pulling cannot be read: {one_line(x)}")
        return ""


def _newest_pods(target: Target) -> list[Any]:
    deployment = target.get()
    newest = target.kind.newest(deployment, target.revisions(deployment))
    if newest is None:
        return []
    query = {"labelSelector": target.kind.pod_labels(deployment, [newest]), "fieldSelector": _PENDING}
    return list(target.cluster.send(list_request(PODS, target.namespace, query))["items"])


def _other_cause(pods: Iterable[Any]) -> str:
    for pod in pods:
        failure = pull_failure(pod)
        if failure is not None:
            cause = one_line(failure.cause_text or "no cause is said", 400)
            return f"Pod {pod['metadata']['name']}: {failure.container} waits: {failure.reason} ({cause})"
    return ""


def _hanging(target: Target, pods: Iterable[Any]) -> str:
    """Return that a pull hangs, from the Events of these pods."""
    now = target.cluster.timing.now()
    states = [Change(now, "Pod", p["metadata"]["name"], pod_state(p)) for p in pods]
    names = {change.name for change in states}
    query = {"fieldSelector": _OF_PODS}
    events = target.cluster.send(list_request(EVENTS, target.namespace, query))["items"] if names else []
    found = [change for e in events if (change := _change_of(e)) is not None and change.state.get("pod") in names]
    hanging = hanging_pull([*sorted(found, key=lambda change: change.at), *states], now)
    return str(hanging) if hanging is not None else ""


def _change_of(event: Object) -> Change | None:
    state = event_state(event)
    last = state.get("last") if state is not None else None
    if state is None or last is None:
        return None
    return Change(from_rfc3339(last), "Event", event["metadata"]["name"], state)
