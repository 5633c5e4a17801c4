"""What kept the fault from being observed, in the words of what stopped it."""

from typing import Any, cast

import pytest

from chaosimagecorrupt.timeline.states import State
from chaosimagecorrupt.verdict import Facts, judge
from chaosimagecorrupt.verdict.observed import Observed
from chaosimagecorrupt.verdict.obstacles import corrupt_pod_ready, no_fault_text, no_pull_text, waiting_text

from ..timelines import BAD, ENTRY, Scenario, of_recording, resilient, row
from .scenarios import QUOTA, SCHEDULER, quota, unscheduled


def observed(scenario: Scenario) -> Observed:
    return Observed(scenario.timeline.to_json(100), Facts("web", [ENTRY]))


def test_no_pod_can_be_created_is_said_in_the_api_servers_words() -> None:
    assert (
        "must not have leading or trailing whitespace"
        in row(judge(*of_recording("whitespace-image")), "pull-failing")[1]
    )


def test_the_schedulers_words_are_told_only_when_no_pod_was_scheduled() -> None:
    scenario = unscheduled().pod(12, "web-abc-2", **{"image:app": BAD, "waiting:app": "ContainerCreating"})
    found = scenario.judge()
    assert SCHEDULER not in found.reasons[0]
    assert row(found, "pull-failing")[1].endswith("Pod web-abc-2: app waits: ContainerCreating")


def test_a_replica_set_that_cannot_be_created_is_told_in_the_admissions_words() -> None:
    denied = ["False", "ReplicaSetCreateError", None, 'admission webhook "policy.example.com" denied the request']
    found = (
        Scenario()
        .corrupted(pull_fails=False, **cast(Any, {"condition:Progressing": denied}))
        .restored()
        .recovered()
        .judge()
    )
    assert found.verdict == "Inconclusive" and 'admission webhook "policy.example.com" denied' in found.reasons[0]


def test_nothing_is_in_the_way_of_a_pull_that_was_tried() -> None:
    assert no_pull_text(observed(resilient())) is None and waiting_text(observed(resilient())) is None
    assert corrupt_pod_ready(observed(resilient())) is None


@pytest.mark.parametrize(("scenario", "words"), [(quota, QUOTA), (unscheduled, SCHEDULER)])
def test_what_keeps_pods_from_pulling_is_told_in_its_own_words(scenario: Any, words: str) -> None:
    assert words in str(no_pull_text(observed(scenario())))


def test_a_pod_with_the_corrupt_image_that_became_ready_is_found() -> None:
    ready: dict[str, Any] = {"image:app": BAD, "ready": True}
    found = corrupt_pod_ready(observed(Scenario().corrupted(pull_fails=False).pod(12, "web-abc-2", **ready)))
    assert found is not None and found.name == "web-abc-2"


def test_a_deployment_that_was_never_seen_corrupt_may_not_have_been_followed() -> None:
    scenario = Scenario()
    assert no_fault_text(observed(scenario)) == "the Deployment was never observed with the corrupt image"
    scenario.timeline.add_missing("Deployment", "forbidden")
    assert no_fault_text(observed(scenario)) == "the Deployment could not be followed: forbidden"


def refused(at: float, *missing: str) -> str | None:
    """Say what stopped the pods when an Event tells of a refusal at a time, and some kinds could not be followed."""
    scenario = Scenario().corrupted(pull_fails=False).restored(20)
    for kind in missing:
        scenario.timeline.add_missing(kind, "the role does not allow to list it")
    event: State = {
        "replicaSet": "web-abc",
        "reason": "FailedCreate",
        "count": 1,
        "message": f"Error creating: {QUOTA}",
    }
    scenario.timeline.add(at, "Event", "web-abc.1", event)
    return no_pull_text(Observed(scenario.timeline.to_json(100), Facts("web", **scenario.facts)))


def test_a_refusal_counts_when_its_replica_set_cannot_be_followed() -> None:
    assert refused(10.2, "ReplicaSet") == f"no pod could be created: FailedCreate: {QUOTA}"


def test_a_refusal_of_another_replica_sets_pod_does_not_count() -> None:
    assert refused(10.2) is None


def test_a_refusal_before_or_after_the_fault_does_not_count() -> None:
    assert [refused(at, "ReplicaSet") for at in (5, 40)] == [None, None]


def test_a_pull_that_hangs_is_why_there_is_no_proof() -> None:
    scenario = Scenario().corrupted(pull_fails=False).pull(12, 1, "2026-11-22T15:00:12Z")
    scenario.pod(11.5, **{"image:app": BAD, "waiting:app": "ContainerCreating"})
    found = scenario.restored().recovered().judge()
    words = "Pod web-abc-1: nothing has come of its pull for 58 s: it hangs, or waits for one that does"
    assert found.verdict == "Inconclusive" and words in found.reasons[0]
    assert words in row(found, "pull-failing").why
