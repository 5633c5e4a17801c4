"""The report for people: one HTML page that needs nothing but itself."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..verdict import VERDICTS, worst
from .chart import draw
from .formatting import changed, clock, iso, key_figures, offset, pods, seconds, since, verdict_counts
from .model import Run, Target, summary

__all__ = ["as_html"]


def as_html(runs: list[Run]) -> str:
    """Render as HTML.

    Args:
        runs: what to report on.

    Returns:
        The page: style and pictures within, no script, no request.
    """
    environment = Environment(
        loader=PackageLoader("chaosimagecorrupt.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(breakable=_breakable, clock=clock, iso=iso, offset=offset, pods=pods, seconds=seconds)
    page = environment.get_template("report.html")
    verdicts = [t.verdict for run in runs for t in run.targets] + [run.verdict for run in runs]
    return page.render(
        runs=runs,
        summary=summary(runs),
        compared=sum(max(1, len(run.targets)) for run in runs) > 1,
        worst=worst(verdicts),
        counts=verdict_counts(runs, VERDICTS),
        changed=changed,
        key_figures=key_figures,
        picture=_picture,
        since=since,
    )


def _picture(target: Target, number: str) -> Markup:
    """Draw a target's picture; its text was escaped by the XML serializer."""
    if target.picture is None:
        return Markup()
    title = f"Deployment {target.namespace}/{target.deployment} over time"
    return Markup(draw(target.picture, title, target.picture.told, number))


def _breakable(image: str) -> Markup:
    """Let an image's name break where its parts meet."""
    return Markup("<wbr>").join(re.split("(?<=[/:@])", image))
