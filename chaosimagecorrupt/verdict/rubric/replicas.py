"""The replica counts of a Deployment in words."""

from ...timeline.timeline import Change

__all__ = ["replicas_text"]


def replicas_text(change: Change) -> str:
    """Return how many replicas of a Deployment are ready, updated and available."""
    state = change.state
    if state.get("gone"):
        return "gone"
    counts = (state["readyReplicas"], state["updatedReplicas"], state["availableReplicas"])
    return "{} ready, {} updated, {} available of {}".format(*counts, state["replicas"])
