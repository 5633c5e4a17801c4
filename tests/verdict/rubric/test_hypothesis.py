"""The rows of the section Hypothesis."""

import pytest

from chaosimagecorrupt.verdict import Facts
from chaosimagecorrupt.verdict.rubric.hypothesis import hypothesis
from chaosimagecorrupt.verdict.steady_states import Checks, FailedProbe, Hypothesis

from ...timelines import resilient, row

BROKEN = FailedProbe("checkout", "answered 1, expected 0")
RAISED = FailedProbe("checkout", "raised OSError: no route", raised=True)
ERROR = Checks(1, 1, (RAISED,))


def test_each_phase_has_a_row() -> None:
    phases = Hypothesis(before=Checks(1, 0), during=Checks(9, 2, (BROKEN,)), after=ERROR)
    found = resilient().judge(hypothesis=phases)
    assert [r.row for r in found.rubric if r.section == "Hypothesis"] == ["before", "during", "after"]
    assert row(found, "before") == ("pass", "met")
    assert row(found, "during")[0] == "violation" and row(found, "after")[0] == "not observed"
    assert found.rubric[1].evidence[0].object == "Probe checkout"


def test_what_was_not_checked_is_not_observed() -> None:
    assert row(resilient().judge(), "during") == ("not observed", "it was not checked during the method")


CHECKS = {
    "once": (Checks(1, 0), "pass", "met"),
    "often": (Checks(9, 0), "pass", "met in 9 checks"),
    "deviating": (Checks(9, 2, (BROKEN,)), "violation", "checkout answered 1, expected 0"),
    "raising": (ERROR, "not observed", "checkout raised OSError: no route"),
    "deviating and raising": (Checks(9, 2, (RAISED, BROKEN)), "violation", "checkout"),
}


@pytest.mark.parametrize(("checks", "result", "why"), CHECKS.values(), ids=list(CHECKS))
def test_a_probe_that_deviated_is_a_violation_and_one_that_only_raised_is_not(
    checks: Checks, result: str, why: str
) -> None:
    _, during, _ = hypothesis(Facts("web", hypothesis=Hypothesis(during=checks)))
    assert during.result == result and why in during.why
