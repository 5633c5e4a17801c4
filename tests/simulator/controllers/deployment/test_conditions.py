"""Conditions of a Deployment's status."""

import pytest

from chaosimagecorrupt.simulator.controllers.deployment.conditions import (
    NO_DEADLINE,
    condition_of,
    deadline_of,
    new_condition,
    with_condition,
    without_condition,
)
from chaosimagecorrupt.simulator.types import Object

EARLY, LATE = 1_700_000_000.0, 1_700_000_100.0


def status(condition: str = "True", reason: str = "Old") -> Object:
    return {"replicas": 2, "conditions": [new_condition(EARLY, "Available", condition, reason, "early")]}


@pytest.mark.parametrize(
    ("spec", "seconds"),
    [({}, 600), ({"progressDeadlineSeconds": 5}, 5), ({"progressDeadlineSeconds": NO_DEADLINE}, None)],
)
def test_the_deadline_is_ten_minutes_unless_the_spec_says_otherwise(spec: Object, seconds: int | None) -> None:
    assert deadline_of({"spec": spec}) == seconds


def test_a_condition_of_the_same_status_and_reason_stays() -> None:
    same = new_condition(LATE, "Available", "True", "Old", "late")
    assert with_condition(status(), same) == status()


def test_another_reason_keeps_the_time_of_the_transition() -> None:
    found = condition_of(with_condition(status(), new_condition(LATE, "Available", "True", "New", "late")), "Available")
    assert found is not None and found["message"] == "late"
    assert (found["lastTransitionTime"], found["lastUpdateTime"]) == ("2023-11-14T22:13:20Z", "2023-11-14T22:15:00Z")


def test_another_status_is_a_transition() -> None:
    late = new_condition(LATE, "Available", "False", "New", "late")
    assert with_condition(status(), late) == {"replicas": 2, "conditions": [late]}


def test_what_is_removed_leaves_no_empty_list() -> None:
    assert without_condition(status(), "Available") == {"replicas": 2}
    assert without_condition(status(), "Progressing") == status()
    assert condition_of({}, "Available") is None
