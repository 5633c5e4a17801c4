"""How a run ended: to its end, interrupted, by a stop condition, or early."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from chaosimagecorrupt.control.ending import activities_left, is_interrupted, safeguard_of

METHOD: Any = {"method": [{}, {}, {}]}
RUN = {
    "activity": {"name": "error-rate", "tolerance": {"type": "range", "range": [0, 0.1]}},
    "status": "succeeded",
    "output": 0.4,
    "start": "2026-11-22T15:01:20.5",
}
SAFEGUARDS = {"triggered_by": "error-rate", "run": RUN}
SWALLOWED = ["chaoslib.exceptions.ActivityFailed: chaoslib.exceptions.InterruptExecution: SIGTERM signal received\n"]


@pytest.mark.parametrize(("status", "expected"), [("interrupted", True), ("aborted", True), ("completed", False)])
def test_a_run_is_interrupted_by_its_status(status: str, expected: bool) -> None:
    assert is_interrupted({"status": status}) is expected


@pytest.mark.parametrize("where", ["run", "steady_states"])
def test_a_signal_that_became_the_failure_of_an_activity_is_an_interruption(where: str) -> None:
    failed = {"status": "failed", "exception": SWALLOWED}
    found = {"run": [failed]} if where == "run" else {"steady_states": {"before": None, "after": {"probes": [failed]}}}
    assert is_interrupted({"status": "completed", **found})


LEFT = {
    "all were run": ({"status": "completed", "run": [{}, {}, {}]}, 0),
    "two were left": ({"status": "failed", "run": [{}]}, 2),
    "the method was not begun": ({"status": "completed", "run": []}, 0),
    "interrupted": ({"status": "interrupted", "run": [{}]}, 0),
}


@pytest.mark.parametrize(("journal", "expected"), LEFT.values(), ids=list(LEFT))
def test_activities_that_were_left(journal: dict[str, Any], expected: int) -> None:
    assert activities_left({"experiment": METHOD, **journal}) == expected


def test_a_safeguard_tells_its_name_its_time_and_what_it_measured() -> None:
    found = safeguard_of({"status": "interrupted", "safeguards": SAFEGUARDS})
    assert str(found) == (
        "the safeguard error-rate ended the run at 2026-11-22T15:01:20.5Z: "
        'it answered 0.4, expected {"type": "range", "range": [0, 0.1]}'
    )


def test_a_safeguard_that_raised_tells_its_error() -> None:
    run = {**RUN, "status": "failed", "exception": ["chaoslib.exceptions.ActivityFailed: builtins.OSError: no route\n"]}
    found = safeguard_of({"status": "interrupted", "safeguards": {"triggered_by": "error-rate", "run": run}})
    assert str(found).endswith(": it raised OSError: no route")


def test_a_safeguard_that_interrupted_nothing_does_not_count() -> None:
    assert safeguard_of({"status": "completed", "safeguards": SAFEGUARDS}) is None


def test_a_safeguard_that_only_the_memory_of_the_addons_holds_is_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    guardian = SimpleNamespace(was_triggered=True, triggered_by="error-rate", triggered_by_run=RUN)
    monkeypatch.setitem(sys.modules, "chaosaddons.controls.safeguards", SimpleNamespace(guardian=guardian))
    found = safeguard_of({"status": "interrupted"})
    assert found is not None and found.name == "error-rate"
    guardian.was_triggered = False
    assert safeguard_of({"status": "interrupted"}) is None
