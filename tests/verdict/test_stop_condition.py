"""A stop condition that ended the fault is told from what was observed."""

from dataclasses import replace
from typing import Any

import pytest

from ..timelines import ENTRY, Scenario, row

STOPPED = replace(ENTRY, stop_below="2")


def scenario(ready: int = 1) -> Scenario:
    """The Deployment loses a pod, and its image is put back by this tool."""
    return Scenario().corrupted().deployment(20, readyReplicas=ready).restored(21).recovered(23)


def test_it_is_a_failure_that_names_the_condition_the_time_and_what_was_measured() -> None:
    found = scenario().judge(entries=[STOPPED], restored_here=False)
    assert found.verdict == "Failed"
    measured = "1 of 2 pods are ready, and stop_below demands 2"
    at = "2026-11-22T15:00:20.000Z"
    assert found.reasons[0] == f"the stop condition stop_below ended the fault at {at}: {measured}"
    assert found.recovery["stopped_by"] == {"condition": "stop_below", "measured": measured, "at": at}
    assert row(found, "healed-by") == ("pass", "the guard, because of stop_below")


OTHERS: dict[str, Any] = {
    "no condition": (1, {"entries": [ENTRY]}),
    "enough pods stayed ready": (2, {"entries": [STOPPED]}),
    "this run restored": (1, {"entries": [STOPPED], "restored_here": True}),
    "the ttl was over": (1, {"entries": [replace(STOPPED, expires="2026-11-22T15:00:21Z")]}),
}


@pytest.mark.parametrize(("ready", "facts"), OTHERS.values(), ids=list(OTHERS))
def test_it_is_not_named_when_something_else_undid_the_fault(ready: int, facts: dict[str, Any]) -> None:
    found = scenario(ready).judge(**{"restored_here": False, **facts})
    assert "stopped_by" not in found.recovery and not any("stop_below" in r for r in found.reasons)
