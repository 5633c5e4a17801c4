"""A comment on a pull request."""

from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chaosimagecorrupt.report import Journal, render, render_report
from chaosimagecorrupt.report.contents import report_on
from chaosimagecorrupt.report.markdown import LONGEST
from chaosimagecorrupt.report.model import Unreadable
from tests.report.journals import HOSTILE, a_comparison, a_journal, a_row, a_target, hostile_journal


def tokens(*journals: Journal) -> list[Token]:
    found = MarkdownIt("gfm-like", {"linkify": False}).parse(render(journals, "markdown"))
    return [t for token in found for t in (token, *(token.children or []))]


def tables(*journals: Journal) -> list[list[list[str]]]:
    found: list[list[list[str]]] = []
    for token in tokens(*journals):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and token.level >= 4 and found and token.map:
            found[-1][-1].append("".join(c.content for c in token.children or []))
    return found


def headings(*journals: Journal) -> list[str]:
    found = tokens(*journals)
    return [found[i + 1].content for i, token in enumerate(found) if token.type == "heading_open"]


def test_one_target_begins_with_its_verdict() -> None:
    assert headings(a_journal())[0] == "🟠 Degraded: web-shop"


def test_the_rubric_is_a_table_with_what_broke_first() -> None:
    rubric = tables(a_journal())[0]
    assert [row[0] for row in rubric[1:]] == ["❌ violation", "⚪ not observed", "✅ pass", "✅ pass"]
    assert rubric[1][2] == "Why it is violation"
    assert rubric[1][3].endswith("Pod web-1: app waits: ErrImagePull")


def test_a_violation_has_its_advice_beside_it() -> None:
    violated = a_row("serving", "violation", "Collateral", advice=f"Set maxUnavailable to 0. {HOSTILE}")
    cell = tables(a_journal(a_target(rubric=[violated, a_row()])))[0][1][2]
    assert cell.startswith("Why it is violation") and "Advice: Set maxUnavailable to 0. <script>" in cell


def test_the_cause_comes_first() -> None:
    journal = a_journal(a_target("quota", verdict="Failed", reasons=["not recovered within 180 s"]))
    lines = render([journal], "markdown").splitlines()
    assert lines[0] == "## 🔴 Failed: web-shop"
    assert next(filter(None, lines[1:])).startswith("**ReplicaFailure: pods ")
    assert "- not recovered within 180 s" in lines


def test_what_was_changed_is_a_table() -> None:
    assert tables(a_journal())[1][1:] == [
        ["image of app", "localhost/app:v1", "registry.invalid/nonexistent:chaos"],
        ["progressDeadlineSeconds", "600 s", "60 s"],
    ]


def test_several_journals_begin_with_counts_and_a_table_the_worst_first() -> None:
    one = a_journal(a_target(component="kserve", serving={"replicas": 2, "fewest": 0}))
    other = a_journal(a_target("reverted-by-operator", component="istiod", verdict="Resilient", recovery=healed()))
    nothing = "the operator said nothing"
    assert headings(one, other)[0] == "Image corruption: 1 Degraded, 1 Resilient"
    assert tables(one, other)[0][1:] == [
        ["🟠 Degraded", "kserve", nothing, "0.2 s", "0 of 2", "the experiment", "What happens?", "high"],
        ["🟢 Resilient", "istiod", "—", "0.2 s", "2 of 2", "my-operator", "What happens?", "high"],
    ]


def test_several_targets_of_one_component_are_told_apart_by_their_deployments() -> None:
    journal = a_journal(a_target(), a_target(deployment="api"), recovery={"targets": 2, "worst": 30.25, "median": 20.5})
    assert [row[1] for row in tables(journal)[0][1:]] == ["shop/api", "shop/web"]
    sentence = "2 Deployments recovered, the slowest in 30.2 s, half within 20.5 s."
    assert sentence in render([journal], "markdown")
    assert sentence.replace("half", "half of them") in render([journal], "html")


def test_several_clusters_are_named() -> None:
    journals = [a_journal(a_target(cluster=f"https://{name}:6443")) for name in ("here", "there")]
    assert [row[1] for row in tables(*journals)[0][1:]] == [
        "web-shop on https://here:6443",
        "web-shop on https://there:6443",
    ]


def test_a_file_that_cannot_be_read_is_a_row() -> None:
    report = replace(report_on([a_journal()]), unreadable=(Unreadable("odd.json", "odd.json has no verdict"),))
    lines = render_report(report, "markdown").splitlines()
    assert lines[0] == "## Image corruption: 1 Degraded, 1 not readable"
    assert "| 🚫 not readable | — | odd.json has no verdict | — | — | — | odd.json | — |" in lines


def test_a_group_among_others_has_a_heading_with_its_counts() -> None:
    group = a_journal(a_target(), a_target(deployment="api", verdict="Resilient"), title="The group")
    assert "The group: 1 Degraded, 1 Resilient" in headings(group, a_journal())


def test_a_comparison_has_each_figure_with_its_change() -> None:
    lines = render_report(a_comparison(3.0, 4.0), "markdown").splitlines()
    assert lines[0] == "## Image corruption: 1 Degraded, 1 regression"
    row = next(line for line in lines if line.startswith("| ❌ regression"))
    figures = r"9.0 s \(\+5.0 s\) | 100 % \(\+0 points\) | Degraded | 2 |"
    assert f"| web-shop | {figures} recovered in 9.0 s; the slowest of the baseline took 4.0 s |" in row


def healed() -> dict[str, Any]:
    return {"seconds": 0.2, "restored_at": None, "healed_by": {"manager": "my-operator", "at": None}}


@pytest.mark.parametrize("several", [False, True])
def test_hostile_texts_mean_nothing(several: bool) -> None:
    journals = [hostile_journal()] * (2 if several else 1)
    found = tokens(*journals)
    meant = {t.type for t in found} & {"link_open", "em_open", "image", "html_inline", "softbreak", "s_open"}
    assert not meant
    html = [t.content for t in found if t.type == "html_block"]
    assert len(html) == (4 if several else 0)
    assert not any("<script" in text for text in html)


def test_hostile_texts_leave_the_tables_whole() -> None:
    rubric, changed = tables(hostile_journal())
    assert {len(row) for row in rubric} == {4}
    assert {len(row) for row in changed} == {3}
    assert rubric[1][2].startswith("<script>alert(1)</script>|](javascript:alert(1)) `x` *b* @")


def test_nobody_is_mentioned() -> None:
    assert "@org" in HOSTILE
    outside_code = "".join(t.content for t in tokens(hostile_journal()) if t.type == "text")
    assert "@org" not in outside_code
    assert "@\u2060org" in outside_code


@pytest.mark.parametrize("start", ["- item", "1. item", "= rule", "--- rule", "# title", "> quote"])
def test_a_text_starts_nothing(start: str) -> None:
    found = tokens(a_journal(a_target(None, reasons=["why", start]), title=start))
    assert sum(t.type in ("list_item_open", "hr", "blockquote_open") for t in found) == 1
    assert sum(t.type == "heading_open" for t in found) == 1


def test_it_fits_into_a_comment_and_says_what_is_left_out() -> None:
    rows = [a_row(str(i), why="x" * 1000) for i in range(40)]
    text = render([a_journal(a_target(None, rubric=rows))] * 3, "markdown")
    assert len(text) <= LONGEST
    assert text.rstrip().endswith("2 more did not fit into a comment; the HTML report has them._")
