"""What a report is about: runs, the worst first, and the files that cannot be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Refused, one_line
from ..verdict import Verdict, worst
from .journal import Journal, read_journal
from .model import Run, Unreadable
from .read import read_run
from .summary import worst_first

__all__ = ["Report", "read_report", "report_on"]


@dataclass(frozen=True)
class Report:
    """What every format shows.

    Attributes:
        runs: the worst first.
        unreadable: what was to be reported on as well, in the order in which it was given.
    """

    runs: tuple[Run, ...]
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether it is about more than one Deployment, so that it begins with a table."""
        return sum(max(1, len(run.targets)) for run in self.runs) + len(self.unreadable) > 1

    @property
    def worst(self) -> Verdict | None:
        """The worst verdict, None when no journal could be read."""
        return worst([run.verdict for run in self.runs] + [t.verdict for run in self.runs for t in run.targets])

    @property
    def counts(self) -> str:
        """How often each verdict occurs, the worst first: `1 Failed, 4 Resilient, 1 not readable`."""
        found = [verdict for run in self.runs for verdict in ([t.verdict for t in run.targets] or [run.verdict])]
        counts = [f"{found.count(v)} {v}" for v in Verdict if v in found]
        return ", ".join(counts + ([f"{len(self.unreadable)} not readable"] if self.unreadable else []))


def report_on(journals: Iterable[Journal]) -> Report:
    """Return the report on journals.

    Args:
        journals: at least one.

    Raises:
        Refused: when one is damaged.
    """
    return Report(tuple(worst_first(read_run(journal) for journal in journals)))


def read_report(paths: Sequence[Path]) -> Report:
    """Read files and return the report on them.

    Args:
        paths: of the journals. When there are several, one that cannot be read is a row of the report.

    Raises:
        Refused: when the only one cannot be read.
    """
    runs, unreadable = [], []
    for path in paths:
        try:
            runs.append(read_run(read_journal(path)))
        except Refused as x:
            if len(paths) == 1:
                raise
            unreadable.append(Unreadable(one_line(path), str(x)))
    return Report(tuple(worst_first(runs)), tuple(unreadable))
