"""Whether the operators report a fault."""

from typing import Any

import pytest

from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.workload.accepted import AcceptedCondition

from ..timelines import Scenario, resilient, results, row, state_of
from .texts import OPERATOR

CLEARED: dict[str, Any] = {"condition:Progressing": None}
STUCK = {"condition:Progressing": ["False", "ProgressDeadlineExceeded", "2026-11-22T15:00:40Z", ""]}
DEADLINE = "may have waited for the progress deadline: the deadline of 600 s lies outside the fault, which lasted 60 s"


def stuck(**before: Any) -> Scenario:
    """A scenario without any defect, in which the progress deadline passes 30 s after the corruption."""
    scenario = Scenario(progressDeadlineSeconds=30, **before).corrupted().deployment(40, **STUCK)
    return scenario.restored(**CLEARED).recovered()


def test_an_operator_that_reports() -> None:
    found = resilient().resource(5, "True").resource(12, "False", "NotReady").judge(operators=[OPERATOR])
    assert (found.verdict, results(found)) == ("Resilient", "PNNPP PPP PPP PPPN")
    assert row(found, "operator-reports").why == "Shop main, 2 s after the corruption: Ready=False (NotReady)"


def test_an_operator_that_stays_silent_beyond_the_deadline() -> None:
    found = stuck().resource(5, "True").judge(operators=[OPERATOR])
    why = "Shop main did not write its status within 60 s: still Ready=True"
    assert row(found, "operator-reports") == row(found, "operator-silent") == ("violation", why)
    assert (found.verdict, found.reasons) == ("Degraded", [f"the degradation was not reported: {why}"])


def test_an_operator_may_wait_for_the_deadline() -> None:
    found = resilient().resource(5, "True").judge(operators=[OPERATOR])
    assert row(found, "operator-silent") == ("not observed", f"Shop main did not report it, but {DEADLINE}")
    assert found.verdict == "Resilient"


def test_a_deadline_that_passes_without_being_reported_counts_too() -> None:
    found = Scenario(progressDeadlineSeconds=30).corrupted().restored().recovered().resource(5, "True")
    assert row(found.judge(operators=[OPERATOR]), "operator-silent").result == "violation"


@pytest.mark.parametrize(
    ("at", "status", "result"), [(39, "False", "pass"), (41, "False", "pass"), (71, "False", "violation")]
)
def test_a_report_counts_from_the_corruption_to_the_restore(at: float, status: str, result: str) -> None:
    found = stuck().resource(5, "True").resource(at, status).judge(operators=[OPERATOR])
    assert row(found, "operator-reports").result == result


def test_an_operator_that_claims_health() -> None:
    found = stuck().resource(5, "True").resource(12, "True", version="2").judge(operators=[OPERATOR])
    why = "Shop main wrote its status during the fault, and it was Ready=True until the end of the fault"
    assert row(found, "operator-silent") == ("violation", why)


def test_what_it_reported_is_its_status_at_that_time_not_after_the_restore() -> None:
    scenario = stuck().resource(5, "True").resource(12, "Unknown", version="2").resource(75, "True", version="3")
    assert "it was Ready=Unknown until" in row(scenario.judge(operators=[OPERATOR]), "operator-silent").why


@pytest.mark.parametrize(("reason", "verdict"), [("NotReady", "Resilient"), ("Other", "Degraded")])
def test_a_named_reason_counts(reason: str, verdict: str) -> None:
    operator = Operator("shop.example/v1", "Shop", "main", None, (AcceptedCondition("Ready", "False", "NotReady"),))
    assert stuck().resource(5, "True").resource(12, "False", reason).judge(operators=[operator]).verdict == verdict


def test_an_operator_that_reported_before_the_fault_says_nothing_about_it() -> None:
    found = stuck().resource(5, "False").judge(operators=[OPERATOR])
    assert row(found, "operator-reports") == ("not observed", "Shop main reported it already before the fault")
    assert found.verdict == "Resilient"


def test_a_report_that_ended_and_came_again_is_one_of_the_fault() -> None:
    found = stuck().resource(5, "False").resource(11, "True").resource(14, "False").judge(operators=[OPERATOR])
    assert row(found, "operator-reports") == ("pass", "Shop main, 4 s after the corruption: Ready=False")


def test_an_operator_that_heals_need_not_report() -> None:
    scenario = Scenario().corrupted().restored(by="shop-operator").recovered().deployment(90, generation=4, record=None)
    found = scenario.resource(5, "True").judge(operators=[OPERATOR])
    assert row(found, "operator-silent") == (
        "not observed",
        "shop-operator put the image back after 60 s, so nothing was left to report",
    )
    assert (found.verdict, found.recovery["reconcile_cycles"]) == ("Resilient", 1)
    assert found.recovery["healed_by"] == {"manager": "shop-operator", "at": "2026-11-22T15:01:10Z"}


EITHER = Operator(
    "shop.example/v1",
    "Shop",
    "main",
    None,
    (AcceptedCondition("Progressing", "True"), AcceptedCondition("Available", "False")),
)


