"""The state of a rollout that `watch` shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..duration import from_rfc3339
from ..kube.types import Json
from ..record.annotations import read_record
from ..record.entry import Entry
from ..workload.pull_failures import pull_failure
from ..workload.rollout import newest_replica_set, recovered
from ..workload.view import Rollout, View
from .json_types import TemplateState, WatchState

__all__ = ["FaultHistory", "no_rollout", "read_state"]


@dataclass
class FaultHistory:
    """When the image was corrupted and restored, as far as this command has observed it.

    Attributes:
        corrupted_at: seconds since 1970, None when the Deployment was never corrupted.
        restored_at: seconds since 1970, None when no restore was observed.
        is_corrupted: whether the Deployment has a record.
        has_fault: whether a record, or a pod that cannot pull its image, was ever observed.
    """

    corrupted_at: float | None = None
    restored_at: float | None = None
    is_corrupted: bool = False
    has_fault: bool = False

    def update(self, record: Mapping[str, Entry], now: float) -> None:
        """Note that the record has appeared or disappeared.

        Args:
            record: of the Deployment, by container; empty when it has none.
            now: seconds since 1970.
        """
        if record and not self.is_corrupted:
            self.is_corrupted = self.has_fault = True
            self.corrupted_at = min((from_rfc3339(e.at) for e in record.values() if e.at), default=now)
        elif not record and self.is_corrupted:
            self.is_corrupted, self.restored_at = False, now


def read_state(rollout: Rollout, events: Sequence[Json], history: FaultHistory) -> WatchState:
    """Return the present state of a rollout.

    Args:
        rollout: of the Deployment.
        events: those of the namespace with the reason Pulling.
        history: is updated.
    """
    view, text = rollout.look()
    if view is None:
        return no_rollout(text, history)
    history.update(read_record(view.deployment), view.at)
    return _state(view, text, _pulls(view, events), history)


def no_rollout(text: str, history: FaultHistory) -> WatchState:
    """Return the state of a Deployment that does not exist, or whose status is older than its spec.

    Args:
        text: the reason.
        history: of the fault.
    """
    return WatchState(text=text, corrupted=history.is_corrupted, recovered=False, pulls=0, error=None)


def _state(view: View, text: str, pulls: int, history: FaultHistory) -> WatchState:
    deployment, newest = view.deployment, newest_replica_set(view.deployment, view.replica_sets)
    failing = Counter(f.reason for p in view.pods if (f := pull_failure(p)))
    history.has_fault |= bool(failing)  # of a fault that was restored before this command started
    return WatchState(
        deployment=f"{deployment['metadata']['namespace']}/{deployment['metadata']['name']}",
        text=text,
        corrupted=history.is_corrupted,
        recovered=history.has_fault and not history.is_corrupted and recovered(deployment, view.replica_sets),
        waiting=not history.has_fault,
        seconds_since_corruption=_seconds_since(history.corrupted_at, view.at),
        seconds_since_restore=_seconds_since(history.restored_at, view.at),
        conditions={c["type"]: c["status"] for c in deployment["status"].get("conditions") or []},
        templates=[_template(r, newest=r is newest) for r in view.replica_sets if _has_pods(r)],
        failing=dict(failing),
        pulls=pulls,
        error=None,
    )


def _seconds_since(at: float | None, now: float) -> float | None:
    return round(now - at, 1) if at is not None else None


def _pulls(view: View, events: Sequence[Json]) -> int:
    pods = {p["metadata"]["name"] for p in view.pods}
    return sum(e.get("count") or 1 for e in events if e["involvedObject"]["name"] in pods)


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
