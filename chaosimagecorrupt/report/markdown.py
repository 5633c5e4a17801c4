"""The report as Markdown, for a comment on a pull request."""

import re
from collections.abc import Sequence
from html import escape

from ..errors import one_line
from ..verdict import Result, Row, Verdict
from .comparison import Comparison
from .contents import Report
from .formatting import (
    UNKNOWN,
    changed_fields,
    compared_capacity,
    compared_recovery,
    compared_result,
    compared_verdict,
    key_figures,
    seconds,
    serving_pods,
    since_corruption,
)
from .model import JudgedTarget, Run, kinds_word
from .summary import summary

__all__ = ["LONGEST", "as_markdown"]

# characters; GitHub refuses a comment with more than 65536, GitLab allows more
LONGEST = 65000
# characters of a cause in the table; the section below it has the whole
_LONGEST_CELL = 160
_ICONS = {
    Verdict.RESILIENT: "🟢",
    Verdict.DEGRADED: "🟠",
    Verdict.FAILED: "🔴",
    Verdict.INCONCLUSIVE: "❔",
    Result.PASS: "✅",
    Result.VIOLATION: "❌",
    Result.NOT_OBSERVED: "⚪",
}
_REGRESSION_ICONS = {True: "❌", False: "✅"}
# Characters with a meaning in CommonMark, GitHub's tables, mathematics, links and HTML
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&]|:(?=\S))")
# The start of a list or of a horizontal rule
_STARTS = re.compile(r"^(\d*)([-=]|\.(?=\s|$))")
# GitHub links @name and #1 and notifies people; an invisible word joiner (U+2060) after the sign prevents that
_MENTION = re.compile(r"(?<!\w)([@#])(?=\w)")


def as_markdown(report: Report) -> str:
    """Render as GitHub's Markdown.

    Args:
        report: what to render.

    Returns:
        Text of at most 65,000 characters. Parts at the end that do not fit are omitted; the last line counts them.
    """
    parts = [_summary(report)] if report.has_table else []
    parts += [_comparisons(report.comparisons)] if report.comparisons else []
    for run in report.runs:
        if len(run.targets) > 1:
            parts.append(_group(run, alone=len(report.runs) == 1))
        parts += [_target_section(run, target, report.has_table) for target in run.targets]
        if run.problems or not run.targets:
            parts.append(_run_section(run))
    return _truncate(parts)


def _truncate(parts: list[str]) -> str:
    text = ""
    for number, part in enumerate(parts):
        omitted = f"\n_{len(parts) - number} more did not fit into a comment; the HTML report has them._\n"
        if len(text) + len(part) + 1 + len(omitted) > LONGEST:
            return text + omitted
        text += ("\n" if text else "") + part
    return text


def _summary(report: Report) -> str:
    rows = [
        (
            _with_icon(r.verdict),
            _text(r.component or UNKNOWN),
            _text(one_line(r.headline, _LONGEST_CELL)) or UNKNOWN,
            seconds(r.seconds),
            serving_pods(r),
            _text(r.healer or UNKNOWN),
            _text(r.experiment),
            _text(r.danger or UNKNOWN),
        )
        for r in summary(report.runs)
    ]
    rows += [
        ("🚫 not readable", UNKNOWN, _text(u.why), UNKNOWN, UNKNOWN, UNKNOWN, _text(u.source), UNKNOWN)
        for u in report.unreadable
    ]
    head = ("Verdict", "Component", "Why", "Recovery", "Fewest serving pods", "Restored by", "Experiment", "Danger")
    return f"## Image corruption: {report.counts}\n\n" + _table(head, rows)


