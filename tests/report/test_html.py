"""The page is one valid file, with everything in it, and hostile texts are text."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]  # it ships no types
import pytest

from chaosimagecorrupt.errors import Refused, one_line
from chaosimagecorrupt.report import Journal, Report, render, render_report
from chaosimagecorrupt.report.comparison import compare
from chaosimagecorrupt.report.contents import report_on
from chaosimagecorrupt.report.model import Unreadable
from chaosimagecorrupt.report.read import read_run
from tests.report.journals import HOSTILE, a_comparison, a_journal, a_row, a_target, hostile_journal

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def usual() -> Element:
    return page(a_journal())


def page(*journals: Journal) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: Element = parser.parse(render(journals, "html"))
    return found


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def having(root: Element, name: str) -> Iterator[Element]:
    return (e for e in root.iter() if name in (e.get("class") or "").split())


def headings(root: Element) -> list[tuple[str, str]]:
    return [(e.tag, text(e)) for e in root.iter() if e.tag in ("h1", "h2", "h3")]


def test_one_target_begins_with_its_verdict_and_shows_the_rest_below(usual: Element) -> None:
    assert headings(usual) == [
        ("h1", "Degraded the operator said nothing"),
        ("h2", "What happened"),
        ("h2", "The rubric"),
        ("h2", "The target, and what was changed"),
        ("h2", "The run: What happens?"),
    ]


def test_several_journals_begin_with_a_table_the_worst_first() -> None:
    verdicts = ("Resilient", "Failed")
    journals = [
        a_journal(a_target(component=c, verdict=v)) for c, v in zip(("kserve", "istiod"), verdicts, strict=True)
    ]
    root = page(*journals)
    assert headings(root)[:2] == [("h1", "1 Failed, 1 Resilient"), ("h2", "The worst first")]
    rows = [[text(cell) for cell in row] for row in next(root.iter("table")).iter("tr")]
    assert rows[1:] == [
        ["Failed", "istiod the operator said nothing", "0.2 s", "2 of 2", "the experiment", "What happens?", "high"],
        ["Resilient", "kserve", "0.2 s", "2 of 2", "the experiment", "What happens?", "high"],
    ]


def test_a_group_is_one_section_with_a_table_and_the_worst_open() -> None:
    verdicts = ["Resilient"] * 3 + ["Failed"] * 4
    targets = [a_target(None, deployment=f"web-{i}", verdict=v) for i, v in enumerate(verdicts)]
    root = page(a_journal(*targets))
    assert headings(root)[:2] == [("h1", "4 Failed, 3 Resilient"), ("h2", "What happens?: 4 Failed, 3 Resilient")]
    (group,) = having(root, "group")
    rows = [[text(cell) for cell in row] for row in next(group.iter("table")).iter("tr")]
    assert [row[0] for row in rows[1:]] == ["Failed"] * 4 + ["Resilient"] * 3
    members = list(having(group, "member"))
    assert [m.get("open") is not None for m in members] == [True] * 3 + [False] * 4
    assert [text(m[0]) for m in members][:2] == ["shop/web-3: Failed", "shop/web-4: Failed"]


def test_a_file_that_cannot_be_read_is_a_row() -> None:
    report = replace(report_on([a_journal()]), unreadable=(Unreadable("<odd>.json", "<odd>.json has no verdict"),))
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(render_report(report, "html"))
    rows = [[text(cell) for cell in row] for row in next(root.iter("table")).iter("tr")]
    assert rows[-1][:2] == ["not readable", "<odd>.json <odd>.json has no verdict"]
    assert headings(root)[0] == ("h1", "1 Degraded, 1 not readable")


@pytest.mark.parametrize(("baseline", "trends"), [([4.0], 0), ([3.0, 4.0], 1)])
def test_a_comparison_has_each_figure_and_from_three_runs_on_a_trend(baseline: list[float], trends: int) -> None:
    html = render_report(a_comparison(*baseline), "html")
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert headings(root)[:2] == [("h1", "1 Degraded, 1 regression"), ("h2", "Against the worst of the baseline")]
    cells = [text(cell) for cell in next(next(root.iter("tbody")).iter("tr"))]
    why = "web-shop recovered in 9.0 s; the slowest of the baseline took 4.0 s"
    assert cells == ["regression", why, "9.0 s (+5.0 s)", "100 % (+0 points)", "Degraded", str(len(baseline))]
    charts = [text(e[0]) for e in root.iter(f"{SVG}svg") if e.get("role") == "img"]
    assert charts == ["Recovery of web-shop by run"] * trends


def test_every_link_leads_to_a_place_on_the_page_and_no_id_is_given_twice() -> None:
    root = page(a_journal(), a_journal(a_target(), a_target("recreate")), a_journal(targets=[]))
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    links = [e.get("href", "") for e in root.iter("a")]
    assert len(links) == 6
    referred = [i for e in root.iter() for k in ("aria-labelledby", "aria-describedby") for i in e.get(k, "").split()]
    assert {link[1:] for link in links} | set(referred) <= set(ids)


def test_the_chart_has_a_name_a_description_and_a_table(usual: Element) -> None:
    chart = next(e for e in usual.iter(f"{SVG}svg") if e.get("role") == "img")
    assert text(chart[0]) == "Deployment shop/web over time"
    assert "Serving pods: 0 at first, 0 at the lowest, 2 at the end." in text(chart[1])
    changes = [[text(cell) for cell in row] for row in next(usual.iter("details")).iter("tr")]
    assert ["+0.0 s", "The image is corrupted"] in [[row[0], row[2]] for row in changes]


def test_the_chart_names_its_lanes_marks_and_the_time_to_live() -> None:
    chart = next(e for e in page(a_journal(a_target("deadline"))).iter(f"{SVG}svg") if e.get("role") == "img")
    drawn = {text(e) for e in chart.iter(f"{SVG}text")}
    lanes = {"Serving pods", "Updated pods", "Failing pods", "Pull attempts: 3"}
    assert lanes | {"Available", "Progressing", "False · ProgressDeadlineExceeded"} <= drawn
    marks = {"corrupted", "pull failed +0.8 s", "deadline exceeded +10.8 s", "restored +45.1 s", "recovered +45.4 s"}
    assert marks | {"Image corruptedttl ends at +300 s", "→", "seconds since the image was corrupted"} <= drawn


def test_the_cause_comes_before_the_reasons() -> None:
    journal = a_journal(a_target("quota", verdict="Failed", reasons=["not recovered within 180 s of the restore"]))
    header = text(next(having(page(journal), "top")))
    assert header.startswith("web-shop · What happens? Failed ReplicaFailure: pods ")
    assert header.index("exceeded quota: q") < header.index("not recovered within 180 s")


def test_why_the_first_pull_failed_is_there() -> None:
    facts = text(next(having(page(a_journal()), "facts")))
    assert "name does not resolve (lookup registry.invalid on 127.0.0.53:53: no such host)" in facts


def test_lines_differ_in_their_dashes_not_only_in_their_colour(usual: Element) -> None:
    chart = next(e for e in usual.iter(f"{SVG}svg") if e.get("role") == "img")
    lines = {
        (e.get("stroke"), e.get("stroke-dasharray")) for e in chart.iter(f"{SVG}path") if e.get("stroke-width") == "2.5"
    }
    assert len(lines) == len({dash for _, dash in lines}) == 3


def test_the_rubric_has_its_results_reasons_and_evidence_by_section(usual: Element) -> None:
    rubric = next(having(usual, "rubric"))
    assert [text(e) for e in having(rubric, "section")] == ["Expected", "Violations", "Recovery"]
    assert [text(e) for e in having(rubric, "result")] == ["✓ pass", "— not observed", "✗ violation", "✓ pass"]
    assert "Why it is violation" in text(rubric)
    assert "Pod web-1 app waits: ErrImagePull" in text(rubric)


def test_a_violation_has_its_advice_beside_it() -> None:
    violated = a_row("serving", "violation", "Collateral", advice="Set maxUnavailable to 0. <b>")
    rubric = next(having(page(a_journal(a_target(rubric=[violated]))), "rubric"))
    assert "Why it is violationAdvice: Set maxUnavailable to 0. <b>" in text(rubric)


def test_what_was_changed_and_the_activities_are_there(usual: Element) -> None:
    assert "registry.invalid/nonexistent:chaos" in text(usual)
    activities = next(having(usual, "activities"))
    assert [text(e) for e in having(activities, "section")] == ["steady state before", "method", "rollbacks"]
    assert "Refused: no" in text(activities)


@pytest.mark.parametrize("changes", [{"targets": []}, {"problems": ["the fault was not injected"], "targets": []}])
def test_a_run_without_a_target_says_why(changes: dict[str, Any]) -> None:
    root = page(a_journal(a_target(verdict="Inconclusive"), **changes))
    cause = (changes.get("problems") or ["the operator said nothing"])[0]
    assert headings(root)[0] == ("h1", f"Inconclusive What happens? {cause}")


def test_nothing_is_loaded_and_nothing_is_run(usual: Element) -> None:
    assert not [e for e in usual.iter() if e.tag in ("script", "img", "iframe", "object", "embed")]
    assert [e.get("href") for e in usual.iter("link")] == ["data:,"]
    style = text(next(usual.iter("style")))
    assert "url(" not in style
    assert "@import" not in style


def test_hostile_texts_are_text(usual: Element) -> None:
    hostile = page(hostile_journal())
    assert {str(e.tag) for e in hostile.iter()} <= {str(e.tag) for e in usual.iter()} | {f"{SVG}tspan"}
    assert not [k for e in hostile.iter() for k in e.attrib if k.startswith("on")]
    assert text(hostile).count("<script>alert(1)</script>") > 30


def test_hostile_texts_of_a_baseline_are_text() -> None:
    runs = [read_run(hostile_journal())] * 3
    report = Report((runs[0],), (Unreadable(one_line(HOSTILE), one_line(HOSTILE)),), compare(runs[:1], runs[1:]))
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(render_report(report, "html"))
    assert not [e for e in root.iter() if e.tag in ("script", "img") or any(k.startswith("on") for k in e.attrib)]
    assert {e.get("href", "")[:1] for e in root.iter("a")} == {"#"}


def test_control_characters_are_shown_not_written() -> None:
    written = render([hostile_journal()], "html")
    assert "\\x1b[31m\\x00\\ud800\\u202e\\ufffe" in written
    assert not {c for c in HOSTILE if c in written and not c.isprintable()} - {"\n"}
    written.encode()


def test_many_rows_of_evidence_are_all_there() -> None:
    evidence = [{"object": f"Pod web-{i}", "what": "waits", "at": None} for i in range(40)]
    shown = text(page(a_journal(a_target(None, rubric=[a_row(evidence=evidence)]))))
    assert all(f"Pod web-{i} waits" in shown for i in range(40))


@pytest.mark.parametrize("package", ["jinja2", "vl_convert"])
def test_without_the_extra_it_says_what_to_install(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for module in ("html", "chart", "trend", "svg"):
        monkeypatch.delitem(sys.modules, f"chaosimagecorrupt.report.{module}", raising=False)
    with pytest.raises(Refused, match=r"pip install 'chaostoolkit-image-corrupt\[report\]'"):
        render([a_journal()], "html")