def library_go(scenario: Scenario, at: float, available: str, progressing: str) -> Scenario:
    """Have an operator write two conditions."""
    values = {"Available": available, "Progressing": progressing}
    conditions = {f"condition:{k}": [v, "", None, ""] for k, v in values.items()}
    scenario.timeline.add(at, "Resource", "Shop main", state_of(conditions))
    return scenario


@pytest.mark.parametrize(
    ("available", "progressing", "result", "what"),
    [
        ("True", "True", "pass", "Progressing=True"),
        ("False", "False", "pass", "Available=False"),
        ("True", "False", "violation", "still Progressing=False, Available=True"),
    ],
)
def test_any_of_several_conditions_counts(available: str, progressing: str, result: str, what: str) -> None:
    scenario = library_go(stuck(), 5, "True", "False")
    found = row(library_go(scenario, 13, available, progressing).judge(operators=[EITHER]), "operator-reports")
    assert (found.result, found.why.endswith(what)) == (result, True), found


def test_one_condition_that_was_there_before_does_not_hide_another() -> None:
    scenario = library_go(library_go(stuck(), 5, "True", "True"), 13, "False", "True")
    assert row(scenario.judge(operators=[EITHER]), "operator-reports").why.endswith("Available=False")


OTHER = Operator("shop.example/v1", "Till", "main", None, (AcceptedCondition("Ready", "False"),))
SEVERAL = {
    "one of two reports": (["False", "True"], "pass"),
    "the other one reports": (["True", "False"], "pass"),
    "none reports": (["True", "True"], "violation"),
    "one is silent, the other one is not there": (["True", None], "violation"),
    "one reports, the other one is not there": ([None, "False"], "pass"),
    "none is there": ([None, None], "not observed"),
}


@pytest.mark.parametrize(("statuses", "result"), SEVERAL.values(), ids=list(SEVERAL))
def test_of_several_operators_one_that_reports_is_enough(statuses: list[str | None], result: str) -> None:
    scenario = stuck()
    for operator, status in zip((OPERATOR, OTHER), statuses, strict=True):
        if status is None:
            scenario.timeline.add_missing(operator.source, f"{operator} does not exist")
            continue
        for at, now in ((5, "True"), (20, status)):
            scenario.timeline.add(at, "Resource", str(operator), state_of({"condition:Ready": [now, "", None, ""]}))
    found = scenario.judge(operators=[OPERATOR, OTHER])
    assert row(found, "operator-reports").result == row(found, "operator-silent").result == result


OPEN = "it is not known whether an operator reports the degradation: "
ABSENT = {
    "one of two is absent, the other one had reported before": (["Shop main"], "False", "Shop main does not exist"),
    "one of two is absent, the other one is silent": (["Shop main"], "True", None),
    "both are absent": (
        ["Shop main", "Till main"],
        None,
        "Shop main does not exist; Till main does not exist",
    ),
    "in an older journal": (["Resource"], None, "Shop main: no access; Till main: no access"),
}


@pytest.mark.parametrize(("missing", "status", "why"), ABSENT.values(), ids=list(ABSENT))
def test_the_question_stays_open_as_long_as_no_operator_answers_it(
    missing: list[str], status: str | None, why: str | None
) -> None:
    scenario = stuck()
    for each in missing:
        key, text = (each, "no access") if each == "Resource" else (f"Resource {each}", f"{each} does not exist")
        scenario.timeline.add_missing(key, text)
    if status is not None:
        scenario.timeline.add(5, "Resource", "Till main", state_of({"condition:Ready": [status, "", None, ""]}))
    reasons = scenario.judge(operators=[OPERATOR, OTHER]).reasons
    assert [r.removeprefix(OPEN) for r in reasons if r.startswith(OPEN)] == ([why] if why else [])


NOT_THERE = {
    "not there": "Shop main does not exist",
    "its kind is not served": "api_version: the API server does not serve shop.example/v1",
}


@pytest.mark.parametrize("missing", NOT_THERE.values(), ids=list(NOT_THERE))
def test_an_operator_that_is_not_there_leaves_its_question_open(missing: str) -> None:
    scenario = resilient()
    scenario.timeline.add_missing("Resource", missing)
    found = scenario.judge(operators=[OPERATOR])
    assert (found.verdict, row(found, "operator-silent").result) == ("Resilient", "not observed")
    assert found.reasons[-1].startswith("it is not known whether an operator reports the degradation: Shop main")
    assert missing in found.reasons[-1]


def test_a_resource_that_was_never_observed_is_not_there() -> None:
    found = resilient().judge(operators=[OPERATOR])
    assert found.verdict == "Resilient" and found.reasons[-1].endswith("Shop main: it does not exist")


DELETED = {
    "before the fault": (6, ("not observed", "Shop main does not exist")),
    "during the fault": (20, ("violation", "Shop main does not exist any longer")),
}


@pytest.mark.parametrize(("at", "silent"), DELETED.values(), ids=list(DELETED))
def test_a_resource_that_was_deleted_did_not_report(at: float, silent: tuple[str, str]) -> None:
    scenario = resilient().resource(5, "True")
    scenario.timeline.add(at, "Resource", "Shop main", {"gone": True})
    assert row(scenario.judge(operators=[OPERATOR]), "operator-silent") == silent
