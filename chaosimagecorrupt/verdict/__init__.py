"""The verdict: from a timeline to the rows of a rubric, and from there to Resilient, Degraded, Failed or Inconclusive.

Here belongs what is concluded, as pure functions: no cluster, no clock, no journal.
Not here: what is recorded (`timeline`), when a run is judged (`control`), how a verdict is shown (`report`).
"""

from .judge import JOURNAL_KEY, VERDICTS, VERSION, Judgement, judge, settled, worst
from .model import Evidence, Facts, Row
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
