"""Whether waiting, for a complete Deployment before the fault or for a recovery after it, can change the verdict."""

import pytest

from chaosimagecorrupt.timeline.timeline import Timeline
from chaosimagecorrupt.verdict import (
    GONE_FOR_GOOD,
    RECOVERY_TIMEOUT,
    Facts,
    is_gone,
    is_over,
    is_ready_for_fault,
    is_settled,
)

from ..timelines import ENTRY, STARTED, Scenario, resilient
from .scenarios import deleted, recreated, scaled

WAITS = {
    "not yet corrupted": (Scenario(), False),
    "corrupted": (Scenario().corrupted(), False),
    "restored": (Scenario().corrupted().restored(), False),
    "recovered": (resilient(), True),
    "healed, with the record": (Scenario().corrupted().restored(by="x").recovered(), False),
    "came and went unseen": (Scenario().deployment(20, generation=3), True),
    "never complete": (Scenario().deployment(2, complete=False).corrupted().restored(), True),
}


READY = {
    "never there": (Timeline(STARTED), True),
    "complete": (Scenario().timeline, True),
    "not any longer": (Scenario().deployment(2, complete=False).timeline, False),
    "again": (Scenario().deployment(2, complete=False).deployment(3, complete=True).timeline, True),
    "deleted": (deleted().timeline, True),
    "0 replicas": (Scenario().deployment(2, complete=False, replicas=0).timeline, True),
}


@pytest.mark.parametrize(("timeline", "ready"), READY.values(), ids=list(READY))
def test_a_complete_deployment_is_waited_for_before_the_fault(timeline: Timeline, ready: bool) -> None:
    assert is_ready_for_fault(timeline.to_json(100)) is ready


@pytest.mark.parametrize(("scenario", "over"), WAITS.values(), ids=list(WAITS))
def test_what_is_waited_for_after_a_restore(scenario: Scenario, over: bool) -> None:
    assert is_over(scenario.timeline.to_json(100), Facts("web", [ENTRY])) is over


def test_the_wait_ends_when_the_time_is_up_or_nothing_can_be_followed() -> None:
    scenario = Scenario().corrupted().restored()
    assert is_over(scenario.timeline.to_json(70 + RECOVERY_TIMEOUT), Facts("web", [ENTRY]))
    scenario.timeline.add_missing("Deployment", "gone for good")
    assert is_over(scenario.timeline.to_json(80), Facts("web", [ENTRY]))


def test_nothing_is_waited_for_once_a_deployment_is_scaled_to_0() -> None:
    still_recorded, restored = scaled(), scaled().restored(70, complete=False)
    assert not is_over(still_recorded.timeline.to_json(30), Facts("web", [ENTRY]))
    assert is_over(restored.timeline.to_json(70), Facts("web", [ENTRY]))


def test_a_deployment_that_is_gone_is_waited_for_as_long_as_it_may_be_created_again() -> None:
    facts = Facts("web", [ENTRY])
    assert not is_over(deleted().timeline.to_json(20 + GONE_FOR_GOOD - 1), facts)
    assert is_over(deleted().timeline.to_json(20 + GONE_FOR_GOOD), facts)
    assert is_over(recreated().timeline.to_json(30), facts)


def test_a_record_that_is_left_is_waited_for_but_does_not_unsettle_the_recovery() -> None:
    timeline, facts = Scenario().corrupted().restored(by="x").recovered().timeline.to_json(100), Facts("web", [ENTRY])
    assert (is_settled(timeline, facts), is_over(timeline, facts)) == (True, False)


def test_a_deployment_is_gone_until_it_is_created_again() -> None:
    facts = Facts("web", [ENTRY])
    assert is_gone(deleted().timeline.to_json(21), facts)
    assert not is_gone(recreated().timeline.to_json(30), facts) and not is_gone(resilient().timeline.to_json(90), facts)
