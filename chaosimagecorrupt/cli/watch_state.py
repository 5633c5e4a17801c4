"""The state of a rollout that `watch` shows."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..duration import from_rfc3339
from ..kube.types import Deployment, Json
from ..record.annotations import read_record
from ..record.entry import Entry
from ..workload.kinds import kind_of, with_kind
from ..workload.pull_failures import PullFailure, pull_failure
from ..workload.view import Rollout, View
from .json_types import TemplateState, WatchState

__all__ = ["FaultHistory", "no_rollout", "read_state", "state_of"]

# Seconds that a pod waits after its first failed pull and at most: kubernetes/pkg/kubelet/kubelet.go: MaxImageBackOff
_FIRST_BACK_OFF, _LONGEST_BACK_OFF = 10.0, 300.0


@dataclass
class FaultHistory:
    """When the image was corrupted and restored, as far as this command has observed it.

    Attributes:
        corrupted_at: seconds since 1970, None when the Deployment was never corrupted.
        restored_at: seconds since 1970, None when no restore was observed.
        is_corrupted: whether the Deployment has a record.
        has_fault: whether a record, or a pod that cannot pull its image, was ever observed.
        recovered_at: seconds since 1970, None when no recovery was observed.
        pods: the names of the pods that could not pull their image.
    """

    corrupted_at: float | None = None
    restored_at: float | None = None
    is_corrupted: bool = False
    has_fault: bool = False
    recovered_at: float | None = None
    pods: set[str] = field(default_factory=set)

    def update(self, record: Mapping[str, Entry], now: float) -> None:
        """Note that the record has appeared or disappeared.

        Args:
            record: of the Deployment, by container; empty when it has none.
            now: seconds since 1970.
        """
        if record and not self.is_corrupted:
            self.is_corrupted = self.has_fault = True
            self.restored_at = self.recovered_at = None
            self.pods.clear()
            self.corrupted_at = min((from_rfc3339(e.at) for e in record.values() if e.at), default=now)
        elif not record and self.is_corrupted:
            self.is_corrupted, self.restored_at = False, now

    def add_pods(self, failing: Iterable[str]) -> None:
        """Note the names of pods that cannot pull their image: of a fault that may have been restored before."""
        self.pods.update(failing)
        self.has_fault |= bool(self.pods)

    def add_recovery(self, now: float) -> None:
        """Note that the rollout is complete; only the first time after a fault counts.

        Args:
            now: seconds since 1970.
        """
        if self.has_fault and not self.is_corrupted and self.recovered_at is None:
            self.recovered_at = now


def read_state(rollout: Rollout, events: Sequence[Json], history: FaultHistory) -> WatchState:
    """Return the present state of a rollout.

    Args:
        rollout: of the Deployment.
        events: those of the namespace with the reason Pulling.
        history: is updated.
    """
    view, text = rollout.look()
    return no_rollout(text, history) if view is None else state_of(view, text, events, history)


def no_rollout(text: str, history: FaultHistory) -> WatchState:
    """Return the state of a Deployment that does not exist, or whose status is older than its spec.

    Args:
        text: the reason.
        history: of the fault.
    """
    return WatchState(text=text, corrupted=history.is_corrupted, recovered=False, pulls=0, error=None)


def state_of(view: View, text: str, events: Sequence[Json], history: FaultHistory) -> WatchState:
    """Return the state of a rollout from what was observed of it. Pure, but for the history.

    Args:
        view: the rollout.
        text: the same in words.
        events: those of the namespace with the reason Pulling.
        history: is updated.
    """
    deployment, record = view.deployment, read_record(view.deployment)
    failing = {p["metadata"]["name"]: found for p in view.pods if (found := pull_failure(p))}
    history.update(record, view.at)
    history.add_pods(failing)
    kind = kind_of(deployment)
    recovered = view.recovered
    if recovered:
        history.add_recovery(view.at)
    state = WatchState(
        deployment=f"{deployment['metadata']['namespace']}/{deployment['metadata']['name']}",
        text=text,
        corrupted=history.is_corrupted,
        recovered=history.recovered_at is not None and recovered,
        waiting=not history.has_fault,
        seconds_since_corruption=_seconds_between(history.corrupted_at, view.at),
        seconds_since_restore=_seconds_between(history.restored_at, view.at),
        conditions={c["type"]: c["status"] for c in _conditions(deployment)},
        templates=_templates(view),
        failing=dict(Counter(found.reason for found in failing.values())),
        pulls=_pulls(events, history.pods),
        error=None,
        expires_in=_seconds_between(view.at, _expires(record)),
        problems=_problems(deployment),
        next_pull_in=_next_pull_in(failing, events, view.at),
        recovery_seconds=_seconds_between(history.restored_at, history.recovered_at),
    )
    return with_kind(state, kind)


def _seconds_between(start: float | None, end: float | None) -> float | None:
    return round(end - start, 1) if start is not None and end is not None else None


def _conditions(deployment: Deployment) -> Sequence[Json]:
    return (deployment.get("status") or {}).get("conditions") or []


def _problems(deployment: Deployment) -> list[str]:
    """Return type, reason and message of the conditions that are not well."""
    keys = ("type", "reason", "message")
    unwell = [c for c in _conditions(deployment) if not _is_well(c)]
    return [": ".join(str(c[key]) for key in keys if c.get(key)) for c in unwell]


def _is_well(condition: Json) -> bool:
    return bool(condition["status"] == ("False" if condition["type"] == "ReplicaFailure" else "True"))


def _expires(record: Mapping[str, Entry]) -> float | None:
    return min((from_rfc3339(e.expires) for e in record.values() if e.expires), default=None)


def _pulls(events: Sequence[Json], pods: Collection[str]) -> int:
    return sum(e.get("count") or 1 for e in events if e["involvedObject"]["name"] in pods)


def _next_pull_in(failing: Mapping[str, PullFailure], events: Sequence[Json], now: float) -> float | None:
    """Return the seconds until a pod tries its next pull, as the kubelet computes it; the kubelet is a bit later."""
    due = []
    for event in events:
        failure, last = failing.get(event["involvedObject"]["name"]), event.get("lastTimestamp")
        path = event["involvedObject"].get("fieldPath") or ""
        if failure is not None and last and path.endswith(f"{{{failure.container}}}"):
            due.append(from_rfc3339(last) + _back_off(event.get("count") or 1))
    return round(max(min(due) - now, 0.0), 1) if due else None


def _back_off(pulls: int) -> float:
    """Return the seconds between the last of so many pulls and the next."""
    return min(_FIRST_BACK_OFF * 2.0 ** min(pulls - 1, 10), _LONGEST_BACK_OFF)


def _templates(view: View) -> list[TemplateState]:
    """Return the ReplicaSets with pods; ControllerRevisions do not count theirs."""
    kind = kind_of(view.deployment)
    newest = kind.newest(view.deployment, view.revisions)
    return [_template(r, newest=r is newest) for r in view.revisions if kind.counts_pods and _has_pods(r)]


def _has_pods(replica_set: Json) -> bool:
    return bool(replica_set["spec"].get("replicas") or replica_set["status"].get("replicas"))


def _template(replica_set: Json, *, newest: bool) -> TemplateState:
    status = replica_set["status"]
    return {
        "replica_set": replica_set["metadata"]["name"],
        "newest": newest,
        "images": [c["image"] for c in replica_set["spec"]["template"]["spec"]["containers"]],
        "wanted": replica_set["spec"].get("replicas", 0),
        "pods": status.get("replicas", 0),
        "ready": status.get("readyReplicas", 0),
    }
