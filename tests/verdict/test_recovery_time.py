"""The time of a recovery comes from one clock, or is not known."""

from typing import Any

from ..timelines import Scenario, row


def test_the_changes_of_a_replica_set_may_overtake_those_of_the_deployment() -> None:
    scenario = Scenario().deployment(9.99, complete=False).corrupted().restored().recovered()
    assert scenario.judge().verdict == "Resilient"


def test_what_is_only_seen_after_a_gap_is_clocked_by_the_api_server() -> None:
    scenario = Scenario().corrupted()
    scenario.timeline.add_gap(15, 99, "Deployment", lost=True)
    scenario.restored(99.1)  # written at 70 s
    settled_at = {"condition:Available": ["True", "x", "2026-11-22T15:01:15Z", ""]}
    assert scenario.deployment(99.2, **settled_at, complete=True).judge().recovery["seconds"] == 5


def test_our_clock_and_the_api_servers_are_never_mixed() -> None:
    ahead: dict[str, Any] = {"writer:app": ["chaosimagecorrupt", "2026-11-22T15:01:30Z"]}  # by 20 s
    scenario = Scenario().corrupted().restored(70, **ahead)
    scenario.timeline.add_gap(71, 99, "Deployment", lost=True)
    settled_at = {"condition:Available": ["True", "x", "2026-11-22T15:01:35Z", ""]}
    assert scenario.deployment(99.2, **settled_at, complete=True).judge().recovery["seconds"] == 5


def test_a_recovery_that_was_only_seen_when_it_was_over_is_not_called_quick() -> None:
    scenario = Scenario().corrupted()
    scenario.timeline.add_gap(15, 99, "Deployment", lost=True)
    found = scenario.restored(99.1, by=None, complete=True, record=None).judge()
    assert (found.recovery["seconds"], row(found, "recovery-time").result) == (None, "not observed")
    assert found.reasons[0].endswith("the Deployment recovered at an unknown time after the restore")


def test_the_runs_own_restore_dates_what_was_only_seen_later() -> None:
    scenario = Scenario().corrupted()
    scenario.timeline.add_gap(15, 99, "Deployment", lost=True)
    settled_at = {"condition:Available": ["True", "x", "2026-11-22T15:01:15Z", ""]}
    scenario.restored(99.1, by=None, complete=True, record=None, **settled_at)
    assert scenario.judge(restored_here=True, restored_on_server="2026-11-22T15:01:12Z").recovery["seconds"] == 3


def test_a_gap_in_pods_leaves_the_clock_alone() -> None:
    scenario = Scenario().corrupted()
    scenario.timeline.add_gap(15, 74.9, "Pod", lost=True)
    assert scenario.restored(75).recovered(76).judge().recovery["seconds"] == 1
