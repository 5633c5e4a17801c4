"""The faults that `status` shows, and which of them is the worst. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..duration import from_rfc3339
from ..errors import Refused
from ..record.entry import OPERATOR_CHAOS, Entry, is_by_operator_chaos
from ..record.snapshot import Snapshot
from ..restore.outcome import RestoreOutcome, outcome_of
from ..restore.without_record import entries_without_record
from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.kinds import with_kind, workload_argument
from ..workload.pull_failures import pull_failure
from ..workload.rollout import condition
from ..workload.view import View
from .json_types import StatusRow

__all__ = ["FaultStatus", "fault_of", "json_rows", "made_by", "waiting_reason", "worst_first"]

_LABEL_ONLY = Entry(container="", original=None)  # stands for a record of which only the label is left


@dataclass(frozen=True)
class FaultStatus:
    """A Deployment with a record.

    Attributes:
        namespace: of the Deployment.
        name: of the Deployment.
        entries: of the record, one for each container; empty when only the label is left.
        ready: how many pods are ready, of whatever template.
        replicas: how many pods there should be.
        waiting: why new pods do not start, such as `ImagePullBackOff`; None when they do, or when that is not known.
        pods: the state of the rollout in words.
        error: why the pods could not be read; None when they were.
        in_place: the containers that still have the corrupt image; None when that is not known.
        kind: of the workload.
    """

    namespace: str
    name: str
    entries: tuple[Entry, ...]
    ready: int
    replicas: int
    waiting: str | None
    pods: str
    error: str | None
    in_place: tuple[str, ...] | None
    kind: WorkloadKind = DEPLOYMENT

    @property
    def argument(self) -> str:
        """The workload as the commands take it."""
        return workload_argument(self.name, self.kind)

    @property
    def since(self) -> float | None:
        """When the first container was corrupted, in seconds since 1970; None when that is not known."""
        return _earliest(self.entries, lambda entry: entry.at)

    @property
    def expires(self) -> float | None:
        """When the first ttl is over, in seconds since 1970; None without a ttl."""
        return _earliest(self.entries, lambda entry: entry.expires)

    @property
    def is_by_operator_chaos(self) -> bool:
        """Whether operator-chaos made the record of a container."""
        return any(map(is_by_operator_chaos, self.entries))

    @property
    def is_undone(self) -> bool:
        """Whether the images are known to be others by now, so that the record, or its label, is all that is left."""
        return self.in_place == ()

    def is_expired(self, now: float) -> bool:
        """Return whether a ttl is over at `now`, in seconds since 1970."""
        return self.expires is not None and self.expires <= now


def fault_of(snapshot: Snapshot, waiting: str | None, pods: str, error: str | None) -> FaultStatus:
    """Return what is shown of a Deployment that has a record, or what is left of one.

    Args:
        snapshot: the Deployment as it was read, with its ReplicaSets if they were read.
        waiting: see `FaultStatus`, like the two below.
        pods: in words.
        error: of reading the pods.
    """
    deployment, counts = snapshot.deployment, snapshot.kind.counts(snapshot.deployment)
    return FaultStatus(
        namespace=deployment["metadata"]["namespace"],
        name=deployment["metadata"]["name"],
        entries=tuple(snapshot.record.values()),
        ready=counts.ready,
        replicas=counts.desired,
        waiting=waiting,
        pods=pods,
        error=error,
        in_place=_in_place(snapshot),
        kind=snapshot.kind,
    )


def waiting_reason(view: View | None) -> str | None:
    """Return why new pods do not start: the reason of a container that waits for its image, or of ReplicaFailure.

    Args:
        view: of the rollout; None while its status is older than its spec.
    """
    if view is None:
        return None
    failing = next(filter(None, map(pull_failure, view.pods)), None)
    if failing is not None:
        return failing.reason
    failure = condition(view.deployment, "ReplicaFailure")
    return str(failure.get("reason")) if failure is not None and failure["status"] == "True" else None


def made_by(entry: Entry) -> str | None:
    """Return who made a record: user and host, or operator-chaos, which stores neither; None when that is not known."""
    return entry.by or (OPERATOR_CHAOS if entry.container and is_by_operator_chaos(entry) else None)


def worst_first(faults: Iterable[FaultStatus], now: float) -> list[FaultStatus]:
    """Sort faults: those whose ttl is over, then those without a ttl, which nothing undoes by itself, then the others.

    Those that are undone, so that only traces of them are left, come last.

    Within each of these: the smallest share of ready pods first, then the one whose ttl is over first.

    Args:
        faults: the faults.
        now: seconds since 1970.
    """
    return sorted(faults, key=lambda fault: _badness(fault, now))


def json_rows(faults: Sequence[FaultStatus], now: float) -> list[StatusRow]:
    """Return the rows of `--output json`, one for each container.

    Args:
        faults: in the order of the rows.
        now: seconds since 1970.
    """
    return [_json_row(fault, entry, now) for fault in faults for entry in fault.entries or [_LABEL_ONLY]]


def _badness(fault: FaultStatus, now: float) -> tuple[int, float, float, str, str]:
    expires = fault.expires
    group = 3 if fault.is_undone else 0 if fault.is_expired(now) else 1 if expires is None else 2
    share = fault.ready / fault.replicas if fault.replicas else 1.0
    return group, share, expires or 0.0, fault.namespace, fault.name


def _json_row(fault: FaultStatus, entry: Entry, now: float) -> StatusRow:
    expires = _time(entry.expires)
    row: StatusRow = {
        "namespace": fault.namespace,
        "deployment": fault.name,
        "container": entry.container or None,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "cause": entry.intended or None,
        "since": entry.at or None,
        "by": made_by(entry),
        "expires_in": round(expires - now, 1) if expires is not None else None,
        "pods": fault.pods,
        "id": entry.id or None,
        "ready": fault.ready,
        "replicas": fault.replicas,
        "waiting": fault.waiting,
        "in_place": _is_in_place(fault, entry),
    }
    return with_kind(row, fault.kind)


def _is_in_place(fault: FaultStatus, entry: Entry) -> bool | None:
    if fault.in_place is None:
        return None
    return entry.container in fault.in_place if entry.container else bool(fault.in_place)


def _in_place(snapshot: Snapshot) -> tuple[str, ...] | None:
    """Return the containers in which a restore would put an image back; None when only the ReplicaSets could tell."""
    entries = list(snapshot.record.values())
    if not entries and snapshot.revisions is None:
        return None
    entries = entries or entries_without_record(snapshot)
    return tuple(e.container for e in entries if _has_corrupt_image(snapshot, e))


def _has_corrupt_image(snapshot: Snapshot, entry: Entry) -> bool:
    try:
        return outcome_of(snapshot, entry).outcome is RestoreOutcome.RESTORED
    except Refused:  # the original image is not known, or which one is the corrupt one
        return True


def _earliest(entries: Iterable[Entry], text_of: Callable[[Entry], str]) -> float | None:
    return min(filter(None, (_time(text_of(entry)) for entry in entries)), default=None)


def _time(text: str) -> float | None:
    try:
        return from_rfc3339(text)
    except ValueError:
        return None
