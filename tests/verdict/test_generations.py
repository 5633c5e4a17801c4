"""Which generations others made."""

from dataclasses import replace
from typing import Any

import pytest

from ..timelines import ENTRY, Scenario, resilient, row

CYCLES = {
    "ours": (resilient(), 0),
    "someone annotates": (resilient().deployment(80, generation=4), 1),
    "someone changes template and replicas at once": (
        resilient().deployment(80, generation=4, replicas=3, template="other"),
        1,
    ),
    "someone changes the template, then the replicas, in a gap": (
        resilient().deployment(80, generation=5, replicas=3, template="other"),
        1,
    ),
    "our second injection": (Scenario().corrupted().deployment(20, generation=3, record={"app": "id1", "b": "id2"}), 0),
    "the record is stripped": (Scenario().corrupted().deployment(20, generation=3, record=None), 1),
    "undone by someone, record and all": (Scenario().corrupted().restored(by="kubectl-rollout", record=None), 1),
    "several in a gap": (Scenario().corrupted().restored(generation=6).recovered(), 3),
    "healed, then our record removed": (
        Scenario().corrupted().restored(by="x").recovered().deployment(80, generation=4, record=None),
        1,
    ),
}


@pytest.mark.parametrize(("scenario", "cycles"), CYCLES.values(), ids=list(CYCLES))
def test_reconcile_cycles_are_generations_that_were_not_ours(scenario: Scenario, cycles: int) -> None:
    assert scenario.judge().recovery["reconcile_cycles"] == cycles


@pytest.mark.parametrize(
    ("changed", "facts", "cycles"),
    [
        ({}, {}, 1),
        ({"paused": True}, {}, 2),
        ({"progressDeadlineSeconds": 300}, {}, 2),
        ({}, {"restored_here": False}, 2),
    ],
)
def test_the_deadline_that_rollout_undo_left_is_put_back_by_this_tool(
    changed: dict[str, Any], facts: dict[str, Any], cycles: int
) -> None:
    scenario = Scenario().corrupted(progressDeadlineSeconds=30).restored(by="kubectl", record=None)
    scenario.deployment(72, generation=4, **{"progressDeadlineSeconds": 600, **changed})
    entry = replace(ENTRY, deadline=30, original_deadline=600)
    assert scenario.judge(entries=[entry], **facts).recovery["reconcile_cycles"] == cycles


def test_scaling_is_told_apart_and_does_not_degrade() -> None:
    scenario = Scenario().corrupted()
    for number, replicas in enumerate([3, 4, 2]):
        scenario.deployment(20 + number, generation=3 + number, replicas=replicas)
    found = scenario.restored(generation=6).recovered().judge()
    assert (found.recovery["reconcile_cycles"], found.recovery["scalings"], found.verdict) == (0, 3, "Resilient")
    why = row(found, "reconcile-cycles").why
    assert why.endswith("since the fault: 0; not counted, because they only scaled it: 3")


def test_an_autoscaler_and_our_restore_in_one_gap_are_no_cycle() -> None:
    scenario = Scenario().corrupted().restored(generation=5, replicas=4).recovered()
    assert (scenario.judge().recovery["reconcile_cycles"], scenario.judge().recovery["scalings"]) == (0, 2)
