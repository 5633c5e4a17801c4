"""What to do about a violated row."""

import pytest

from chaosimagecorrupt.verdict.advice import ADVICE, advice_on
from chaosimagecorrupt.verdict.model import Criterion, Result

from ..timelines import Scenario, resilient


def test_every_row_of_the_rubric_has_an_advice_of_one_sentence() -> None:
    assert {r.row for r in resilient().judge().rubric} <= set(ADVICE)
    assert all(text.endswith(".") and ". " not in text for text in ADVICE.values())


@pytest.mark.parametrize("result", Result)
def test_only_a_violated_row_has_an_advice(result: Result) -> None:
    written = Criterion("Collateral", "serving", "t").decided(result, "why").to_json("shop", "web")
    assert written.get("advice") == (ADVICE["serving"] if result is Result.VIOLATION else None)


def test_a_row_without_an_advice_is_written_without_one() -> None:
    assert "advice" not in Criterion("Collateral", "unknown", "t").violated("why").to_json("shop", "web")


def test_its_commands_are_those_for_the_deployment() -> None:
    advice = advice_on("clean-rollout", "shop", "web") or ""
    assert "`chaos image-corrupt restore web -n shop`" in advice
    assert "`kubectl rollout status deployment/web -n shop`" in advice
    assert not any("{" in (advice_on(row, "shop", "web") or "") for row in ADVICE)


def test_a_lost_pod_is_advised_on() -> None:
    found = Scenario().corrupted().deployment(20, readyReplicas=1).restored().recovered().judge()
    (lost,) = (row.to_json("shop", "web") for row in found.rubric if row.row == "serving")
    assert "maxUnavailable to 0" in lost["advice"]
