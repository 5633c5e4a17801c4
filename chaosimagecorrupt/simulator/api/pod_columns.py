"""Cells of Pods (kubernetes/pkg/printers/internalversion/printers.go: printPod)."""

from ..types import Object

__all__ = ["pod_ready", "pod_restarts", "pod_status"]


def _statuses(pod: Object) -> list[Object]:
    return list((pod.get("status") or {}).get("containerStatuses") or ())


def pod_ready(pod: Object, now: float) -> str:
    """Return how many of a pod's containers are ready, of how many.

    Args:
        pod: the pod.
        now: not used; columns take it.
    """
    ready = sum(bool(status.get("ready")) for status in _statuses(pod))
    return f"{ready}/{len(pod['spec']['containers'])}"


def _state_reason(status: Object) -> str:
    state = status.get("state") or {}
    if "waiting" in state:
        return str(state["waiting"].get("reason", ""))
    ended = state.get("terminated")
    if ended is None:
        return ""
    return str(ended.get("reason") or f"ExitCode:{ended.get('exitCode', 0)}")


def _is_initialized(status: Object) -> bool:
    """Return whether an init container has succeeded, or, as a sidecar, has started."""
    ended = (status.get("state") or {}).get("terminated") or {}
    return ended.get("exitCode") == 0 or bool(status.get("started"))


def _init_reason(pod: Object) -> str:
    statuses = (pod.get("status") or {}).get("initContainerStatuses") or ()
    for index, status in enumerate(statuses):
        if _is_initialized(status):
            continue
        reason = _state_reason(status)
        if reason and reason != "PodInitializing":
            return f"Init:{reason}"
        return f"Init:{index}/{len(pod['spec'].get('initContainers') or ())}"
    return ""


def pod_status(pod: Object, now: float) -> str:
    """Return a pod's state in one word: why it waits or ended, else its phase.

    Args:
        pod: the pod.
        now: not used; columns take it.
    """
    status = pod.get("status") or {}
    if pod["metadata"].get("deletionTimestamp"):
        return "Terminating"
    reasons = [reason for reason in map(_state_reason, _statuses(pod)) if reason]
    shown = _init_reason(pod) or (reasons[0] if reasons else "")
    return shown or str(status.get("reason") or status.get("phase", "Unknown"))


def pod_restarts(pod: Object, now: float) -> str:
    """Return how often a pod's containers were started again.

    Args:
        pod: the pod.
        now: not used; columns take it.
    """
    return str(sum(status.get("restartCount", 0) for status in _statuses(pod)))
