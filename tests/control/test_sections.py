"""The journal's part on the run follows from those on its targets."""

from typing import cast

import pytest

from chaosimagecorrupt.control.ending import is_interrupted
from chaosimagecorrupt.control.sections import verdict_json
from chaosimagecorrupt.verdict.journal import TargetJson


def target(name: str, verdict: str, seconds: float | None) -> TargetJson:
    """The keys of a target that count for the run."""
    found = {"namespace": "shop", "deployment": name, "verdict": verdict, "reasons": ["why"]}
    return cast(TargetJson, {**found, "recovery": {"seconds": seconds}})


def test_the_worst_verdict_and_all_reasons_are_those_of_the_run() -> None:
    found = verdict_json([target("web", "Resilient", 1), target("api", "Degraded", 50)])
    assert (found["verdict"], found["reasons"]) == ("Degraded", ["shop/web: why", "shop/api: why"])
    assert found["recovery"] == {"targets": 2, "worst": 50, "median": 25.5}


def test_a_recovery_that_is_not_known_leaves_that_of_the_run_unknown() -> None:
    found = verdict_json([target("web", "Resilient", 1), target("api", "Failed", None)])
    assert found["recovery"] == {"targets": 2, "worst": None, "median": None}


def test_without_targets_there_was_nothing_to_inject() -> None:
    found = verdict_json([])
    assert (found["verdict"], found["reasons"]) == ("Inconclusive", ["nothing was to be injected"])


@pytest.mark.parametrize(("status", "expected"), [("interrupted", True), ("aborted", True), ("completed", False)])
def test_a_run_is_interrupted_by_its_status(status: str, expected: bool) -> None:
    assert is_interrupted({"status": status}) is expected
