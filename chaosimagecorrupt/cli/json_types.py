"""The shape of what the commands print with `--output json`; keys that may be absent are marked `NotRequired`."""

from typing import NotRequired, TypedDict

from ..preflight.model import CheckJson
from ..restore.result import NotRestored, RestorePreview, RestoreResult

__all__ = [
    "InitResult",
    "RestoreItem",
    "ShippedExperiment",
    "SimulatorAddress",
    "StatusLine",
    "StatusRow",
    "SweepFailure",
    "SweepLeft",
    "SweepLine",
    "TemplateState",
    "WatchState",
]


class StatusRow(TypedDict):
    """A row of `status`: one corrupted container; None for what its record does not contain."""

    namespace: str
    deployment: str
    container: str | None
    original_image: str | None
    corrupt_image: str | None
    cause: str | None  # what the kubelet is to report
    since: str | None  # RFC 3339
    by: str | None
    expires_in: float | None  # seconds, negative once the ttl is over
    pods: str
    id: str | None
    ready: int  # pods, of whatever template
    replicas: int  # pods that there should be
    waiting: str | None  # why new pods do not start
    in_place: bool | None  # whether the container has the corrupt image; None when that is not known
    kind: NotRequired[str]  # of another one than a Deployment; its name is in `deployment`


class StatusLine(TypedDict):
    """A line of `status --watch`."""

    records: list[StatusRow]
    error: str | None


RestoreItem = RestoreResult | RestorePreview | NotRestored
"""An item of `restore`: one Deployment."""


class SweepFailure(TypedDict):
    """A line of `sweep` when the Deployments could not be listed; `outcome` is `RestoreOutcome.FAILED`."""

    outcome: str
    error: str


class SweepLeft(TypedDict):
    """A line of `sweep` on records of operator-chaos, which it leaves: they have no ttl; `outcome` is `left`."""

    namespace: str
    deployment: str
    outcome: str
    by: str
    containers: list[str]
    reason: str
    kind: NotRequired[str]  # of another one than a Deployment; its name is in `deployment`


SweepLine = RestoreResult | NotRestored | SweepFailure
"""A line of `sweep`: one Deployment, or none when they could not be listed."""


class InitResult(TypedDict):
    """What `init` prints."""

    file: str
    preflight: list[CheckJson]


class ShippedExperiment(TypedDict):
    """An item of `experiments`."""

    name: str
    title: str
    path: str


class SimulatorAddress(TypedDict):
    """What `simulate --keep` prints."""

    kubeconfig: str
    server: str


class TemplateState(TypedDict):
    """One ReplicaSet of a `WatchState` that has pods, or should have them."""

    replica_set: str
    newest: bool
    images: list[str]
    wanted: int
    pods: int
    ready: int


class WatchState(TypedDict):
    """A line of `watch`; without the optional keys when the Deployment's status cannot be read."""

    text: str
    corrupted: bool
    recovered: bool
    pulls: int
    error: str | None
    deployment: NotRequired[str]  # namespace/name
    kind: NotRequired[str]  # of another one than a Deployment
    waiting: NotRequired[bool]  # no fault has been observed yet
    seconds_since_corruption: NotRequired[float | None]
    seconds_since_restore: NotRequired[float | None]
    conditions: NotRequired[dict[str, str]]  # status by type
    templates: NotRequired[list[TemplateState]]
    failing: NotRequired[dict[str, int]]  # number of pods by reason
    expires_in: NotRequired[float | None]  # seconds, negative once the ttl is over; None without a fault or a ttl
    problems: NotRequired[list[str]]  # the conditions that are not well: type, reason and message
    next_pull_in: NotRequired[float | None]  # seconds, about, 0 when it is due; None when no pod backs off
    recovery_seconds: NotRequired[float | None]  # from the restore to the recovery; None when they were not observed
