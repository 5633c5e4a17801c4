"""Each scenario with an intervention has one verdict, and its reasons say who did what, and when."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from chaosimagecorrupt.verdict import RECOVERY_TIMEOUT, Facts, is_settled

from ..timelines import BAD, ENTRY, GOOD, Scenario, healer, row
from .scenarios import CASES, instantly_healed, quota, scaled, superseded


@pytest.mark.parametrize("name", CASES)
def test_each_scenario_has_its_verdict_and_says_what_happened(name: str) -> None:
    case = CASES[name]
    found = case.scenario().judge(case.ended, **case.facts)
    assert (found.verdict, found.reasons) == (case.verdict, case.reasons)


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_waited_for_once_a_scenario_is_over(name: str) -> None:
    case = CASES[name]
    assert is_settled(case.scenario().timeline.to_json(case.ended), Facts("web", [ENTRY])) == case.settled


def test_a_deployment_of_which_only_the_uid_shows_that_it_was_created_again_is_superseded() -> None:
    again = Scenario(uid="1").corrupted().restored(by="argocd", uid="2", generation=1, record=None).recovered()
    found = again.judge(entries=[replace(ENTRY, uid="1")])
    assert found.verdict == "Inconclusive" and "deleted and created again" in found.reasons[0]


def test_a_deployment_that_is_scaled_to_0_and_back_shows_no_recovery_from_the_fault() -> None:
    found = scaled().deployment(25, replicas=2).restored().recovered().judge()
    assert found.verdict == "Inconclusive" and "scaled to 0 replicas by keda" in found.reasons[0]


@pytest.mark.parametrize("at", [72, 90])
def test_what_happens_after_the_recovery_is_another_scenario(at: float) -> None:
    scenario = Scenario().corrupted().restored().recovered().deployment(at, generation=4, replicas=0, complete=False)
    assert scenario.judge(restored_here=True).verdict == "Resilient"


def test_a_third_image_before_the_recovery_supersedes_the_fault_too() -> None:
    third: dict[str, Any] = {"image:app": "localhost/app:v2", "writer:app": ["ci", None]}
    found = Scenario().corrupted().restored(70).deployment(70.5, generation=4, **third).recovered(72).judge()
    assert found.verdict == "Inconclusive" and "localhost/app:v2" in found.reasons[0]


def test_of_two_containers_one_that_was_superseded_counts() -> None:
    both: dict[str, Any] = {"image:app": BAD, "image:b": BAD}
    scenario = (
        Scenario(**{"image:b": "x"}).corrupted(**both).deployment(20, **{"image:app": "y", "writer:app": ["ci", None]})
    )
    scenario.restored(**cast(Any, {"image:app": "y", "image:b": "x"})).recovered()
    found = scenario.judge(entries=[ENTRY, replace(ENTRY, container="b", original="x")])
    assert found.reasons[0].startswith("superseded: the image of app was set to y by ci, 10 s after the corruption")


def test_several_interventions_are_told_in_their_order() -> None:
    third: dict[str, Any] = {"image:app": "localhost/app:v2", "writer:app": ["ci", None]}
    reasons = superseded().deployment(20.5, replicas=0, replicasWriter=["keda", None]).judge(30).reasons
    assert ["superseded" in reasons[0], "scaled" in reasons[1]] == [True, True]
    reasons = scaled().deployment(30, **third).judge(40).reasons
    assert ["scaled" in reasons[0], "superseded" in reasons[1]] == [True, True]


ROWS: dict[str, tuple[Callable[[], Scenario], str, str]] = {
    "clean-rollout": (lambda: superseded().recovered(22), "not observed", "superseded: "),
    "healed-by": (superseded, "not observed", "superseded: "),
    "recovery-time": (lambda: scaled().restored(70, complete=False), "not observed", "scaled to 0 replicas"),
    "pull-failing": (quota, "not observed", "no pod could be created: FailedCreate: pods"),
}


@pytest.mark.parametrize("name", ROWS)
def test_no_row_calls_an_intervention_a_restore(name: str) -> None:
    scenario, result, why = ROWS[name]
    found = row(scenario().judge(RECOVERY_TIMEOUT + 100), name)
    assert found.result == result and found.why.startswith(why)


def test_whoever_took_the_container_away_ended_the_fault() -> None:
    renamed: dict[str, Any] = {"image:app": None, "image:main": GOOD, "lastWriter": ["kubectl", None]}
    scenario = Scenario().corrupted().restored(by="x", **renamed).deployment(70, **{"writer:app": None}).recovered()
    assert healer(scenario.judge()) == "kubectl"


def test_an_owner_that_heals_what_could_be_pulled_is_no_proof() -> None:
    scenario = instantly_healed().pod(10.1, ready=True, **{"image:app": BAD})
    found = scenario.judge()
    assert found.verdict == "Inconclusive" and "no proof" in found.reasons[0] and "web-operator" in found.reasons[1]
