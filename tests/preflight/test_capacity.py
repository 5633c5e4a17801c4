"""The preflight of capacity and disruption budgets."""

import copy

import pytest

from chaosimagecorrupt.preflight.capacity import capacity_left, check_budgets, check_capacity

from ..recorded import at
from .deployments import RECREATE, Object, made, rolling

CAPACITIES = [
    (4, rolling("25%", "25%"), 3, 1),
    (2, rolling("25%", "25%"), 2, 1),
    (3, rolling(0, 1), 2, 0),
    (1, rolling(0, "25%"), 0, 0),
    (1, rolling(1, 0), 1, 1),
    (4, RECREATE, 0, 4),
]


@pytest.mark.parametrize(("replicas", "strategy", "left", "surge"), CAPACITIES)
def test_capacity_follows_from_replicas_and_strategy(
    replicas: int, strategy: Object | None, left: int, surge: int
) -> None:
    found = made(replicas, strategy)
    assert capacity_left(found) == (left, surge)
    assert [c.level for c in check_capacity(found)] == ["ok" if left == replicas else "warning"]


def test_capacity_of_none_says_that_the_service_is_down() -> None:
    assert check_capacity(made(4, RECREATE))[0].text.endswith(
        "0 of 4 pods keep serving during the fault; the service is down"
    )


def budget(allowed: int, labels: dict[str, str]) -> Object:
    return {
        "metadata": {"name": "pdb"},
        "spec": {"selector": {"matchLabels": labels}},
        "status": {"disruptionsAllowed": allowed},
    }


@pytest.mark.parametrize(("strategy", "level"), [(rolling(0, 1), "ok"), (RECREATE, "warning")])
def test_a_budget_that_the_fault_uses_up_is_a_warning(strategy: Object | None, level: str) -> None:
    found = made(4, strategy)
    labels = found["spec"]["template"]["metadata"]["labels"]
    assert [c.level for c in check_budgets(found, [budget(1, labels)])] == [level]


def test_a_budget_of_others_does_not_count() -> None:
    assert check_budgets(made(4, RECREATE), [budget(0, {"app": "other"})])[0].text == "none selects these pods"


@pytest.mark.parametrize(
    ("name", "on_delete", "left"), [("sts-rolling", False, 2), ("sts-rolling", True, 3), ("ds-rolling", False, 0)]
)
def test_capacity_of_other_kinds_follows_from_their_update_strategy(name: str, on_delete: bool, left: int) -> None:
    found = copy.deepcopy(at(name, 4.0).deployment)
    if on_delete:
        found["spec"]["updateStrategy"] = {"type": "OnDelete"}
    assert capacity_left(found) == (left, 0)
