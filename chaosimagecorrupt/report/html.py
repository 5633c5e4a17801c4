"""The report for people: one self-contained HTML page."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..verdict import worst
from .chart import draw
from .formatting import (
    changed_fields,
    key_figures,
    offset,
    rfc3339,
    seconds,
    serving_pods,
    since_corruption,
    utc_time,
    verdict_counts,
)
from .model import Run, Target, summary

__all__ = ["as_html"]


def as_html(runs: list[Run]) -> str:
    """Render as HTML.

    Args:
        runs: what to report on.

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
    page = environment.get_template("report.html")
    verdicts = [t.verdict for run in runs for t in run.targets] + [run.verdict for run in runs]
    return page.render(
        runs=runs,
        summary=summary(runs),
        compared=sum(max(1, len(run.targets)) for run in runs) > 1,
        worst=worst(verdicts),
        counts=verdict_counts(runs),
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
