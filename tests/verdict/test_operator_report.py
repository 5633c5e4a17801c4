"""Whether an operator reports the fault."""

import pytest

from chaosimagecorrupt.timeline.operator import Operator

from ..timelines import Story, resilient, results, row
from .texts import OPERATOR


def test_an_operator_that_reports() -> None:
    found = resilient().resource(5, "True").resource(12, "False", "NotReady").judge(operator=OPERATOR)
    assert (found.verdict, results(found)) == ("Resilient", "PNNPP PPP PPP PPP")
    assert row(found, "operator-reports")[1] == "2.0 s after the corruption: Ready=False (NotReady)"


def test_an_operator_that_stays_silent() -> None:
    found = resilient().resource(5, "True").judge(operator=OPERATOR)
    said = "it did not write its status within 60 s: still Ready=True"
    assert row(found, "operator-reports") == row(found, "operator-silent") == ("violation", said)
    assert (found.verdict, found.reasons) == ("Degraded", [f"Shop main did not report the degradation: {said}"])


def test_an_operator_that_claims_health() -> None:
    found = resilient().resource(5, "True").resource(12, "True", version="2").judge(operator=OPERATOR)
    assert row(found, "operator-silent") == (
        "violation",
        "it wrote its status during the fault, and still says Ready=True",
    )


@pytest.mark.parametrize(("reason", "verdict"), [("NotReady", "Resilient"), ("Other", "Degraded")])
def test_a_named_reason_counts(reason: str, verdict: str) -> None:
    operator = Operator("shop.example/v1", "Shop", "main", None, "Ready", "False", "NotReady")
    assert resilient().resource(5, "True").resource(12, "False", reason).judge(operator=operator).verdict == verdict


def test_an_operator_that_reports_only_after_the_restore_was_silent() -> None:
    assert resilient().resource(5, "True").resource(80, "False").judge(operator=OPERATOR).verdict == "Degraded"


def test_an_operator_that_said_so_before_the_fault_says_nothing_about_it() -> None:
    found = resilient().resource(5, "False").judge(operator=OPERATOR)
    assert row(found, "operator-reports") == ("not observed", "Shop main reported it already before the fault")
    assert found.verdict == "Resilient"


def test_an_operator_that_heals_need_not_report() -> None:
    story = Story().corrupted().restored(by="shop-operator").recovered().deployment(90, generation=4, record=None)
    found = story.resource(5, "True").judge(operator=OPERATOR)
    assert row(found, "operator-silent") == (
        "not observed",
        "shop-operator put the image back after 60.0 s, so nothing was left to report",
    )
    assert (found.verdict, found.recovery["reconcile_cycles"]) == ("Resilient", 1)
    assert found.recovery["healed_by"] == {"manager": "shop-operator", "at": "2026-11-22T15:01:10Z"}


ABSENT = {
    "not there": "Shop main does not exist",
    "its kind is not served": "api_version: the API server does not serve shop.example/v1",
}


@pytest.mark.parametrize("missing", ABSENT.values(), ids=list(ABSENT))
def test_an_operator_that_is_not_there_leaves_its_question_open(missing: str) -> None:
    story = resilient()
    story.timeline.add_missing("Resource", missing)
    found = story.judge(operator=OPERATOR)
    assert (found.verdict, row(found, "operator-silent")[0]) == ("Resilient", "not observed")
    assert found.reasons[-1].startswith("whether an operator reports the degradation stayed open: Shop main")
    assert missing in found.reasons[-1]


def test_a_resource_that_was_never_observed_is_not_there() -> None:
    found = resilient().judge(operator=OPERATOR)
    assert found.verdict == "Resilient" and found.reasons[-1].endswith("Shop main: it does not exist")


@pytest.mark.parametrize(("deleted", "result"), [(6, "not observed"), (20, "violation")])
def test_a_resource_that_was_deleted_during_the_fault_did_not_report(deleted: int, result: str) -> None:
    story = resilient().resource(5, "True")
    story.timeline.add(deleted, "Resource", "Shop main", None)
    assert row(story.judge(operator=OPERATOR), "operator-silent")[0] == result
