"""From a timeline to a rubric, and from there to a verdict. Pure: what belongs here knows no cluster and no clock."""

from .facts import Evidence, Facts, Operator, Row
from .judge import VERDICTS, Judgement, judge, settled, worst
from .observed import GIVE_UP

__all__ = ["GIVE_UP", "VERDICTS", "Evidence", "Facts", "Judgement", "Operator", "Row", "judge", "settled", "worst"]
