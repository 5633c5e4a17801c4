"""The status of a DaemonSet (daemon_controller.go: updateDaemonSetStatus)."""

from ...types import Object
from ..replicaset.active_pods import is_available, is_ready
from .pods import by_age, by_node, is_updated, should_run
from .rollout import Look

__all__ = ["is_outdated", "status_of"]

# Numbers that are written even when they are 0
ALWAYS = ("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady")

# All numbers of Pods or nodes
COUNTS = (*ALWAYS, "updatedNumberScheduled", "numberAvailable", "numberUnavailable")


def status_of(look: Look, *, raise_generation: bool) -> Object:
    """Return the status; numbers of 0 are left out where the API server does.

    Args:
        look: the DaemonSet as read, its Pods and the nodes.
        raise_generation: whether what the present generation demands was begun.
    """
    counts = dict.fromkeys(COUNTS, 0)
    on_nodes, seconds = by_node(look.pods), look.daemon_set["spec"].get("minReadySeconds", 0)
    for node in look.nodes:
        pods = by_age(on_nodes.get(node["metadata"]["name"], ()))
        if not should_run(look.daemon_set, node)[0]:
            counts["numberMisscheduled"] += bool(pods)
            continue
        counts["desiredNumberScheduled"] += 1
        if pods:
            counts["currentNumberScheduled"] += 1
            counts["numberReady"] += is_ready(pods[0])
            counts["numberAvailable"] += is_available(pods[0], seconds, look.now)
            counts["updatedNumberScheduled"] += is_updated(look.daemon_set, pods[0], look.revision_hash)
    counts["numberUnavailable"] = counts["desiredNumberScheduled"] - counts["numberAvailable"]
    before = look.daemon_set.get("status", {})
    others = {name: value for name, value in before.items() if name not in COUNTS}
    if raise_generation:
        others["observedGeneration"] = look.daemon_set["metadata"]["generation"]
    return {**others, **{name: count for name, count in counts.items() if count or name in ALWAYS}}


def is_outdated(daemon_set: Object, status: Object) -> bool:
    """Return whether a new status has to be written (storeDaemonSetStatus).

    Args:
        daemon_set: the DaemonSet as read.
        status: its new status.
    """
    before = daemon_set.get("status", {})
    if before.get("observedGeneration", 0) < daemon_set["metadata"]["generation"]:
        return True
    return any(before.get(name, 0) != status.get(name, 0) for name in COUNTS)
