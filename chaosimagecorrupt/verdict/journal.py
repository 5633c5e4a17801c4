"""The shape of a verdict in the journal, and where it stands there."""

from typing import NotRequired, TypedDict

from ..timeline.journal import JudgedTimelineJson
from .facts_types import FactsJson

__all__ = [
    "JOURNAL_KEY",
    "VERSION",
    "CorruptedContainerJson",
    "EvidenceJson",
    "HealedByJson",
    "LimitsJson",
    "ProgressDeadlineJson",
    "RecoveryJson",
    "RowJson",
    "RunLimitsJson",
    "RunRecoveryJson",
    "SectionJson",
    "ServingJson",
    "StopJson",
    "TargetJson",
    "VerdictJson",
]

# the journal's key of the verdict, and the version of its form
JOURNAL_KEY, VERSION = "image-corrupt", 1


class EvidenceJson(TypedDict):
    """One observation, see `model.Evidence`."""

    object: str
    what: str
    at: str | None


class RowJson(TypedDict):
    """One row of the rubric, see `model.Row`; `result` is a `model.Result`. Only a violated one has an advice."""

    section: str
    row: str
    title: str
    result: str
    why: str
    evidence: list[EvidenceJson]
    advice: NotRequired[str]


class HealedByJson(TypedDict):
    """The field manager that put the image back, and when (RFC 3339; None when that is not known)."""

    manager: str
    at: str | None


class StopJson(TypedDict):
    """The stop condition that ended a fault, what was measured, and when (RFC 3339)."""

    condition: str
    measured: str
    at: str | None


class RecoveryJson(TypedDict):
    """The recovery of one Deployment; None stands for what is not known.

    `restored_at` and `recovered_at` are RFC 3339, `seconds` are those between them; `stopped_by` is there only when a
    stop condition ended the fault.
    """

    restored_at: str | None
    recovered_at: str | None
    seconds: float | None
    healed_by: HealedByJson | None
    stopped_by: NotRequired[StopJson]
    reconcile_cycles: int | None
    scalings: int | None


class ServingJson(TypedDict):
    """How many pods the Deployment had before the fault, and the lowest number of ready ones during it."""

    replicas: int | None
    fewest: int | None


class CorruptedContainerJson(TypedDict):
    """One injection into a container; times are RFC 3339.

    `cause` is what the kubelet was to report, a key of `pull_causes.INTENDED`; None when the image says nothing of it.
    """

    container: str
    id: str
    original_image: str | None
    corrupt_image: str | None
    cause: NotRequired[str | None]
    injected: str | None
    expires: str | None
    by: str


class ProgressDeadlineJson(TypedDict):
    """A progress deadline that the injection changed, in seconds."""

    original: int | None
    set: int


class LimitsJson(TypedDict):
    """The thresholds for a Deployment, see `thresholds.Limits`; times in seconds."""

    recovery_within: float
    give_up_after: float
    max_reconcile_cycles: int


class RunLimitsJson(LimitsJson):
    """The thresholds of a run, for a Deployment without minReadySeconds, and the verdicts that make the run fail."""

    fail_on: list[str]


class TargetJson(TypedDict):
    """One Deployment; `verdict` is a `model.Verdict`. Journals of older versions lack what is not required."""

    cluster: str
    namespace: str
    deployment: str
    kind: NotRequired[str]
    component: str | None
    danger: str | None
    containers: list[CorruptedContainerJson]
    progress_deadline: ProgressDeadlineJson | None
    verdict: str
    reasons: list[str]
    rubric: list[RowJson]
    recovery: RecoveryJson
    serving: ServingJson
    timeline: JudgedTimelineJson
    thresholds: NotRequired[LimitsJson]
    facts: NotRequired[FactsJson]


class RunRecoveryJson(TypedDict):
    """The recovery of all targets, in seconds; None as long as that of one is not known."""

    targets: int
    worst: float | None
    median: float | None


class VerdictJson(TypedDict):
    """The verdict on a run."""

    version: int
    verdict: str
    reasons: list[str]
    recovery: RunRecoveryJson
    thresholds: NotRequired[RunLimitsJson]
    targets: list[TargetJson]


class SectionJson(VerdictJson):
    """What the control writes under `JOURNAL_KEY`: the verdict, and what went wrong with the run itself."""

    problems: list[str]
