"""From a timeline to a rubric, and from there to a verdict. Pure: what belongs here knows no cluster and no clock."""

from .facts import Evidence, Facts, Row
from .judge import JOURNAL_KEY, VERDICTS, VERSION, Judgement, judge, settled, worst
from .observed import GIVE_UP

__all__ = [
    "GIVE_UP",
    "JOURNAL_KEY",
    "VERDICTS",
    "VERSION",
    "Evidence",
    "Facts",
    "Judgement",
    "Row",
    "judge",
    "settled",
    "worst",
]
