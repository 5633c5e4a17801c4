"""The rows of the section Violations."""

from ...timelines import Scenario, resilient, row


def test_no_deadline_is_a_violation_that_does_not_degrade() -> None:
    found = Scenario(progressDeadlineSeconds=2147483647).corrupted().restored().recovered().judge()
    assert row(found, "no-progress-deadline").result == "violation" and found.verdict == "Resilient"


def test_a_rollout_that_is_no_longer_complete_at_the_end() -> None:
    found = resilient().deployment(90, complete=False, readyReplicas=1).judge()
    assert row(found, "rollout-not-complete").result == "violation"
