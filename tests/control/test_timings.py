"""Each story of docs/verdict.md has one verdict and one reason, whatever the timing: each is told ten times."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from chaosimagecorrupt.simulator.clock import ManualClock

from ..faulty_simulator import FaultySimulator
from .ten import NUMBER, Conditions, Story, run, unnumbered
from .ten_stories import GIVEN_UP, LATE, STORIES, TOOK_EFFECT, corrupt

Json = dict[str, Any]

INTERRUPTED = "the run was interrupted before the end of its method"
FAILED_PROBE = {"status": "succeeded", "output": 0.4, "activity": {"name": "error-rate", "tolerance": 0}}
SAFEGUARDS = {"triggered_by": "error-rate", "run": {**FAILED_PROBE, "start": "2026-11-22T15:01:20.5Z"}}
SAFEGUARD = "the safeguard error-rate ended the run at TIME: it answered 0.4, expected 0"
FAIL_FAST = f"the method ended early, as by --fail-fast: activities that were not run: {NUMBER - 1}"
ASKED = {"api_version": "operator.knative.dev/v1beta1", "kind": "KnativeServing", "name": "nobody", "ns": "shop"}
# another resource of that kind, so that the kind is served
SERVING = {
    "apiVersion": ASKED["api_version"],
    "kind": ASKED["kind"],
    "metadata": {"name": "other", "namespace": "shop"},
}
SEED = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}, {**SERVING, "spec": {}}]
OPERATOR = {
    "type": "probe",
    "name": "operator-reports",
    "provider": {
        "module": "chaosimagecorrupt.probes",
        "func": "resource_condition",
        "arguments": {**ASKED, "condition_type": "Ready", "status": "False"},
    },
}
OPEN = "it is not known whether an operator reports the degradation: KnativeServing nobody does not exist"


def held(verdict: str, *reasons: str) -> dict[str, Story]:
    """The fault is held for different times when the run ends, and the control restores."""
    return {"held": Story(corrupt, LATE, verdict, reasons, corrupted=False)}


RUNS: dict[str, tuple[dict[str, Story], Conditions]] = {
    "to the end": (STORIES, Conditions()),
    "given up": (GIVEN_UP, Conditions(control=[{"recovery_within": 0.3, "give_up_after": 0.3}])),
    "interrupted": (
        held("Inconclusive", INTERRUPTED, *TOOK_EFFECT),
        Conditions(journal={"status": "interrupted"}, restores=False),
    ),
    "fail fast": (
        held("Inconclusive", FAIL_FAST, *TOOK_EFFECT),
        Conditions(journal={"run": [{"status": "succeeded"}]}, restores=False),
    ),
    "a safeguard": (
        held("Failed", SAFEGUARD),
        Conditions(journal={"status": "interrupted", "safeguards": SAFEGUARDS}, restores=False),
    ),
    "no operator": (held("Resilient", *TOOK_EFFECT, OPEN), Conditions(method=[OPERATOR])),
    "declared twice": (held("Resilient", *TOOK_EFFECT), Conditions(control=[{}, {}])),
}


@pytest.fixture(scope="module")
def told() -> Iterator[Callable[[str], dict[str, list[Json]]]]:
    """Return a function that makes one of the runs, once."""
    with FaultySimulator(SEED, clock=ManualClock()) as simulator, pytest.MonkeyPatch.context() as environment:
        environment.setenv("KUBECONFIG", str(simulator.kubeconfig))
        yield cache(lambda name: run(simulator, *RUNS[name]))


@pytest.mark.parametrize(("name", "story"), [(name, story) for name, (stories, _) in RUNS.items() for story in stories])
def test_a_story_has_one_verdict_and_one_reason(
    name: str, story: str, told: Callable[[str], dict[str, list[Json]]]
) -> None:
    expected = RUNS[name][0][story]
    found = [(t["verdict"], [unnumbered(r) for r in t["reasons"]]) for t in told(name)[story]]
    assert found == [(expected.verdict, list(expected.reasons))] * NUMBER
