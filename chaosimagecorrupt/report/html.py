"""The report for people: one self-contained HTML page."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .chart import draw
from .comparison import Comparison
from .contents import Report
from .formatting import (
    changed_fields,
    compared_capacity,
    compared_recovery,
    compared_result,
    compared_verdict,
    key_figures,
    offset,
    percent,
    rfc3339_ms,
    seconds,
    serving_pods,
    since_corruption,
    utc_time,
)
from .model import JudgedTarget, kinds_word
from .summary import summary, summary_of
from .svg import to_svg
from .trend import has_trend, trend, trend_text, undrawn_count

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
        compared_capacity=compared_capacity,
        compared_recovery=compared_recovery,
        compared_result=compared_result,
        compared_verdict=compared_verdict,
        offset=offset,
        percent=percent,
        rfc3339_ms=rfc3339_ms,
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
        has_trend=has_trend,
        trend=_trend,
        undrawn_count=undrawn_count,
        key_figures=key_figures,
        chart=_chart,
        since_corruption=since_corruption,
        kinds_word=kinds_word,
    )


def _chart(target: JudgedTarget, number: str) -> Markup:
    """Draw a target's chart; the XML serializer has escaped its texts."""
    if target.chart is None:
        return Markup()
    title = f"{target.kind} {target.namespace}/{target.deployment} over time"
    return Markup(draw(target.chart, title, target.chart.alt_text, number))


def _trend(comparison: Comparison, number: int) -> Markup:
    title = f"Recovery of {comparison.name} by run"
    return Markup(to_svg(trend(comparison), title, trend_text(comparison), f"trend-{number}"))


def _breakable(image: str) -> Markup:
    """Allow a line break after each part of an image's name."""
    return Markup("<wbr>").join(re.split("(?<=[/:@])", image))
