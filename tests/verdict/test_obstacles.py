"""What kept pods from pulling, where not everything can be followed."""

from chaosimagecorrupt.verdict import Facts
from chaosimagecorrupt.verdict.observed import Observed
from chaosimagecorrupt.verdict.obstacles import no_pull_text

from ..timelines import Story
from .told import QUOTA


def refused(at: float, *missing: str) -> str | None:
    """Say what stopped the pods when an Event tells of a refusal at a time, and some kinds could not be followed."""
    story = Story().corrupted(bites=False).restored(20)
    for kind in missing:
        story.timeline.add_missing(kind, "the role does not allow to list it")
    event = {"replicaSet": "web-abc", "reason": "FailedCreate", "count": 1, "message": f"Error creating: {QUOTA}"}
    story.timeline.add(at, "Event", "web-abc.1", event)
    return no_pull_text(Observed(story.timeline.to_json(100), Facts("web", **story.facts)))


def test_a_refusal_counts_when_its_replica_set_cannot_be_followed() -> None:
    assert refused(10.2, "ReplicaSet") == f"no pod could be created: FailedCreate: {QUOTA}"


def test_a_refusal_of_another_replica_sets_pod_does_not_count() -> None:
    assert refused(10.2) is None


def test_a_refusal_before_or_after_the_fault_does_not_count() -> None:
    assert [refused(at, "ReplicaSet") for at in (5, 40)] == [None, None]