def _comparisons(comparisons: Sequence[Comparison]) -> str:
    head = ("Result", "Component", "Recovery", "Pods that kept serving", "Verdict", "Runs in the baseline", "Why")
    rows = [
        (
            _REGRESSION_ICONS[bool(c.regressions)] + " " + compared_result(c),
            _text(c.name),
            _text(compared_recovery(c)),
            _text(compared_capacity(c)),
            _text(compared_verdict(c)),
            str(len(c.baseline)),
            _text("; ".join(c.regressions)) or UNKNOWN,
        )
        for c in comparisons
    ]
    return "### Against the worst of the baseline\n\n" + _table(head, rows)


def _group(run: Run, *, alone: bool) -> str:
    """Return the heading of a group, with its recovery; the table is above when the report has no other run."""
    lines = [] if alone else [f"### {_text(run.title)}: {Report((run,)).counts}", ""]
    if run.recovery.worst is not None:
        worst, median = seconds(run.recovery.worst), seconds(run.recovery.median)
        found = f"{len(run.targets)} {kinds_word(run.targets)} recovered, the slowest in {worst}, half within {median}."
        lines += [f"{_text(run.title)}: {found}"]
    return "\n".join(lines) + "\n"


def _run_section(run: Run) -> str:
    found = run.problems or run.reasons
    lines = [f"### {_with_icon(run.verdict)}: {_text(run.title)}", *_cause(run), ""]
    lines += [f"- {_text(line)}" for line in found if line != run.headline]
    return "\n".join(lines) + "\n"


def _target_section(run: Run, target: JudgedTarget, folded: bool) -> str:
    lines = [f"- {_text(reason)}" for reason in target.details]
    figures = " · ".join(f"{name}: **{_text(value)}**" for name, value in key_figures(target))
    rows = [(_code(a), _code(b), _code(c)) for a, b, c in changed_fields(target)]
    pull = [f"First failed pull: {_text(target.pull_error)}", ""] if target.pull_error else []
    changed = _table(("Changed", "From", "To"), rows)
    body = [*_cause(target), _text(run.title), "", *lines, "", figures, "", *pull, _rubric(target), changed]
    text = "\n".join(body).lstrip()
    if folded:
        # GitHub reads no Markdown within a line of HTML, so the title is escaped as HTML
        title = escape(f"{_with_icon(target.verdict)}: {_without_mentions(target.display_name)}")
        title += f": {escape(_without_mentions(target.headline))}" if target.headline else ""
        return f"<details><summary>{title}</summary>\n\n{text}\n</details>\n"
    return f"## {_with_icon(target.verdict)}: {_text(target.display_name)}\n\n{text}"


def _cause(found: JudgedTarget | Run) -> list[str]:
    return ["", f"**{_text(found.headline)}**", ""] if found.headline else []


def _rubric(target: JudgedTarget) -> str:
    """Return the rubric as a table, the worst results first."""
    order = list(Result)
    rows = sorted(target.rubric, key=lambda r: order.index(r.result))
    head = ("", "Row of the rubric", "Why", "Evidence")
    return _table(
        head, [(_ICONS[r.result] + " " + r.result, _text(r.title), _why(r), _evidence(r, target)) for r in rows]
    )


def _why(row: Row) -> str:
    return _text(row.why) + (f"<br>**Advice:** {_text(row.advice)}" if row.advice else "")


def _evidence(row: Row, target: JudgedTarget) -> str:
    found = [f"{since_corruption(target, e)} {_text(e.object)}: {_text(e.what)}".strip() for e in row.evidence]
    more = f" (and {len(found) - 2} more)" if len(found) > 2 else ""
    return "; ".join(found[:2]) + more


def _with_icon(verdict: Verdict) -> str:
    return f"{_ICONS[verdict]} {verdict}"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def _text(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", _without_mentions(text))
    return _STARTS.sub(r"\1\\\2", escaped)


def _without_mentions(text: str) -> str:
    return _MENTION.sub("\\1\u2060", text)


def _code(text: str) -> str:
    """Return a code span; its fence is longer than any run of backticks within."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{text.replace('|', chr(92) + '|')}{pad}{fence}" if text else UNKNOWN
