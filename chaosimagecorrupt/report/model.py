"""What a report tells, whatever its format; every text in it is fit to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..kube.requests import FIELD_MANAGER
from .activities import Activity
from .picture import Picture

__all__ = [
    "RESULTS",
    "Container",
    "Deadline",
    "Evidence",
    "Heal",
    "Recovery",
    "Row",
    "Run",
    "SummaryRow",
    "Target",
    "summary",
]

RESULTS = ("violation", "not observed", "pass")


@dataclass(frozen=True)
class Evidence:
    """What was seen.

    Attributes:
        object: on which.
        what: was seen.
        at: when, seconds since 1970; None when it has no moment.
        exact: whether `at` has a fraction: the API server's own times are whole seconds, cut off.
    """

    object: str
    what: str
    at: float | None
    exact: bool


@dataclass(frozen=True)
class Row:
    """A row of the rubric: its section, key and title, `pass`, `violation` or `not observed`, and why.

    A violated one has an advice, unless its journal was written without them.
    """

    section: str
    row: str
    title: str
    result: str
    why: str
    evidence: tuple[Evidence, ...]
    advice: str | None = None


@dataclass(frozen=True)
class Container:
    """What was changed in a container, by whom, and from when until when at the latest (seconds since 1970)."""

    container: str
    id: str
    original_image: str
    corrupt_image: str
    injected: float | None
    expires: float | None
    by: str


@dataclass(frozen=True)
class Deadline:
    """progressDeadlineSeconds before the fault, and what the fault set."""

    original: float | None
    set: float | None


@dataclass(frozen=True)
class Heal:
    """Which field manager put the image back when this run did not, and when (seconds since 1970)."""

    manager: str
    at: float | None


@dataclass(frozen=True)
class Recovery:
    """When the image was put back and when all was well again (since 1970), the seconds between, and by whom."""

    restored_at: float | None
    recovered_at: float | None
    seconds: float | None
    healed_by: Heal | None
    reconcile_cycles: int | None

    @property
    def healer(self) -> str:
        """Who put the image back, in a few words."""
        if self.healed_by is not None and self.healed_by.manager == FIELD_MANAGER:
            return "its guard, a sweep or another run"
        if self.healed_by is not None:
            return self.healed_by.manager or "somebody else"
        return "the experiment" if self.restored_at is not None else "nobody"


@dataclass(frozen=True)
class RecoveryOfAll:
    """The seconds from restore to recovery over all targets of a run; None when one of them is not known."""

    worst: float | None
    median: float | None


@dataclass(frozen=True)
class Target:
    """A Deployment, what was done to it, and what became of it; `alone` of its component in the run."""

    alone: bool
    cluster: str | None
    namespace: str
    deployment: str
    component: str | None
    danger: str | None
    containers: tuple[Container, ...]
    progress_deadline: Deadline | None
    verdict: str
    reasons: tuple[str, ...]
    rubric: tuple[Row, ...]
    recovery: Recovery
    replicas: int | None
    fewest: int | None
    picture: Picture | None

    @property
    def called(self) -> str:
        """The component, or the Deployment when there is none or it has several Deployments."""
        return (self.component if self.alone else None) or f"{self.namespace}/{self.deployment}"

    @property
    def sections(self) -> list[tuple[str, list[Row]]]:
        """The rubric by section, in its order."""
        names = dict.fromkeys(r.section for r in self.rubric)
        return [(name, [r for r in self.rubric if r.section == name]) for name in names]

    def since_corrupted(self, at: float | None) -> float | None:
        """Seconds between the corruption and a moment; negative before it, None when either is unknown."""
        moments = [c.injected for c in self.containers if c.injected is not None]
        if self.picture is not None:
            moments = [self.picture.zero]
        return at - min(moments) if at is not None and moments else None


@dataclass(frozen=True)
class Run:
    """One journal."""

    source: str
    title: str
    description: str
    status: str
    deviated: bool
    start: float | None
    end: float | None
    chaoslib: str
    verdict: str
    reasons: tuple[str, ...]
    problems: tuple[str, ...]
    recovery: RecoveryOfAll
    targets: tuple[Target, ...]
    activities: tuple[Activity, ...]

    @property
    def phases(self) -> list[tuple[str, list[Activity]]]:
        """The activities by phase, in the order of the run."""
        names = dict.fromkeys(a.phase for a in self.activities)
        return [(name, [a for a in self.activities if a.phase == name]) for name in names]

    @property
    def broken(self) -> bool:
        """Whether the run fails without a row of the rubric that says so."""
        violated = any(r.result == "violation" for t in self.targets for r in t.rubric)
        return bool(self.problems) or (self.verdict in ("Failed", "Inconclusive") and not violated)


@dataclass(frozen=True)
class SummaryRow:
    """A row of the table that compares targets; `run` and `target` count from 1."""

    run: int
    target: int
    component: str
    experiment: str
    danger: str
    verdict: str
    seconds: float | None
    replicas: int | None
    fewest: int | None
    healer: str


def summary(runs: Iterable[Run]) -> list[SummaryRow]:
    """Compare all targets of all runs, by component.

    Args:
        runs: in the order of the report.

    Returns:
        A row for each target, and one for each run that has none.
    """
    rows, runs = [], list(runs)
    several = len({t.cluster for run in runs for t in run.targets}) > 1
    for number, run in enumerate(runs, 1):
        for place, target in enumerate(run.targets, 1):
            recovery = target.recovery
            compared = (recovery.seconds, target.replicas, target.fewest, recovery.healer)
            where = f" on {target.cluster}" if several and target.cluster else ""
            told = (target.called + where, run.title, target.danger or "", target.verdict)
            rows.append(SummaryRow(number, place, *told, *compared))
        if not run.targets:
            rows.append(SummaryRow(number, 0, "", run.title, "", run.verdict, None, None, None, ""))
    return sorted(rows, key=lambda r: (r.component == "", r.component, r.run, r.target))
