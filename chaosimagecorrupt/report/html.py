"""The report for people: one self-contained HTML page."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .chart import draw
from .contents import Report
from .formatting import (
    changed_fields,
    key_figures,
    offset,
    rfc3339,
    seconds,
    serving_pods,
    since_corruption,
    utc_time,
)
from .model import Target
from .summary import summary, summary_of

__all__ = ["as_html"]


def as_html(report: Report) -> str:
    """Render as HTML.

    Args:
        report: what to render.

    Returns:
        The page: its style and charts are inline, it has no script and makes no request.
    """
    environment = Environment(
        loader=PackageLoader("chaosimagecorrupt.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        breakable=_breakable,
        offset=offset,
        rfc3339=rfc3339,
        seconds=seconds,
        serving_pods=serving_pods,
        utc_time=utc_time,
    )
    return environment.get_template("report.html").render(
        report=report,
        runs=report.runs,
        summary=summary(report.runs),
        summary_of=summary_of,
        counts_of=lambda run: Report((run,)).counts,
        changed_fields=changed_fields,
        key_figures=key_figures,
        chart=_chart,
        since_corruption=since_corruption,
    )


def _chart(target: Target, number: str) -> Markup:
    """Draw a target's chart; the XML serializer has escaped its texts."""
    if target.chart is None:
        return Markup()
    title = f"Deployment {target.namespace}/{target.deployment} over time"
    return Markup(draw(target.chart, title, target.chart.alt_text, number))


def _breakable(image: str) -> Markup:
    """Allow a line break after each part of an image's name."""
    return Markup("<wbr>").join(re.split("(?<=[/:@])", image))
