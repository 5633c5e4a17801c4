"""What several rows show as evidence."""

from chaosimagecorrupt.timeline.timeline import Change
from chaosimagecorrupt.verdict.rubric.evidence import replicas_text

from ...timelines import resilient, state_of


def test_restore_and_recovery_are_the_same_evidence_in_each_row() -> None:
    rows = {r.row: r.evidence for r in resilient().judge().rubric}
    recovery = [e.what for e in rows["recovery-time"]]
    assert rows["clean-rollout"] == rows["recovery-time"]
    assert recovery == ["the corrupt image is gone", "complete, all pods Ready, Available=True"]


def test_counts_are_named() -> None:
    state = state_of({"readyReplicas": 1, "updatedReplicas": 2, "availableReplicas": 0, "replicas": 3})
    assert replicas_text(Change(1, "Deployment", "web", state)) == "1 ready, 2 updated, 0 available of 3"


def test_a_deleted_deployment_has_no_counts() -> None:
    assert replicas_text(Change(1, "Deployment", "web", {"gone": True})) == "gone"
