"""The page in a real browser: it asks for nothing, complains of nothing, and is drawn in light, dark and on paper."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from chaosimagecorrupt.report import read_journal, render
from tests.corpus import FOLDER
from tests.report.browser import CHROMIUM, Page, opened
from tests.report.journals import a_journal, a_target, hostile_journal

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with opened(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render([a_journal(), a_journal(a_target("deadline")), hostile_journal()], "html"), "utf-8")
    return path


@pytest.fixture
def path(browser: Page, report: Path) -> Path:
    browser.requests.clear()
    browser.look()
    browser.open(report)
    return report


def test_nothing_is_asked_for_and_nothing_is_complained_of(browser: Page, path: Path) -> None:
    browser.screenshot()
    assert browser.requests == [path.as_uri()]
    assert browser.complaints == []


@pytest.mark.parametrize("look", [{"scheme": "light"}, {"scheme": "dark"}, {"media": "print", "scheme": "dark"}])
def test_it_is_drawn_dark_on_light_or_light_on_dark(browser: Page, path: Path, look: dict[str, str]) -> None:
    browser.look(scheme=look.get("scheme", "light"), media=look.get("media", "screen"))
    assert browser.screenshot().startswith(b"\x89PNG")
    style = "getComputedStyle(document.querySelector('{}')).{}"
    paper, ink = (browser.evaluate(style.format("body", f)) for f in ("backgroundColor", "color"))
    drawn = browser.evaluate(style.format("svg[role=img] text", "fill"))
    light = {"rgb(255, 255, 255)": True, "rgb(21, 23, 27)": False}[paper]
    assert light == (look != {"scheme": "dark"})
    assert light == (ink in ("rgb(26, 28, 32)", "rgb(0, 0, 0)"))
    assert drawn == ink


@pytest.mark.parametrize("width", [320, 390, 1000])
def test_the_page_is_never_wider_than_the_screen(browser: Page, path: Path, width: int) -> None:
    browser.look(width=width)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_folded_is_not_printed(browser: Page, path: Path) -> None:
    height = "document.querySelector('details').offsetHeight"
    browser.look(media="print")
    assert browser.evaluate(height) == 0
    browser.evaluate("document.querySelector('details').open = true")
    assert browser.evaluate(height) > 150


def test_a_screen_reader_hears_what_the_chart_shows(browser: Page, path: Path) -> None:
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    charts = [n for n in nodes if n["role"]["value"] in ("image", "img", "graphics-document")]
    assert charts[0]["name"]["value"] == "Deployment shop/web over time"
    assert "pull failed at +0.8 s" in charts[0]["description"]["value"]


# Words that the page breaks: their letters are on more than one line. What is longer than 28 letters may be broken.
_BROKEN_WORDS = r"""
(() => {
  const broken = [], texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode()); ) {
    if (node.parentElement.closest("svg, details:not([open]) > :not(summary)")) continue;
    if (node.parentElement.closest("thead")?.offsetWidth <= 1) continue;  // only for screen readers
    for (const word of node.data.matchAll(/[\p{L}\p{N}]{2,28}/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) broken.push(word[0]);
    }
  }
  return broken;
})()
"""
# Verdicts in tables that are not wholly between the edges of the screen
_HIDDEN_VERDICTS = """
[...document.querySelectorAll("table .verdict")].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width === 0 || box.left < 0 || box.right > document.documentElement.clientWidth;
}).length
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five journals of runs, with as many activities as an experiment has."""
    ran = a_journal(a_target(None)).content["run"]
    names = ("run-resilient", "run-recreate", "run-quota", "run-no-proof", "run-operator-silent")
    journals = [read_journal(FOLDER / f"{name}.json") for name in names]
    path = tmp_path_factory.mktemp("suite") / "report.html"
    path.write_text(render([replace(j, content={**j.content, "run": ran * 6}) for j in journals], "html"), "utf-8")
    return path


@pytest.fixture
def read_suite(browser: Page, suite: Path) -> Path:
    browser.look()
    browser.open(suite)
    return suite


@pytest.mark.parametrize(("width", "media"), [(1000, "screen"), (390, "screen"), (703, "print")])
def test_no_word_is_broken(browser: Page, read_suite: Path, width: int, media: str) -> None:
    browser.look(width=width, media=media)
    assert browser.evaluate(_BROKEN_WORDS) == []


@pytest.mark.parametrize("width", [320, 390, 800, 1000])
def test_no_table_hides_a_verdict(browser: Page, read_suite: Path, width: int) -> None:
    browser.look(width=width)
    assert browser.evaluate("document.querySelectorAll('table .verdict').length") == 5
    assert browser.evaluate(_HIDDEN_VERDICTS) == 0


def test_five_journals_are_ten_pages_at_most(browser: Page, read_suite: Path) -> None:
    browser.look(media="print")
    printed = browser.pdf(width=8.27, height=11.69)
    pages = [int(number) for number in re.findall(rb"/Type\s*/Pages\b.*?/Count (\d+)", printed, re.DOTALL)]
    assert 5 <= max(pages) <= 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1000])
def test_axe_finds_no_violation(browser: Page, read_suite: Path, width: int, scheme: str) -> None:
    browser.look(width=width, scheme=scheme)
    # AXE_CORE: the path of another version's axe.min.js (npm i axe-core)
    script = os.environ.get("AXE_CORE") or files("axe_core_python") / "axe.min.js"
    browser.evaluate(Path(str(script)).read_text())
    assert browser.evaluate("axe.run().then(found => found.violations.map(v => v.id))") == []
