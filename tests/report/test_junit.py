"""CI sees which contract broke."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import xmlschema
from defusedxml import ElementTree  # type: ignore[import-untyped]  # it ships no types

from chaosimagecorrupt.report import Journal, render, render_report
from chaosimagecorrupt.report.contents import report_on
from chaosimagecorrupt.report.model import Unreadable
from tests.report.journals import a_comparison, a_journal, a_row, a_target, hostile_journal

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "junit.xsd")


def junit(*journals: Journal) -> Element:
    text = render(journals, "junit")
    SCHEMA.validate(text.partition("\n")[2])
    found: Element = ElementTree.fromstring(text.encode())
    return found


def outcome(case: Element) -> tuple[str, str]:
    element = next((e for e in case if e.tag != "system-out"), None)
    return ("passed", "") if element is None else (element.tag, element.get("message", ""))


def test_each_row_of_the_rubric_is_a_test_case() -> None:
    cases = list(junit(a_journal()).iter("testcase"))
    assert [outcome(c) for c in cases] == [
        ("passed", ""),
        ("skipped", "Why it is not observed"),
        ("failure", "Why it is violation"),
        ("passed", ""),
    ]
    assert [c.get("classname") for c in cases] == [
        "web-shop.Expected",
        "web-shop.Expected",
        "web-shop.Violations",
        "web-shop.Recovery",
    ]


def test_a_violation_carries_its_evidence() -> None:
    failure = next(junit(a_journal()).iter("failure"))
    assert (failure.text or "").endswith("Pod web-1: app waits: ErrImagePull")


def test_a_violation_carries_its_advice() -> None:
    violated = a_row("serving", "violation", "Collateral", advice="Set maxUnavailable to 0.")
    failure = next(junit(a_journal(a_target(rubric=[violated]))).iter("failure"))
    assert (failure.text or "").endswith("app waits: ErrImagePull\nAdvice: Set maxUnavailable to 0.")


def test_the_cause_comes_first() -> None:
    rubric = [a_row("clean-rollout", "violation", why="not recovered within 180 s"), a_row("serving", "violation")]
    target = a_target("quota", verdict="Failed", reasons=["not recovered within 180 s"], rubric=rubric)
    suite = junit(a_journal(target, problems=["not restored"]))
    cause = 'ReplicaFailure: pods "web-7c6847bf7b-98kp2" is forbidden: exceeded quota: q, requested: pods=1'
    messages = [e.get("message", "") for e in (*suite.iter("failure"), *suite.iter("error"))]
    assert [m.startswith(cause) for m in messages] == [True, False, True]
    assert messages[0].endswith("; not recovered within 180 s")
    assert (suite[0].findtext("system-out") or "").startswith(f"Failed: {cause}")


def test_each_target_is_a_suite_and_the_counts_add_up() -> None:
    root = junit(a_journal(a_target(), a_target(component=None)), a_journal())
    assert [s.get("name", "").split(":")[0] for s in root] == ["web-shop", "shop/web", "web-shop"]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("12", "3", "0")


@pytest.mark.parametrize(
    ("changes", "verdict", "result", "errors"),
    [
        ({"problems": ["the fault did not take effect"]}, "Degraded", "pass", 1),
        ({}, "Inconclusive", "pass", 1),
        ({}, "Failed", "pass", 1),
        ({}, "Failed", "violation", 0),
        ({}, "Degraded", "pass", 0),
        ({"targets": [], "problems": ["the fault was not injected"]}, "Inconclusive", "pass", 1),
    ],
)
def test_a_run_that_fails_is_never_green(changes: dict[str, Any], verdict: str, result: str, errors: int) -> None:
    target = a_target(None, verdict=verdict, rubric=[a_row(result=result)])
    root = junit(a_journal(target, **changes))
    assert root.get("errors") == str(errors)
    assert len(list(root.iter("error"))) == errors


def test_a_file_that_cannot_be_read_is_an_error() -> None:
    report = replace(report_on([a_journal()]), unreadable=(Unreadable("odd.json", "odd.json has no verdict"),))
    text = render_report(report, "junit")
    SCHEMA.validate(text.partition("\n")[2])
    root: Element = ElementTree.fromstring(text.encode())
    assert [e.get("message") for e in root.iter("error")] == ["odd.json has no verdict"]
    assert (root.get("tests"), root.get("errors")) == ("5", "1")


@pytest.mark.parametrize(
    ("baseline", "result", "message", "counts"),
    [
        ([4.0], "failure", "recovered in 9.0 s; the slowest of the baseline took 4.0 s", ("5", "2", "1")),
        ([8.5], "passed", "", ("5", "1", "1")),
        ([], "skipped", "the baseline has no run of this Deployment", ("5", "1", "2")),
    ],
)
def test_a_comparison_is_a_case_of_its_own(
    baseline: list[float], result: str, message: str, counts: tuple[str, ...]
) -> None:
    text = render_report(a_comparison(*baseline), "junit")
    SCHEMA.validate(text.partition("\n")[2])
    (suite,) = ElementTree.fromstring(text.encode())
    case = suite.findall("testcase")[-1]
    assert outcome(case) == (result, message)
    assert (case.get("classname"), case.get("name")) == ("web-shop.Baseline", "No worse than the worst of the baseline")
    assert tuple(suite.get(name) for name in ("tests", "failures", "skipped")) == counts


def test_hostile_texts_are_text() -> None:
    root = junit(hostile_journal())
    failure = next(root.iter("failure"))
    assert failure.get("message", "").startswith("<script>alert(1)</script>|](javascript:")
    assert "\\x1b[31m\\x00\\ud800\\u202e\\ufffe" in failure.get("message", "")
    assert not list(root.iter("script"))
