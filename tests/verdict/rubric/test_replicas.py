"""The replica counts in words."""

from chaosimagecorrupt.timeline.states import State
from chaosimagecorrupt.timeline.timeline import Change
from chaosimagecorrupt.verdict.rubric.replicas import replicas_text


def test_counts_are_named() -> None:
    state: State = {"readyReplicas": 1, "updatedReplicas": 2, "availableReplicas": 0, "replicas": 3}
    assert replicas_text(Change(1, "Deployment", "web", state)) == "1 ready, 2 updated, 0 available of 3"


def test_a_deleted_deployment_has_no_counts() -> None:
    assert replicas_text(Change(1, "Deployment", "web", {"gone": True})) == "gone"
