"""What a report is about: runs, the worst first, and the files that cannot be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Refused, one_line
from ..verdict import Verdict, worst
from .comparison import Comparison, compare
from .journal import Journal, read_journal
from .model import Run, Unreadable
from .read import read_run
from .summary import verdict_counts, worst_first

__all__ = ["Report", "read_report", "report_on"]


@dataclass(frozen=True)
class Report:
    """What every format shows.

    Attributes:
        runs: the worst first.
        unreadable: what was to be reported on as well, in the order in which it was given.
        comparisons: with a baseline, in the order of the runs; empty without one.
    """

    runs: tuple[Run, ...]
    unreadable: tuple[Unreadable, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    @property
    def has_table(self) -> bool:
        """Whether the report begins with a table, which compares Deployments with each other or with their baseline."""
        return bool(self.comparisons) or sum(max(1, len(run.targets)) for run in self.runs) + len(self.unreadable) > 1

    @property
    def worst(self) -> Verdict | None:
        """The worst verdict, None when no journal could be read."""
        return worst([run.verdict for run in self.runs] + [t.verdict for run in self.runs for t in run.targets])

    @property
    def regressions(self) -> list[str]:
        """What is worse than the worst of the baseline, a sentence each that begins with the Deployment."""
        return [f"{c.name}: {regression}" for c in self.comparisons for regression in c.regressions]

    @property
    def counts(self) -> str:
        """How often each verdict occurs, the worst first: `1 Failed, 4 Resilient, 1 not readable`."""
        counts = verdict_counts(v for run in self.runs for v in ([t.verdict for t in run.targets] or [run.verdict]))
        counts += [f"{len(self.unreadable)} not readable"] if self.unreadable else []
        regressions = sum(bool(c.regressions) for c in self.comparisons)
        return ", ".join(counts + ([_regressions_text(regressions)] if self.comparisons else []))


def report_on(journals: Iterable[Journal]) -> Report:
    """Return the report on journals.

    Args:
        journals: at least one.

    Raises:
        Refused: when one is damaged.
    """
    return Report(tuple(worst_first(read_run(journal) for journal in journals)))


def read_report(paths: Sequence[Path], baseline: Sequence[Path] = ()) -> Report:
    """Read files and return the report on them.

    Args:
        paths: of the journals. When there are several, one that cannot be read is a row of the report.
        baseline: of journals of earlier runs, or of folders of them; a journal of `paths` in a folder is left out.

    Raises:
        Refused: when the only journal, or the only one of the baseline, cannot be read; or when a folder has none.
    """
    runs, unreadable = _read(paths)
    ordered = tuple(worst_first(runs))
    if not baseline:
        return Report(ordered, tuple(unreadable))
    earlier, unreadable_earlier = _read(_journals_of(baseline, {p.resolve() for p in paths}))
    return Report(ordered, (*unreadable, *unreadable_earlier), compare(ordered, earlier))


def _read(paths: Sequence[Path]) -> tuple[list[Run], list[Unreadable]]:
    runs, unreadable = [], []
    for path in paths:
        try:
            runs.append(read_run(read_journal(path)))
        except Refused as x:
            if len(paths) == 1:
                raise
            unreadable.append(Unreadable(one_line(path), str(x)))
    return runs, unreadable


def _journals_of(baseline: Sequence[Path], excluded: set[Path]) -> list[Path]:
    """Return the journals of a baseline: its files, and the files `*.json` in its folders."""
    found = []
    for path in baseline:
        inside = [p for p in sorted(path.glob("*.json")) if p.resolve() not in excluded]
        if path.is_dir() and not inside:
            raise Refused(f"the baseline {one_line(path)} has no journal of another run: no file *.json")
        found += inside if path.is_dir() else [path]
    return found


def _regressions_text(count: int) -> str:
    return f"{count or 'no'} regression{'' if count == 1 else 's'}"
