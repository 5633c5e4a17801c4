"""What a report says first about a Deployment: why its verdict is not Resilient."""

from collections.abc import Sequence
from typing import NamedTuple

from ..verdict import Result, Row, Verdict
from .obstacle import Obstacle

__all__ = ["Headline", "headline_of"]


class Headline(NamedTuple):
    """The cause of a verdict, and the sentences below it.

    Attributes:
        text: the cause, empty for Resilient.
        details: the reasons for the verdict, without what the cause already says.
    """

    text: str
    details: tuple[str, ...]


def headline_of(verdict: Verdict, reasons: Sequence[str], rubric: Sequence[Row], obstacle: Obstacle | None) -> Headline:
    """Choose what is said first.

    Args:
        verdict: of the Deployment.
        reasons: for the verdict, from the journal.
        rubric: the rows.
        obstacle: what stood in the way of the fault or of the recovery; None when that is not known.
    """
    if verdict is Verdict.RESILIENT or not reasons:
        return Headline("", tuple(reasons))
    if obstacle is not None:
        # a reason may end with the same words; they are not repeated
        return Headline(str(obstacle), tuple(r.partition(obstacle.words)[0].rstrip(": ") or r for r in reasons))
    # that the image can be pulled says more than the first reason: that there is no proof of the fault
    pullable = next((r.why for r in rubric if r.row == "pull-failing" and r.result is Result.VIOLATION), None)
    if pullable is not None:
        return Headline(pullable, tuple(reasons))
    return Headline(reasons[0], tuple(reasons[1:]))
