"""The table that compares all Deployments of a report, and the order of a report: the worst first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..verdict import VERDICTS, Verdict
from .model import JudgedTarget, Run

__all__ = ["SummaryRow", "summary", "summary_of", "verdict_counts", "worst_first", "worst_targets_first"]


@dataclass(frozen=True)
class SummaryRow:
    """A row of the table that compares targets.

    Attributes:
        run: number of the run in the report, from 1.
        target: number of the target in the run, from 1; 0 when the run has none.
        component: how the target is called; empty when the run has none.
        experiment: its title.
        danger: the experiment's tag `danger:LEVEL`; empty without one.
        verdict: on the target, or on the run.
        headline: why the verdict is not Resilient; empty when it is.
        seconds: from the restore to the recovery; None when that is not known.
        replicas: how many pods the Deployment asked for before the fault; None when that is not known.
        fewest: the lowest number of ready pods during the fault; None when that is not known.
        healer: who put the image back; empty when the run has no target.
    """

    run: int
    target: int
    component: str
    experiment: str
    danger: str
    verdict: Verdict
    headline: str
    seconds: float | None
    replicas: int | None
    fewest: int | None
    healer: str


def worst_first(runs: Iterable[Run]) -> list[Run]:
    """Sort runs, and the targets of each: by verdict, then by recovery; the slowest first, before it an unknown one."""
    ordered = [replace(run, targets=tuple(worst_targets_first(run.targets))) for run in runs]
    return sorted(ordered, key=_run_rank)


def worst_targets_first(targets: Iterable[JudgedTarget]) -> list[JudgedTarget]:
    """Sort the targets of a run as `worst_first` does."""
    return sorted(targets, key=_target_rank)


def verdict_counts(verdicts: Iterable[Verdict]) -> list[str]:
    """Return how often each verdict occurs, the worst first: `1 Failed`, `4 Resilient`."""
    found = list(verdicts)
    return [f"{found.count(v)} {v}" for v in Verdict if v in found]


def summary(runs: Iterable[Run]) -> list[SummaryRow]:
    """Compare all targets of all runs, the worst first.

    Args:
        runs: in the order of the report.

    Returns:
        A row for each target, and one for each run that has none.
    """
    runs = list(runs)
    clusters = {t.cluster for run in runs for t in run.targets}
    rows = [row for number, run in enumerate(runs, 1) for row in summary_of(run, number, several=len(clusters) > 1)]
    return sorted(rows, key=lambda r: (_rank(r.verdict, r.seconds), r.component == "", r.component, r.run, r.target))


def summary_of(run: Run, number: int, *, several: bool = False) -> list[SummaryRow]:
    """Compare the targets of one run, in its order.

    Args:
        run: the run.
        number: of the run in the report, from 1.
        several: whether the report is about several clusters, so that each is named.
    """
    if not run.targets:
        return [SummaryRow(number, 0, "", run.title, "", run.verdict, run.headline, None, None, None, "")]
    return [
        SummaryRow(
            run=number,
            target=place,
            component=target.display_name + (f" on {target.cluster}" if several and target.cluster else ""),
            experiment=run.title,
            danger=target.danger or "",
            verdict=target.verdict,
            headline=target.headline,
            seconds=target.recovery.seconds,
            replicas=target.replicas,
            fewest=target.fewest,
            healer=target.recovery.healer,
        )
        for place, target in enumerate(run.targets, 1)
    ]


def _rank(verdict: Verdict, seconds: float | None) -> tuple[int, float]:
    return VERDICTS.index(verdict), -seconds if seconds is not None else float("-inf")


def _target_rank(target: JudgedTarget) -> tuple[int, float]:
    return _rank(target.verdict, target.recovery.seconds)


def _run_rank(run: Run) -> tuple[int, float]:
    known = [t.recovery.seconds for t in run.targets]
    slowest = None if None in known or not known else max(s for s in known if s is not None)
    return _rank(run.verdict, slowest)
