"""What every format of the report shows. Control characters are escaped in all texts."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..kube.requests import FIELD_MANAGER
from ..verdict import Result, Row, Verdict
from ..workload.deployment import DEPLOYMENT
from .activities import Activity
from .chart_data import ChartData

__all__ = [
    "CorruptedContainer",
    "HealedBy",
    "JudgedTarget",
    "ProgressDeadline",
    "Recovery",
    "Run",
    "RunRecovery",
    "Unreadable",
    "kinds_word",
]


@dataclass(frozen=True)
class CorruptedContainer:
    """What the fault changed in a container, by whom, when, and when its ttl ends (seconds since 1970)."""

    container: str
    id: str
    original_image: str
    corrupt_image: str
    injected: float | None
    expires: float | None
    by: str


@dataclass(frozen=True)
class ProgressDeadline:
    """progressDeadlineSeconds before the fault and during it; None when it is not set."""

    original: float | None
    set: float | None


@dataclass(frozen=True)
class HealedBy:
    """The field manager that restored the image when this run did not, and when (seconds since 1970)."""

    manager: str
    at: float | None


@dataclass(frozen=True)
class Recovery:
    """When the image was restored and when the Deployment recovered (seconds since 1970), the time between, by whom."""

    restored_at: float | None
    recovered_at: float | None
    seconds: float | None
    healed_by: HealedBy | None
    reconcile_cycles: int | None

    @property
    def healer(self) -> str:
        """Who restored the image."""
        if self.healed_by is not None and self.healed_by.manager == FIELD_MANAGER:
            return "its guard, a sweep or another run"
        if self.healed_by is not None:
            return self.healed_by.manager or "an unknown field manager"
        return "the experiment" if self.restored_at is not None else "nobody"


@dataclass(frozen=True)
class RunRecovery:
    """The seconds from restore to recovery over all targets of a run; None when one is unknown."""

    worst: float | None
    median: float | None


@dataclass(frozen=True)
class JudgedTarget:
    """A Deployment or another workload, the fault and its result.

    Attributes:
        alone: whether the run has no other target of its component.
        component: the experiment's tag `component:NAME`; None without one.
        danger: the experiment's tag `danger:LEVEL`; None without one.
        replicas: how many pods the Deployment asked for before the fault; None when that is not known.
        fewest: the lowest number of ready pods during the fault; None when that is not known.
        chart: what happened over time; None when the journal has no timeline.
        headline: why the verdict is not Resilient, in the words of what says so; empty when it is Resilient.
        details: the reasons, without what the headline already says.
        obstacle: what stood in the way of the fault or of the recovery; empty when nothing did, or it is not known.
        pull_error: why the first pull failed, and of which pod; empty when that is not known.
        kind: of the workload.
    """

    alone: bool
    cluster: str | None
    namespace: str
    deployment: str
    component: str | None
    danger: str | None
    containers: tuple[CorruptedContainer, ...]
    progress_deadline: ProgressDeadline | None
    verdict: Verdict
    reasons: tuple[str, ...]
    rubric: tuple[Row, ...]
    recovery: Recovery
    replicas: int | None
    fewest: int | None
    chart: ChartData | None
    headline: str
    details: tuple[str, ...]
    obstacle: str
    pull_error: str
    kind: str

    @property
    def display_name(self) -> str:
        """The component; `namespace/name` when there is no component or it has several workloads."""
        return (self.component if self.alone else None) or self.path

    @property
    def path(self) -> str:
        """`namespace/name`; of another kind than a Deployment, with the kind in front."""
        path = f"{self.namespace}/{self.deployment}"
        return path if self.kind == DEPLOYMENT.name else f"{self.kind} {path}"

    @property
    def sections(self) -> list[tuple[str, list[Row]]]:
        """The rows of the rubric by section, in order."""
        names = dict.fromkeys(r.section for r in self.rubric)
        return [(name, [r for r in self.rubric if r.section == name]) for name in names]

    def since_corrupted(self, at: float | None) -> float | None:
        """Return the seconds from the corruption to a moment; negative before it, None when either is unknown."""
        moments = [c.injected for c in self.containers if c.injected is not None]
        if self.chart is not None:
            moments = [self.chart.zero]
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
    verdict: Verdict
    reasons: tuple[str, ...]
    problems: tuple[str, ...]
    recovery: RunRecovery
    targets: tuple[JudgedTarget, ...]
    activities: tuple[Activity, ...]

    @property
    def phases(self) -> list[tuple[str, list[Activity]]]:
        """The activities by phase, in the order of the run."""
        names = dict.fromkeys(a.phase for a in self.activities)
        return [(name, [a for a in self.activities if a.phase == name]) for name in names]

    @property
    def headline(self) -> str:
        """Why the verdict is not Resilient: a problem of the run, else a reason; empty when it is Resilient."""
        return next(iter(self.problems or self.reasons), "") if self.verdict is not Verdict.RESILIENT else ""

    @property
    def fails_beside_rubric(self) -> bool:
        """Whether the run fails for a reason that is in no row of the rubric."""
        violated = any(r.result is Result.VIOLATION for t in self.targets for r in t.rubric)
        return bool(self.problems) or (self.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE) and not violated)


@dataclass(frozen=True)
class Unreadable:
    """A file that cannot be reported on, and why, in one sentence that names it."""

    source: str
    why: str


def kinds_word(targets: Iterable[JudgedTarget]) -> str:
    """Return what several targets are, in the plural: Deployments, or workloads when they are of several kinds."""
    kinds = {target.kind for target in targets}
    return f"{kinds.pop()}s" if len(kinds) == 1 else "workloads"
