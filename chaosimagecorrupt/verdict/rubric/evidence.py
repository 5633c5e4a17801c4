"""What several rows of the rubric show as evidence, in the same words."""

from ...timeline.timeline import Change
from ..model import Evidence
from ..observed import Observed

__all__ = ["recovered_evidence", "replicas_text", "restored_evidence"]


def restored_evidence(observed: Observed, restored: Change) -> Evidence:
    """Return what the Deployment's state after the restore shows."""
    return observed.evidence(restored, "the corrupt image is gone")


def recovered_evidence(observed: Observed, recovered: Change) -> Evidence:
    """Return what the Deployment's first complete state after the fault shows."""
    # a kind without a progress deadline has no conditions at all
    available = ", Available=True" if observed.kind.has_progress_deadline else ""
    return observed.evidence(recovered, f"complete, all pods Ready{available}")


def replicas_text(change: Change) -> str:
    """Return how many replicas of a Deployment are ready, updated and available."""
    state = change.state
    if state.get("gone"):
        return "gone"
    counts = (state["readyReplicas"], state["updatedReplicas"], state["availableReplicas"])
    return "{} ready, {} updated, {} available of {}".format(*counts, state["replicas"])
