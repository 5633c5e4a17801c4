"""The facts that a verdict needs besides the timeline, and the values that a verdict consists of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ..duration import from_rfc3339
from ..record.entry import Entry
from ..timeline.operator import Operator
from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.kinds import kind_named
from ..workload.webhooks import ServedWebhook
from .advice import advice_on
from .journal import EvidenceJson, RowJson
from .pull_check import PullCheck
from .steady_states import Hypothesis, Safeguard
from .thresholds import Thresholds

__all__ = ["VERDICTS", "Criterion", "Evidence", "Facts", "Result", "Row", "Verdict"]


class Verdict(StrEnum):
    """What became of a Deployment, the worst first."""

    FAILED = "Failed"
    INCONCLUSIVE = "Inconclusive"
    DEGRADED = "Degraded"
    RESILIENT = "Resilient"


VERDICTS: tuple[Verdict, ...] = tuple(Verdict)


class Result(StrEnum):
    """Whether a criterion of the rubric is met, the worst first; NOT_OBSERVED when the timeline does not show that."""

    VIOLATION = "violation"
    NOT_OBSERVED = "not observed"
    PASS = "pass"


@dataclass(frozen=True)
class Facts:
    """What a verdict needs besides the timeline.

    Attributes:
        name: of the workload.
        entries: the injections into it; empty when there were none.
        hypothesis: the results of the checks of the experiment's own steady state.
        restored_here: whether this run put the image back, or removed the record after another client did; None when
            that is not known.
        restored_on_server: when the image was put back by the API server's clock, RFC 3339; None when not known.
        restore_error: why this run could not put the image back; None when it could, or had not to.
        interrupted: whether the run was interrupted or aborted.
        activities_left: how many activities of the method were not run, although the run was not interrupted.
        safeguard: the safeguard of chaostoolkit-addons that ended the run; None when none did.
        pull_failed_at: when an activity observed a failed pull, seconds since 1970; None when none did.
        pull_check: the last answer of the probe `original_pullable`; None when it gave none.
        operators: the operators that are expected to report the fault; empty when none is named.
        webhooks: the admission webhooks that the Deployment's pods serve; None when that is not known.
        webhooks_unknown: why it is not known.
        thresholds: from which on the verdict gets worse.
        kind: Deployment, StatefulSet or DaemonSet.
    """

    name: str
    entries: Sequence[Entry] = ()
    hypothesis: Hypothesis = field(default_factory=Hypothesis)
    restored_here: bool | None = None
    restored_on_server: str | None = None
    restore_error: str | None = None
    interrupted: bool = False
    activities_left: int = 0
    safeguard: Safeguard | None = None
    pull_failed_at: float | None = None
    pull_check: PullCheck | None = None
    operators: Sequence[Operator] = ()
    webhooks: Sequence[ServedWebhook] | None = None
    webhooks_unknown: str = "they were not read"
    thresholds: Thresholds = field(default_factory=Thresholds)
    kind: str = DEPLOYMENT.name

    @property
    def workload(self) -> WorkloadKind:
        """The kind of the workload.

        Raises:
            Refused: a journal has another one.
        """
        return kind_named(self.kind)


@dataclass(frozen=True)
class Evidence:
    """One observation.

    Attributes:
        object: kind and name.
        what: what it showed.
        at: RFC 3339: by the API server's clock where the object has such a time, otherwise when it arrived; None when
            it has no time.
    """

    object: str
    what: str
    at: str | None

    @property
    def seconds(self) -> float | None:
        """The time in seconds since 1970; None when it has none."""
        return None if self.at is None else from_rfc3339(self.at)

    @property
    def exact(self) -> bool:
        """Whether the time has a fraction: the API server cuts its own times off to whole seconds."""
        return self.at is not None and "." in self.at

    def to_json(self) -> EvidenceJson:
        """Return it as the journal keeps it."""
        return {"object": self.object, "what": self.what, "at": self.at}


@dataclass(frozen=True)
class Row:
    """One row of the rubric.

    Attributes:
        section: Hypothesis, Expected, Violations, Collateral or Recovery.
        row: its key.
        title: the criterion.
        result: whether it is met.
        why: the reason, in one sentence.
        evidence: the observations behind it.
        advice: what to do when the criterion is violated, in one sentence, as a journal has it: `to_json` adds it, with
            the Deployment's name. None before, and when it is not violated.
    """

    section: str
    row: str
    title: str
    result: Result
    why: str
    evidence: Sequence[Evidence] = ()
    advice: str | None = None

    def to_json(self, namespace: str, name: str, kind: WorkloadKind = DEPLOYMENT) -> RowJson:
        """Return it as the journal keeps it; with an advice when the criterion is violated.

        Args:
            namespace: of the workload.
            name: of the workload.
            kind: of the workload.
        """
        written: RowJson = {
            "section": self.section,
            "row": self.row,
            "title": self.title,
            "result": self.result.value,
            "why": self.why,
            "evidence": [e.to_json() for e in self.evidence],
        }
        advice = advice_on(self.row, namespace, name, kind) if self.result is Result.VIOLATION else None
        if advice is not None:
            written["advice"] = advice
        return written


@dataclass(frozen=True)
class Criterion:
    """A row of the rubric before it is decided.

    Attributes:
        section: Hypothesis, Expected, Violations, Collateral or Recovery.
        row: its key.
        title: what the row requires.
    """

    section: str
    row: str
    title: str

    def decided(self, result: Result, why: str, *evidence: Evidence) -> Row:
        """Return the row with this result."""
        return Row(self.section, self.row, self.title, result, why, evidence)

    def met(self, why: str, *evidence: Evidence) -> Row:
        """Return the row as passed."""
        return self.decided(Result.PASS, why, *evidence)

    def violated(self, why: str, *evidence: Evidence) -> Row:
        """Return the row as violated."""
        return self.decided(Result.VIOLATION, why, *evidence)

    def not_observed(self, why: str, *evidence: Evidence) -> Row:
        """Return the row as not observed, and say what is missing."""
        return self.decided(Result.NOT_OBSERVED, why, *evidence)
