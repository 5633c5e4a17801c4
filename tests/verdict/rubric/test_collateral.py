"""The rows of the section Collateral."""

import pytest

from chaosimagecorrupt.verdict import judge

from ...timelines import Scenario, of_recording, resilient, row

WEBHOOK = {"kind": "ValidatingWebhookConfiguration", "configuration": "shop", "failure_policy": "Fail"}
WHY = {
    ("recreate", "strategy"): "Recreate stops every old pod before a new one starts",
    ("surge-zero", "strategy"): "RollingUpdate: of 3 pods, 1 may be unavailable and 0 may be added",
    ("surge-zero", "serving"): "2 of 3 pods were ready at the lowest",
    ("recreate", "serving"): "0 of 2 pods were ready at the lowest",
}


@pytest.mark.parametrize(("name", "key"), WHY)
def test_why_of_a_row(name: str, key: str) -> None:
    assert row(judge(*of_recording(name)), key).why == WHY[name, key]


def test_a_strategy_that_may_take_every_pod_down_is_a_violation() -> None:
    scenario = Scenario(maxSurge=0, maxUnavailable="100%").corrupted().restored().recovered()
    assert row(scenario.judge(), "strategy") == (
        "violation",
        "RollingUpdate: of 2 pods, 2 may be unavailable and 0 may be added",
    )


@pytest.mark.parametrize(("ready", "result"), [(2, "pass"), (1, "pass"), (0, "violation")])
def test_webhooks_lose_their_backends_with_the_last_ready_pod(ready: int, result: str) -> None:
    scenario = Scenario().corrupted().deployment(20, readyReplicas=ready).restored().recovered()
    assert row(scenario.judge(webhooks=[WEBHOOK]), "webhooks").result == result


def test_webhooks_that_cannot_be_read_are_not_observed() -> None:
    found = resilient().judge(webhooks=None, webhooks_unknown="the role does not allow it")
    assert row(found, "webhooks") == ("not observed", "the role does not allow it")
