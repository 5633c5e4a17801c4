"""DaemonSets: one pod on each node that matches, replaced node by node. Pure.

They have no conditions and no progress deadline, so that a rollout that is stuck is never reported.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..kube.resources import DAEMON_SETS, Resource
from ..kube.types import Pod, Revision, Workload
from .controller_revisions import POD_HASH, RevisionedKind, carried_by, of_template, pods_selector
from .kind import RollingSettings, WorkloadCounts
from .rollout import observed

__all__ = ["DAEMON_SET"]


@dataclass(frozen=True)
class DaemonSetKind(RevisionedKind):
    """The adapter for DaemonSets; see `kind.WorkloadKind`."""

    name: str = "DaemonSet"
    short_names: tuple[str, ...] = ("ds",)
    resource: Resource = DAEMON_SETS
    without_pods: str = "has no node to run a pod on"
    counts_deleted_pods: bool = True  # kubernetes/pkg/controller/daemon: updateDaemonSetStatus

    def settings(self, workload: Workload) -> RollingSettings:
        """As the protocol; the API server's default is RollingUpdate."""
        spec: Any = workload["spec"]
        strategy = spec.get("updateStrategy") or {}
        rolling = strategy.get("rollingUpdate") or {}
        return RollingSettings(
            strategy.get("type", "RollingUpdate"), rolling.get("maxSurge"), rolling.get("maxUnavailable")
        )

    def counts(self, workload: Workload) -> WorkloadCounts:
        """As the protocol; what is desired follows from the nodes, so that only the status has it."""
        status: Any = workload.get("status") or {}
        return WorkloadCounts(
            status.get("desiredNumberScheduled") or 0,
            status.get("currentNumberScheduled") or 0,
            status.get("numberReady") or 0,
            status.get("updatedNumberScheduled") or 0,
            status.get("numberAvailable") or 0,
            status.get("numberUnavailable") or 0,
        )

    def wants_no_pods(self, workload: Workload) -> bool:
        """As the protocol; before the controller has seen the DaemonSet, its nodes are not known."""
        return observed(workload) and self.counts(workload).desired == 0

    def rollout_complete(self, workload: Workload) -> bool:
        """As the protocol; `kubectl rollout status` decides by the same counts, and OnDelete replaces none."""
        counts = self.counts(workload)
        updated = self.on_delete(workload) or counts.updated == counts.desired
        return observed(workload) and updated and [counts.total, counts.available] == [counts.desired] * 2

    def pods_all_ready(self, workload: Workload, revisions: Sequence[Revision]) -> bool:
        """As the protocol, but for pods that are being deleted: see `counts_deleted_pods`."""
        counts = self.counts(workload)
        all_ready = 0 < counts.desired == counts.total == counts.ready
        return observed(workload) and all_ready and (self.on_delete(workload) or counts.updated == counts.desired)

    def newest(self, workload: Workload, revisions: Iterable[Revision]) -> Revision | None:
        """As the protocol."""
        return of_template(workload, revisions)

    def pod_labels(self, workload: Workload, revisions: Collection[Revision]) -> str:
        """As the protocol; the label has the hash alone."""
        return pods_selector(workload, [_hash(r) for r in revisions])

    def in_use(self, workload: Workload, revision: Revision, pods: Iterable[Pod] | None) -> bool:
        """As the protocol: a pod has it, or it may still be rolled out."""
        return not observed(workload) or carried_by(pods or (), _hash(revision))

    def leaves_stuck_pods(self, workload: Workload) -> bool:
        """As the protocol: a rolling update replaces pods that are not available first."""
        return self.on_delete(workload)

    def how_to_get_pods(self, workload: Workload) -> str:
        """As the base class."""
        return "see its node selector and tolerations"

    def why_none_is_replaced(self, workload: Workload) -> str:
        """As the base class: a rolling update goes through all nodes."""
        return ""

    def rolling_warnings(self, workload: Workload) -> list[str]:
        """As the base class."""
        settings = self.settings(workload)
        if settings.max_surge not in (None, 0, "0%"):
            return []
        lost = f"maxUnavailable ({1 if settings.max_unavailable is None else settings.max_unavailable})"
        return [
            f"update strategy RollingUpdate: as many pods as {lost} allows are deleted first and cannot start again, "
            "so these nodes have none for as long as the fault lasts"
        ]


def _hash(revision: Revision) -> str:
    return (revision["metadata"].get("labels") or {}).get(POD_HASH, "")


DAEMON_SET = DaemonSetKind()
