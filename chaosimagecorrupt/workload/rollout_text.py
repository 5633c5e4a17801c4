"""The state of a rollout in words. Pure."""

from ..errors import one_line
from ..kube.types import Deployment
from .rollout import available, condition, desired_replicas, observed

__all__ = ["rollout_text"]


def rollout_text(deployment: Deployment) -> str:
    """Return the state of a rollout in a few words, such as `2/2 ready, 1 of 2 updated`."""
    if not observed(deployment):
        of = (deployment.get("status") or {}).get("observedGeneration", 0)
        return f"spec {deployment['metadata'].get('generation')} not observed yet (status is of {of})"
    return ", ".join([*_counts_text(deployment), *_conditions_text(deployment)])


def _counts_text(deployment: Deployment) -> list[str]:
    status, desired = deployment.get("status") or {}, desired_replicas(deployment)
    parts = [
        f"{status.get('readyReplicas') or 0}/{desired} ready",
        f"{status.get('updatedReplicas') or 0} of {desired} updated",
    ]
    left_over = int(status.get("replicas") or 0) - desired
    if left_over > 0:
        parts.append(f"{left_over} surplus pod{'s' if left_over > 1 else ''}")
    if deployment["spec"].get("paused"):
        parts.append("paused")
    return parts


def _conditions_text(deployment: Deployment) -> list[str]:
    parts = []
    if not available(deployment):
        parts.append("not Available")
    found = condition(deployment, "Progressing")
    if found is not None and found["status"] != "True":
        parts.append(one_line(found.get("reason", "not Progressing"), 60))
    failure = condition(deployment, "ReplicaFailure")
    if failure is not None and failure["status"] == "True":
        parts.append(f"{one_line(failure.get('reason'), 60)}: {one_line(failure.get('message'), 160)}")
    return parts
