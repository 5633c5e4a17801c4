"""The page in a real browser: it asks for nothing, complains of nothing, and is drawn in light, dark and on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chaosimagecorrupt.report import render
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
