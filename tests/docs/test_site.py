"""The site: it is built without a warning, shows each page as GitHub does, and loads nothing from elsewhere."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from inspect import getdoc, signature
from pathlib import Path
from types import ModuleType
from typing import Any

import html5lib  # type: ignore[import-untyped]  # it ships no types
import pytest
from click import Context
from markdown_it import MarkdownIt

from chaosimagecorrupt import actions, probes, rollbacks
from chaosimagecorrupt.cli import image_corrupt

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS) for path in DOCS.rglob("*.md"))
# what the reference has is made when the site is built
WRITTEN = [page for page in PAGES if page.parent.name != "reference"]

# tags that tell how a page is divided
STRUCTURE = {"h1", "h2", "h3", "h4", "li", "table", "tr", "pre", "blockquote"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def elements(page: Path) -> Iterator[Any]:
    yield from html5lib.parse(page.read_text(), namespaceHTMLElements=False).iter()


def article(page: Path) -> Any:
    return next(element for element in elements(page) if element.tag == "article")


def on_github(page: Path) -> Counter[str]:
    """How often each tag is on a page as CommonMark has it; a diagram is a picture there, too."""
    text = re.sub(r"^```mermaid\n.*?^```$", "", page.read_text(), flags=re.M | re.S)
    html = MarkdownIt("commonmark").enable("table").render(text)
    return Counter(tag for tag in re.findall(r"<(\w+)", html) if tag in STRUCTURE)


@pytest.mark.parametrize("page", WRITTEN, ids=str)
def test_a_page_is_divided_as_on_github(page: Path, site: Path) -> None:
    """Where a list or a block needs an empty line before it, Markdown's dialects differ."""
    shown = Counter(e.tag for e in article(site / page.with_suffix(".html")).iter() if e.tag in STRUCTURE)
    assert shown == on_github(DOCS / page)


def test_the_reference_of_the_command_line_has_every_subcommand(site: Path) -> None:
    text = "".join(article(site / "reference" / "command-line.html").itertext())
    commands = image_corrupt.list_commands(Context(image_corrupt))
    assert [name for name in commands if f"chaos image-corrupt {name}" not in text] == []


@pytest.mark.parametrize("module", [actions, rollbacks, probes], ids=lambda module: module.__name__)
def test_the_reference_of_an_activity_has_all_that_its_docstring_says(module: ModuleType, site: Path) -> None:
    page = article(site / "reference" / f"{module.__name__.rpartition('.')[2]}.html")
    shown = words(" ".join(page.itertext()))
    arguments = Counter(name for activity in module.__all__ for name in signature(getattr(module, activity)).parameters)
    cells = Counter(words(" ".join(cell.itertext())) for cell in page.iter("td"))
    assert {name for name, often in arguments.items() if cells[words(name)] < often} == set()
    for activity in module.__all__:
        docstring = getdoc(getattr(module, activity)) or ""
        missing = [text for text in texts(docstring) if words(text) not in shown]
        assert missing == [], activity


def texts(docstring: str) -> list[str]:
    """What a docstring says: its paragraphs, and the text of each argument, of what is returned, of each error."""
    head, _, sections = docstring.partition("\n\nArgs:\n")
    arguments, _, rest = sections.partition("\n\nReturns:\n")
    returned, _, raised = rest.partition("\n\nRaises:\n")
    assert arguments and returned and raised
    items = re.split(r"^    \w+: ", f"{arguments}\n{raised}", flags=re.M)
    return [*head.split("\n\n"), *items[1:], returned]


def words(text: str) -> str:
    """A text without what differs between a docstring and a page: marks, white space, and where lines end."""
    return re.sub(r"[\s`*\\]+", "", text)


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = [
        (page.name, element.tag, address)
        for page in site.rglob("*.html")
        for element in elements(page)
        if element.tag != "a" and (address := element.get("src") or element.get("href"))
    ]
    assert loaded
    assert [each for each in loaded if re.match(r"(https?:)?//", each[2])] == []
    styles = "".join(sheet.read_text() for sheet in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()[\"' ]*(?:https?:)?//[^)]*", styles) == []
