"""Reports: a journal as HTML, Markdown, JUnit and JSON.

This package reads journals and writes reports; it needs no cluster.
Not here: the verdict on a run (`verdict`).
"""

from collections.abc import Sequence

from ..errors import Refused
from .as_json import as_json
from .contents import Report, read_report, report_on
from .journal import Journal, read_journal
from .junit import as_junit
from .markdown import as_markdown

__all__ = ["FORMATS", "Journal", "Report", "read_journal", "read_report", "render", "render_report"]

FORMATS = ("html", "markdown", "junit", "json")


def render(journals: Sequence[Journal], format: str) -> str:
    """Render a report on journals.

    Args:
        journals: at least one.
        format: html, markdown, junit or json.

    Returns:
        As `render_report`.

    Raises:
        Refused: when a journal is damaged, or HTML is wanted and the packages of the extra `report` are missing.
        ValueError: when the format is unknown.
    """
    return render_report(report_on(journals), format)


def render_report(report: Report, format: str) -> str:
    """Render a report.

    Args:
        report: from `read_report`.
        format: html, markdown, junit or json.

    Returns:
        The report: one self-contained HTML page, or text that ends with a newline.

    Raises:
        Refused: when HTML is wanted and the packages of the extra `report` are missing.
        ValueError: when the format is unknown.
    """
    if format == "html":
        try:
            from .html import as_html
        except ImportError as x:
            raise Refused(
                f"the HTML report needs more packages ({x}): pip install 'chaostoolkit-image-corrupt[report]'"
            ) from x
        return as_html(report)
    renderers = {"markdown": as_markdown, "junit": as_junit, "json": as_json}
    if format not in renderers:
        raise ValueError(f"{format!r} is not one of {', '.join(FORMATS)}")
    return renderers[format](report)
