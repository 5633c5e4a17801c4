"""The state of a rollout in words. Pure."""

from ..kube.types import Deployment
from .kinds import kind_of
from .rollout import observed

__all__ = ["rollout_text"]


def rollout_text(deployment: Deployment) -> str:
    """Return the state of a rollout in a few words, such as `2/2 ready, 1 of 2 updated`."""
    if not observed(deployment):
        of = (deployment.get("status") or {}).get("observedGeneration", 0)
        return f"spec {deployment['metadata'].get('generation')} not observed yet (status is of {of})"
    return ", ".join([*_counts_text(deployment), *kind_of(deployment).words(deployment)])


def _counts_text(deployment: Deployment) -> list[str]:
    counts = kind_of(deployment).counts(deployment)
    parts = [f"{counts.ready}/{counts.desired} ready", f"{counts.updated} of {counts.desired} updated"]
    left_over = counts.total - counts.desired
    if left_over > 0:
        parts.append(f"{left_over} surplus pod{'s' if left_over > 1 else ''}")
    if deployment["spec"].get("paused"):
        parts.append("paused")
    return parts
