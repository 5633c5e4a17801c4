"""Which ready pods count as lost."""

from ..timelines import Scenario, row


def test_a_pod_that_was_not_ready_before_is_not_lost() -> None:
    found = Scenario(readyReplicas=1).corrupted().restored().recovered().judge()
    assert row(found, "serving") == ("pass", "1 of 2 pods were ready at the lowest")


def test_pods_count_until_they_are_back() -> None:
    found = Scenario().corrupted().restored().deployment(70.5, readyReplicas=0).recovered().judge()
    assert found.serving["fewest"] == 0


def test_pods_that_were_scaled_away_are_not_lost() -> None:
    fewer = {"replicas": 1, "readyReplicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    found = Scenario().corrupted().deployment(20, generation=3, **fewer).restored(generation=4).judge(ended=90)
    assert row(found, "serving") == ("pass", "1 of 2 pods were ready at the lowest")
