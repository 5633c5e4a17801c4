"""Whether a workload is rolled out: the controller has seen its spec, and all Pods are of it and available. Pure."""

from .types import Object

__all__ = ["WORKLOADS", "is_rolled_out"]

# The resources that can be rolled out
WORKLOADS = ("deployments.apps", "statefulsets.apps", "daemonsets.apps")


def is_rolled_out(workload: Object) -> bool:
    """Return whether a workload is rolled out; one that is paused, or whose Pods are updated by hand, always is.

    Args:
        workload: a Deployment, StatefulSet or DaemonSet.
    """
    spec, status = workload["spec"], workload.get("status") or {}
    if spec.get("paused"):
        return True
    if status.get("observedGeneration", 0) < workload["metadata"]["generation"]:
        return False
    if workload["kind"] == "DaemonSet":
        wanted, counts = status["desiredNumberScheduled"], ["numberAvailable"]
        updated = "updatedNumberScheduled"
    else:
        wanted, counts = spec["replicas"], ["replicas", "availableReplicas"]
        updated = "updatedReplicas"
    if spec.get("updateStrategy", {}).get("type") != "OnDelete":
        counts.append(updated)
    return all(status.get(count, 0) == wanted for count in counts)
