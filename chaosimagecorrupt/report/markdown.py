"""The report for a pull request's comment."""

import re
from collections.abc import Sequence
from html import escape

from .formatting import UNKNOWN, changed, key_figures, pods, seconds, since
from .model import RESULTS, Row, Run, SummaryRow, Target, summary

__all__ = ["LONGEST", "as_markdown"]

# GitHub refuses a comment with more than 65536 characters, GitLab allows more
LONGEST = 65000
_SIGNS = {
    "Resilient": "🟢",
    "Degraded": "🟠",
    "Failed": "🔴",
    "Inconclusive": "❔",
    "pass": "✅",
    "violation": "❌",
    "not observed": "⚪",
}
# What can mean something in CommonMark, GitHub's tables, mathematics, links, mentions and HTML
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&]|:(?=\S))")
# What starts a list or a rule
_STARTS = re.compile(r"^(\d*)([-=]|\.(?=\s|$))")
# Somebody is notified by @name, another thread by #1: a word joiner, which is not seen, keeps the sign from its word
_MENTION = re.compile(r"(?<!\w)([@#])(?=\w)")


def as_markdown(runs: list[Run]) -> str:
    """Render as GitHub's Markdown.

    Args:
        runs: what to report on.

    Returns:
        Text of 65,000 characters at the most: what does not fit is left out, from the end, and that is said.
    """
    parts = []
    if len(runs) != 1 or len(runs[0].targets) != 1:
        parts.append(_summary(summary(runs)))
    folded = bool(parts)
    for run in runs:
        parts += [_target(run, target, folded) for target in run.targets]
        if len(run.targets) > 1 and run.recovery.worst is not None:
            parts.append(_recovery(run))
        if run.problems or not run.targets:
            parts.append(_run(run))
    return _fitting(parts)


def _fitting(parts: list[str]) -> str:
    text = ""
    for number, part in enumerate(parts):
        left_out = f"\n_{len(parts) - number} more did not fit into a comment; the HTML report has them._\n"
        if len(text) + len(part) + 1 + len(left_out) > LONGEST:
            return text + left_out
        text += ("\n" if text else "") + part
    return text


def _summary(rows: list[SummaryRow]) -> str:
    table = [
        (
            _text(r.component or UNKNOWN),
            _text(r.experiment),
            _text(r.danger or UNKNOWN),
            _signed(r.verdict),
            seconds(r.seconds),
            pods(r),
            _text(r.healer or UNKNOWN),
        )
        for r in rows
    ]
    head = ("Component", "Experiment", "Danger", "Verdict", "Recovery", "Fewest serving pods", "Put back by")
    return "## Image corruption\n\n" + _table(head, table)


def _recovery(run: Run) -> str:
    worst, median = seconds(run.recovery.worst), seconds(run.recovery.median)
    return (
        f"{_text(run.title)}: {len(run.targets)} Deployments recovered, the slowest in {worst}, half within {median}.\n"
    )


def _run(run: Run) -> str:
    lines = [f"### {_signed(run.verdict)}: {_text(run.title)}", ""]
    lines += [f"- {_text(line)}" for line in run.problems or run.reasons]
    return "\n".join(lines) + "\n"


def _target(run: Run, target: Target, folded: bool) -> str:
    lines = [f"- {_text(reason)}" for reason in target.reasons]
    figures = " · ".join(f"{name}: **{_text(value)}**" for name, value in key_figures(target))
    rows = [(_code(a), _code(b), _code(c)) for a, b, c in changed(target)]
    body = [_text(run.title), "", *lines, "", figures, "", _rubric(target), _table(("Changed", "From", "To"), rows)]
    text = "\n".join(body)
    if folded:
        # no Markdown within a line of HTML, so it is escaped as HTML
        title = escape(f"{_signed(target.verdict)}: {_unlinked(target.called)}")
        return f"<details><summary>{title}</summary>\n\n{text}\n</details>\n"
    return f"## {_signed(target.verdict)}: {_text(target.called)}\n\n{text}"


def _rubric(target: Target) -> str:
    """The rubric as a table, what broke first."""
    rows = sorted(target.rubric, key=lambda r: RESULTS.index(r.result))
    head = ("", "Row of the rubric", "Why", "Evidence")
    return _table(head, [(_SIGNS[r.result] + " " + r.result, _text(r.title), _why(r), _seen(r, target)) for r in rows])


def _why(row: Row) -> str:
    return _text(row.why) + (f"<br>**Advice:** {_text(row.advice)}" if row.advice else "")


def _seen(row: Row, target: Target) -> str:
    seen = [f"{since(target, e)} {_text(e.object)}: {_text(e.what)}".strip() for e in row.evidence]
    more = f" (and {len(seen) - 2} more)" if len(seen) > 2 else ""
    return "; ".join(seen[:2]) + more


def _signed(verdict: str) -> str:
    return f"{_SIGNS[verdict]} {verdict}"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def _text(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", _unlinked(text))
    return _STARTS.sub(r"\1\\\2", escaped)


def _unlinked(text: str) -> str:
    return _MENTION.sub("\\1\u2060", text)


def _code(text: str) -> str:
    """A code span: its fence is longer than any row of backticks within."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{text.replace('|', chr(92) + '|')}{pad}{fence}" if text else UNKNOWN
