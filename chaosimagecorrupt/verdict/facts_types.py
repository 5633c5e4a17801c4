"""The shape of a verdict's facts in the journal: of each dataclass in `model.Facts`, each attribute by its name."""

from typing import NotRequired, TypedDict

from ..workload.webhooks import ServedWebhook

__all__ = [
    "AcceptedConditionJson",
    "ChecksJson",
    "EntryJson",
    "FactsJson",
    "FailedProbeJson",
    "HypothesisJson",
    "OperatorJson",
    "PullCheckJson",
    "SafeguardJson",
    "ThresholdsJson",
]


class EntryJson(TypedDict):
    """An injection among the facts, see `record.entry.Entry`."""

    container: str
    original: str | None
    image: str | None
    id: str
    at: str
    expires: str
    by: str
    cluster: str
    uid: str
    generation: int | None
    revision: int | None
    original_deadline: int | None
    deadline: int | None
    stop_below: str
    owners: dict[str, list[list[str]]]
    cause: str


class FailedProbeJson(TypedDict):
    """A probe of the hypothesis that failed, see `steady_states.FailedProbe`."""

    name: str
    why: str
    raised: bool
    unreachable: bool
    at: str | None


class ChecksJson(TypedDict):
    """The checks of the hypothesis in one phase, see `steady_states.Checks`."""

    number: int
    unmet: int
    failed: list[FailedProbeJson]


class HypothesisJson(TypedDict):
    """The checks of the hypothesis, see `steady_states.Hypothesis`."""

    before: ChecksJson | None
    during: ChecksJson | None
    after: ChecksJson | None


class SafeguardJson(TypedDict):
    """The safeguard that ended the run, see `steady_states.Safeguard`."""

    name: str
    measured: str
    at: str | None


class AcceptedConditionJson(TypedDict):
    """A condition that is accepted as a report, see `workload.accepted.AcceptedCondition`."""

    type: str
    status: str
    reason: str | None


class OperatorJson(TypedDict):
    """An operator that is expected to report the fault, see `timeline.operator.Operator`."""

    api_version: str
    kind: str
    name: str
    namespace: str | None
    conditions: list[AcceptedConditionJson]


class PullCheckJson(TypedDict):
    """The answer of the probe `original_pullable`, see `pull_check.PullCheck`."""

    pullable: bool
    at: str | None


class ThresholdsJson(TypedDict):
    """The thresholds that the experiment sets, see `thresholds.Thresholds`."""

    recovery_within: float | None
    give_up_after: float | None
    max_reconcile_cycles: int


class FactsJson(TypedDict):
    """What a verdict needs besides the timeline, see `model.Facts`."""

    name: str
    entries: list[EntryJson]
    hypothesis: HypothesisJson
    restored_here: bool | None
    restored_on_server: str | None
    restore_error: str | None
    interrupted: bool
    activities_left: int
    safeguard: SafeguardJson | None
    bitten_at: float | None  # Facts.pull_failed_at; journals keep the older name
    pull_check: PullCheckJson | None
    operators: list[OperatorJson]
    webhooks: list[ServedWebhook] | None
    webhooks_unknown: str
    thresholds: ThresholdsJson
    kind: NotRequired[str]  # only of another one than a Deployment
