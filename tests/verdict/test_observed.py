"""The moments of a fault, also of one that was short, deleted, or ended by a third image."""

from typing import Any

from ..timelines import Scenario, healer, resilient


def test_a_deployment_that_is_deleted_during_the_fault_failed() -> None:
    scenario = Scenario().corrupted()
    scenario.timeline.add(20, "Deployment", "web", None)
    assert scenario.judge().reasons == ["the Deployment was deleted during the fault"]


def test_a_deployment_that_is_made_again_is_restored() -> None:
    scenario = Scenario().corrupted()
    scenario.timeline.add(20, "Deployment", "web", None)
    found = scenario.restored(30, by="argocd", generation=1, record=None).recovered(40).judge()
    assert (found.recovery["seconds"], found.recovery["reconcile_cycles"], healer(found)) == (10, 0, "argocd")


def test_a_deployment_that_is_deleted_after_it_recovered_was_resilient() -> None:
    scenario = resilient()
    scenario.timeline.add(90, "Deployment", "web", None)
    assert scenario.judge().verdict == "Resilient"


def test_a_third_image_ends_the_fault_too() -> None:
    third: dict[str, Any] = {"image:app": "localhost/app:v2"}
    found = Scenario().corrupted().restored(by="ci", **third).recovered().judge()
    assert healer(found) == "ci" and found.recovery["seconds"] == 1


def test_a_fault_that_is_corrupted_and_restored_at_the_same_moment_is_judged() -> None:
    scenario = Scenario().corrupted(10, pull_fails=False).restored(10).recovered(10)
    assert scenario.judge().verdict == "Inconclusive"
