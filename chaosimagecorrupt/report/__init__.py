"""Reports: a journal as HTML, Markdown, JUnit and JSON.

This package reads journals and writes reports; it needs no cluster.
Not here: the verdict on a run (`verdict`).
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
        journals: at least one, in the order of the report.
        format: html, markdown, junit or json.

    Returns:
        The report: one self-contained HTML page, or text that ends with a newline.

    Raises:
        Refused: when a journal is damaged, or HTML is wanted and the packages of the extra `report` are missing.
        ValueError: when the format is unknown.
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
