"""What the site has beyond Markdown: files of the repository that pages link to, and Mermaid's diagrams as pictures."""

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path

import mmdr
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

__all__ = ["on_files", "on_page_markdown"]

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
# where the pages of the site are that show what is outside of docs/
SOURCE = "source/"

# the path of a relative link or picture, without its anchor
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|/)[^)#\s]+")
_MERMAID = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add a page for each file or folder outside of docs/ that a page links to.

    Args:
        files: those of docs/.
        config: the site's.
    """
    todo = [DOCS / file.src_uri for file in files.documentation_pages()]
    for path in todo:
        for linked in _linked(path):
            if DOCS not in linked.parents and files.get_file_from_path(_uri(linked)) is None:
                page = File.generated(config, _uri(linked), content=_text(linked), inclusion=InclusionLevel.NOT_IN_NAV)
                files.append(page)
                todo.append(linked)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a page whose links lead to pages of the site, and whose diagrams are pictures.

    Args:
        markdown: its text.
        page: the page.
        config: the site's.
        files: all files of the site.
    """
    uri = page.file.src_uri
    path = ROOT / uri.removeprefix(SOURCE) if uri.startswith(SOURCE) else DOCS / uri
    drawn = _MERMAID.sub(lambda diagram: _picture(diagram[1]), markdown)
    return _LINK.sub(lambda link: _relative(link[0], path.parent, uri), drawn)


def _linked(path: Path) -> Iterator[Path]:
    """Yield what a page links to, if it is in the repository."""
    folder = path if path.is_dir() else path.parent
    for link in _LINK.findall(_text(path)):
        linked = (folder / link).resolve()
        if linked.exists() and ROOT in linked.parents:
            yield linked


def _relative(link: str, folder: Path, uri: str) -> str:
    """Return where a link leads on the site, from the page of this uri; a broken one stays, for MkDocs to find."""
    linked = (folder / link).resolve()
    return os.path.relpath(_uri(linked), Path(uri).parent) if linked.exists() and ROOT in linked.parents else link


def _uri(path: Path) -> str:
    """Return what MkDocs calls the page of a file or folder."""
    if DOCS in path.parents:
        return str(path.relative_to(DOCS))
    within = f"{SOURCE}{path.relative_to(ROOT)}"
    if path.is_dir():
        return f"{within}/index.md"
    return within if path.suffix == ".md" else f"{within}.md"


def _text(path: Path) -> str:
    """Return the Markdown that shows a file or folder."""
    name = path.relative_to(ROOT)
    if path.is_dir():
        entries = sorted(entry.name for entry in path.iterdir() if entry.is_file())
        return "\n".join([f"# {name}\n", *(f"- [{entry}]({entry})" for entry in entries)])
    if path.suffix == ".md":
        return path.read_text()
    return f"# {name}\n\n````{path.suffix[1:]}\n{path.read_text()}\n````\n"


def _picture(diagram: str) -> str:
    """Return a diagram as a picture; the text of the page says the same."""
    encoded = base64.b64encode(mmdr.render(diagram).svg().encode()).decode()
    return f"![A diagram of what the text below says](data:image/svg+xml;base64,{encoded})"
