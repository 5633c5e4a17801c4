"""The report for CI: one test case for each row of the rubric, so that CI shows which expectation was violated."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ..verdict import Result, Row
from ..workload.deployment import DEPLOYMENT
from .comparison import Comparison
from .contents import Report
from .formatting import (
    compared_capacity,
    compared_recovery,
    compared_verdict,
    rfc3339_ms,
    since_corruption,
    verdict_and_cause,
)
from .model import JudgedTarget, Run, Unreadable

__all__ = ["as_junit"]

_BASELINE_CASE = "No worse than the worst of the baseline"
_ROWS_ABOUT_RECOVERY = ("clean-rollout", "rollout-not-complete", "recovery-time")


def as_junit(report: Report) -> str:
    """Render as JUnit XML, which Jenkins, GitLab and others read.

    Args:
        report: what to render.

    Returns:
        A `testsuite` for each target: a violation is a failure, a row that was not observed is skipped. A run that
        fails for a reason that no row gives, such as a fault that was not injected, has one more suite with an error,
        as has a file that cannot be read. With a baseline, the suite of each target has one more case.
    """
    root = Element("testsuites", name="image-corrupt")
    comparisons = iter(report.comparisons)
    for run in report.runs:
        for target in run.targets:
            _target_suite(root, run, target, next(comparisons, None))
        if run.fails_beside_rubric:
            _error_suite(root, run)
    for unreadable in report.unreadable:
        _unreadable_suite(root, unreadable)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _target_suite(root: Element, run: Run, target: JudgedTarget, comparison: Comparison | None) -> None:
    results = [r.result for r in target.rubric]
    suite = _empty_suite(root, f"{target.display_name}: {run.title}", len(results), run.start)
    suite.set("failures", str(results.count(Result.VIOLATION)))
    suite.set("skipped", str(results.count(Result.NOT_OBSERVED)))
    values = {
        "verdict": target.verdict,
        "cause": target.headline,
        "first failed pull": target.pull_error,
        "cluster": target.cluster or "",
        "namespace": target.namespace,
        "deployment": target.deployment,
        "recovery seconds": f"{target.recovery.seconds:.3f}" if target.recovery.seconds is not None else "",
        "journal": run.source,
    }
    if target.kind != DEPLOYMENT.name:
        values["kind"] = target.kind
    properties = SubElement(suite, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=value)
    for row in target.rubric:
        _case(suite, target, row)
    if comparison is not None:
        _comparison_case(suite, comparison)
    if target.reasons:
        SubElement(suite, "system-out").text = "\n".join((verdict_and_cause(target), *target.details))


def _case(suite: Element, target: JudgedTarget, row: Row) -> None:
    case = SubElement(suite, "testcase", classname=f"{target.display_name}.{row.section}", name=row.title, time="0")
    evidence = "\n".join(f"{since_corruption(target, e)} {e.object}: {e.what}".strip() for e in row.evidence)
    if row.result is Result.VIOLATION:
        lines = filter(None, (evidence, row.advice and f"Advice: {row.advice}"))
        SubElement(case, "failure", type="violation", message=_message(target, row)).text = "\n".join(lines)
    elif row.result is Result.NOT_OBSERVED:
        SubElement(case, "skipped", message=_message(target, row))
    elif evidence:
        SubElement(case, "system-out").text = evidence


def _comparison_case(suite: Element, comparison: Comparison) -> None:
    """Add the case of a comparison, which fails on a regression, and count it."""
    case = SubElement(suite, "testcase", classname=f"{comparison.name}.Baseline", name=_BASELINE_CASE, time="0")
    if comparison.regressions:
        failure = SubElement(case, "failure", type="regression", message="; ".join(comparison.regressions))
        failure.text = _comparison_text(comparison)
    elif comparison.baseline:
        SubElement(case, "system-out").text = _comparison_text(comparison)
    else:
        SubElement(case, "skipped", message="the baseline has no run of this Deployment")
    counted = "failures" if comparison.regressions else "skipped" if not comparison.baseline else None
    for count in ("tests", *([counted] if counted else [])):
        suite.set(count, str(int(suite.get(count, "0")) + 1))


def _comparison_text(comparison: Comparison) -> str:
    return "\n".join(
        (
            f"recovery: {compared_recovery(comparison)}",
            f"pods that kept serving: {compared_capacity(comparison)}",
            f"verdict: {compared_verdict(comparison)}",
            f"runs in the baseline: {len(comparison.baseline)}",
        )
    )


def _message(target: JudgedTarget, row: Row) -> str:
    """Return why a row has its result; for a recovery that failed or was slow, what stood in its way comes first."""
    is_about = target.obstacle and row.row in _ROWS_ABOUT_RECOVERY and target.obstacle not in row.why
    return f"{target.obstacle}; {row.why}" if is_about else row.why


def _unreadable_suite(root: Element, unreadable: Unreadable) -> None:
    suite = _empty_suite(root, f"the journal: {unreadable.source}", 1)
    suite.set("errors", "1")
    case = SubElement(suite, "testcase", classname="journal", name="The journal can be read", time="0")
    SubElement(case, "error", type="unreadable", message=unreadable.why).text = unreadable.source


def _error_suite(root: Element, run: Run) -> None:
    suite = _empty_suite(root, f"the run: {run.title}", 1, run.start)
    suite.set("errors", "1")
    case = SubElement(suite, "testcase", classname="run", name="The run has a conclusive result", time="0")
    causes = [t.headline for t in run.targets if t.headline]
    message = "; ".join(dict.fromkeys((*causes, *(run.problems or run.reasons)))) or run.verdict
    SubElement(case, "error", type=run.verdict, message=message).text = run.source


def _empty_suite(root: Element, name: str, tests: int, start: float | None = None) -> Element:
    suite = SubElement(root, "testsuite", name=name, tests=str(tests), failures="0", errors="0", skipped="0")
    started = rfc3339_ms(start)
    if started:
        suite.set("timestamp", started)
    return suite
