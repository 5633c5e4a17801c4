"""What the probe `original_pullable` answered, as the journal has it."""

from typing import Any

from chaosimagecorrupt.control.pull_checks import pull_check_of
from chaosimagecorrupt.verdict.pull_check import PullCheck

BEFORE, AFTER = "2026-11-22T14:59:50.000000", "2026-11-22T15:02:00.000000"

Json = Any


def run(output: object, at: str = BEFORE, func: str = "original_pullable", name: str = "web") -> Json:
    provider = {"type": "python", "module": "chaosimagecorrupt.probes", "func": func, "arguments": {"name": name}}
    return {"activity": {"name": "check", "provider": provider}, "output": output, "start": at, "status": "succeeded"}


def is_about_web(activity: Json) -> bool:
    return bool(activity["provider"]["arguments"]["name"] == "web")


def answer(*runs: Json, **states: Json) -> PullCheck | None:
    phases = {phase: {"probes": [found]} for phase, found in states.items()}
    return pull_check_of({"run": list(runs), "steady_states": phases}, is_about_web)


def test_an_answer_of_the_hypothesis_or_the_method_counts() -> None:
    expected = PullCheck(True, f"{BEFORE}Z")
    assert answer(before=run(True)) == expected
    assert answer(run(True)) == expected


def test_the_last_answer_counts() -> None:
    assert answer(run(True), before=run(False), after=run(False, AFTER)) == PullCheck(False, f"{AFTER}Z")


def test_what_is_no_answer_does_not_count() -> None:
    assert answer(run(None), run(True, func="pods_ready"), run(True, name="other")) is None


def test_a_hypothesis_that_is_checked_during_the_method_counts() -> None:
    journal = {"steady_states": {"before": None, "during": [{"probes": [run(True)]}], "after": None}}
    assert pull_check_of(journal, is_about_web) == PullCheck(True, f"{BEFORE}Z")


def test_a_journal_without_runs_has_no_answer() -> None:
    assert pull_check_of({}, is_about_web) is None
