"""What a run says at its end: the verdicts with their causes and advice, and the command that makes the report."""

import json
import logging
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..duration import duration_text
from ..errors import one_line
from ..report.journal import Part
from ..report.model import JudgedTarget, kinds_word
from ..report.read import read_targets
from ..report.summary import verdict_counts, worst_targets_first
from ..verdict import JOURNAL_KEY, Result, Verdict
from ..verdict.journal import SectionJson

__all__ = ["Line", "closing_lines"]

# of many Deployments, so many are shown; the report has them all
_MOST_SHOWN = 3
_LEVELS = {Verdict.RESILIENT: logging.INFO, Verdict.DEGRADED: logging.WARNING}


class Line(NamedTuple):
    """A line of the log, and its level as `logging` has it."""

    level: int
    text: str


def closing_lines(section: SectionJson, journal: str) -> list[Line]:
    """Return what the log says at the end of a run; nothing for a run that was not judged.

    Args:
        section: what the control writes into the journal.
        journal: the path of the journal.
    """
    # as it is in a file: the timeline has tuples
    found = Part(journal, JOURNAL_KEY, json.loads(json.dumps(section)))
    targets = worst_targets_first(read_targets(found))
    lines = [*_of_all(section, targets), *(line for t in targets[:_MOST_SHOWN] for line in _of_target(t))]
    if len(targets) > _MOST_SHOWN:
        lines.append(Line(logging.INFO, f"the report has the other {len(targets) - _MOST_SHOWN}"))
    lines += [Line(logging.ERROR, problem) for problem in section["problems"]]
    if lines:
        command = shlex.join(["chaos", "image-corrupt", "report", journal, "-o", "report.html"])
        lines.append(Line(logging.INFO, f"next: {command}"))
    return lines


def _of_all(section: SectionJson, targets: Sequence[JudgedTarget]) -> Iterator[Line]:
    """Return the total, if there are several Deployments."""
    if len(targets) < 2:
        return
    counts = ", ".join(verdict_counts(t.verdict for t in targets))
    slowest = section["recovery"]["worst"]
    recovery = "" if slowest is None else f"; the slowest recovered in {duration_text(slowest)}"
    yield Line(_level(targets[0].verdict), f"{len(targets)} {kinds_word(targets)}: {counts}{recovery}")


def _of_target(target: JudgedTarget) -> Iterator[Line]:
    level = _level(target.verdict)
    cause = f": {one_line(target.headline, 500)}" if target.headline else ""
    yield Line(level, f"verdict on {target.path}: {target.verdict}{cause}")
    for detail in target.details:
        yield Line(level, f"  {one_line(detail, 500)}")
    for row in target.rubric:
        if row.result is Result.VIOLATION:
            yield Line(logging.WARNING, f"  violated: {row.title}: {one_line(row.why, 500)}")
            if row.advice:
                yield Line(logging.WARNING, f"    advice: {row.advice}")


def _level(verdict: Verdict) -> int:
    return _LEVELS.get(verdict, logging.ERROR)
