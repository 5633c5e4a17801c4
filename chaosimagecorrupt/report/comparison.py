"""Runs compared with earlier runs of the same Deployments: recovery, pods that kept serving, verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..verdict import VERDICTS, Verdict, worst
from .model import JudgedTarget, Run

__all__ = ["ComparedRun", "Comparison", "compare"]

# A recovery varies from run to run; only what exceeds both is called slower
_SLOWER_BY_SHARE = 0.05
_SLOWER_BY_SECONDS = 1.0


@dataclass(frozen=True)
class ComparedRun:
    """What became of a Deployment in one run.

    Attributes:
        source: the journal.
        at: when the run began, seconds since 1970; None when that is not known.
        verdict: of the Deployment.
        seconds: from the restore to the recovery, None when that is not known.
        kept: the lowest share of serving pods during the fault, 0 to 1; None when that is not known.
    """

    source: str
    at: float | None
    verdict: Verdict
    seconds: float | None
    kept: float | None


@dataclass(frozen=True)
class Comparison:
    """A Deployment now and in the baseline.

    Attributes:
        run: number of the run in the report, from 1.
        target: number of the target in the run, from 1.
        name: of the Deployment.
        now: the run that is reported on.
        baseline: earlier runs, in order of time; empty when the baseline has none of this Deployment.
    """

    run: int
    target: int
    name: str
    now: ComparedRun
    baseline: tuple[ComparedRun, ...]

    @property
    def worst_seconds(self) -> float | None:
        """The slowest recovery of the baseline; that of an Inconclusive run shows nothing, and does not count."""
        conclusive = [o for o in self.baseline if o.verdict is not Verdict.INCONCLUSIVE]
        return max((o.seconds for o in conclusive if o.seconds is not None), default=None)

    @property
    def lowest_kept(self) -> float | None:
        """The lowest share of serving pods of the baseline."""
        return min((o.kept for o in self.baseline if o.kept is not None), default=None)

    @property
    def worst_verdict(self) -> Verdict | None:
        """The worst verdict of the baseline."""
        return worst(o.verdict for o in self.baseline)

    @property
    def slowest_allowed(self) -> float | None:
        """The recovery from which on a run is a regression, in seconds."""
        slowest = self.worst_seconds
        return None if slowest is None else max(slowest * (1 + _SLOWER_BY_SHARE), slowest + _SLOWER_BY_SECONDS)

    @property
    def regressions(self) -> tuple[str, ...]:
        """What is worse than the worst of the baseline, one sentence each."""
        found, seconds = [], self.now.seconds
        if self.worst_seconds is not None and self.slowest_allowed is not None:
            was = f"the slowest of the baseline took {self.worst_seconds:.1f} s"
            if seconds is None:
                found.append(f"no recovery was observed; {was}")
            elif seconds > self.slowest_allowed:
                found.append(f"recovered in {seconds:.1f} s; {was}")
        was_worst = self.worst_verdict
        if was_worst is not None and VERDICTS.index(self.now.verdict) < VERDICTS.index(was_worst):
            found.append(f"the verdict is {self.now.verdict}; the worst of the baseline is {was_worst}")
        return tuple(found)

    @property
    def history(self) -> tuple[ComparedRun, ...]:
        """All runs in order of time, this one among them."""
        return _by_time([*self.baseline, self.now])


def compare(runs: Sequence[Run], baseline: Iterable[Run]) -> tuple[Comparison, ...]:
    """Compare each workload with itself in earlier runs; kind, namespace and name tell which it is.

    Args:
        runs: in the order of the report.
        baseline: earlier runs.
    """
    earlier: dict[str, list[ComparedRun]] = {}
    for run in baseline:
        for target in run.targets:
            earlier.setdefault(target.path, []).append(_compared_run(run, target))
    return tuple(
        Comparison(
            run=number,
            target=place,
            name=target.display_name,
            now=_compared_run(run, target),
            baseline=_by_time(earlier.get(target.path, [])),
        )
        for number, run in enumerate(runs, 1)
        for place, target in enumerate(run.targets, 1)
    )


def _compared_run(run: Run, target: JudgedTarget) -> ComparedRun:
    kept = target.fewest / target.replicas if target.fewest is not None and target.replicas else None
    at = run.start if run.start is not None else target.recovery.restored_at
    return ComparedRun(run.source, at, target.verdict, target.recovery.seconds, kept)


def _by_time(runs: Iterable[ComparedRun]) -> tuple[ComparedRun, ...]:
    return tuple(sorted(runs, key=lambda r: r.at if r.at is not None else 0.0))
