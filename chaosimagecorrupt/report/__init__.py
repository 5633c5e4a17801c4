"""Reports: what a journal tells, as HTML, Markdown, JUnit and JSON.

Here belongs what reads a journal and what writes a page; it needs no cluster.
Not here: what is concluded from a run (`verdict`).
"""

from collections.abc import Sequence

from ..errors import Refused
from .as_json import as_json
from .journal import Journal, read_journal
from .junit import as_junit
from .markdown import as_markdown
from .read import read_run

__all__ = ["FORMATS", "Journal", "read_journal", "render"]

FORMATS = ("html", "markdown", "junit", "json")


def render(journals: Sequence[Journal], format: str) -> str:
    """Render a report.

    Args:
        journals: what to report on, one or many, in the order of the report.
        format: html, markdown, junit or json.

    Returns:
        The report: one HTML page that needs nothing else, or text that ends with a newline.

    Raises:
        Refused: when a journal is damaged, or the packages of the extra `report`, which HTML needs, are missing.
        ValueError: when there is no such format.
    """
    runs = [read_run(journal) for journal in journals]
    if format == "html":
        try:
            from .html import as_html
        except ImportError as x:
            raise Refused(
                f"the HTML report needs more packages ({x}): pip install 'chaostoolkit-image-corrupt[report]'"
            ) from x
        return as_html(runs)
    renderers = {"markdown": as_markdown, "junit": as_junit, "json": as_json}
    if format not in renderers:
        raise ValueError(f"{format!r} is not one of {', '.join(FORMATS)}")
    return renderers[format](runs)
