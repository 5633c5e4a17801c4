"""The verdict: from a timeline to the rows of a rubric, and from there to Resilient, Degraded, Failed or Inconclusive.

Here belongs what follows from a timeline, as pure functions: no cluster, no clock, no journal.
Not here: what is recorded (`timeline`), when a run is judged (`control`), how a verdict is shown (`report`).
"""

from .journal import JOURNAL_KEY, VERSION
from .judge import Judgement, judge, worst
from .model import VERDICTS, Evidence, Facts, Result, Row, Verdict
from .thresholds import RECOVERY_TIMEOUT, Limits, Thresholds, limits_of
from .waiting import GONE_FOR_GOOD, is_gone, is_over, is_ready_for_fault, is_settled

__all__ = [
    "GONE_FOR_GOOD",
    "JOURNAL_KEY",
    "RECOVERY_TIMEOUT",
    "VERDICTS",
    "VERSION",
    "Evidence",
    "Facts",
    "Judgement",
    "Limits",
    "Result",
    "Row",
    "Thresholds",
    "Verdict",
    "is_gone",
    "is_over",
    "is_ready_for_fault",
    "is_settled",
    "judge",
    "limits_of",
    "worst",
]
