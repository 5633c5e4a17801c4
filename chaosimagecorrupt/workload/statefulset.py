"""StatefulSets: their pods have ordinals, and are replaced one by one, the highest ordinal first. Pure.

They have no conditions and no progress deadline, so that a rollout that is stuck is never reported.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..kube.resources import STATEFUL_SETS, Resource
from ..kube.types import Json, Pod, Revision, Workload
from .controller_revisions import RevisionedKind, carried_by, of_template, pods_selector
from .kind import RollingSettings, WorkloadCounts
from .rollout import desired_replicas, observed, owned

__all__ = ["STATEFUL_SET"]


@dataclass(frozen=True)
class StatefulSetKind(RevisionedKind):
    """The adapter for StatefulSets; see `kind.WorkloadKind`."""

    name: str = "StatefulSet"
    short_names: tuple[str, ...] = ("sts",)
    resource: Resource = STATEFUL_SETS
    without_pods: str = "has 0 replicas"

    def settings(self, workload: Workload) -> RollingSettings:
        """As the protocol; the API server's default is RollingUpdate."""
        strategy = _spec(workload).get("updateStrategy") or {}
        rolling = strategy.get("rollingUpdate") or {}
        if strategy.get("type") == "OnDelete":
            return RollingSettings("OnDelete")
        # it has no surge, and replaces one pod at a time unless a feature gate allows more
        return RollingSettings("RollingUpdate", 0, rolling.get("maxUnavailable", 1))

    def counts(self, workload: Workload) -> WorkloadCounts:
        """As the protocol."""
        status, desired = workload.get("status") or {}, desired_replicas(workload)
        available = status.get("availableReplicas") or 0
        return WorkloadCounts(
            desired,
            status.get("replicas") or 0,
            status.get("readyReplicas") or 0,
            status.get("updatedReplicas") or 0,
            available,
            max(0, desired - available),
        )

    def wants_no_pods(self, workload: Workload) -> bool:
        """As the protocol."""
        return desired_replicas(workload) == 0

    def rollout_complete(self, workload: Workload) -> bool:
        """As the protocol; `kubectl rollout status` decides by the same counts, and OnDelete replaces none."""
        counts = self.counts(workload)
        updated = counts.updated >= min(counts.desired, self._to_replace(workload))
        return observed(workload) and updated and [counts.total, counts.available] == [counts.desired] * 2

    def pods_all_ready(self, workload: Workload, revisions: Sequence[Revision]) -> bool:
        """As the protocol; a pod that is being deleted counts as ready, but not as one of a revision."""
        counts = self.counts(workload)
        all_ready = 0 < counts.desired == counts.total == counts.ready
        return observed(workload) and all_ready and (self.on_delete(workload) or self._of_revisions(workload))

    def newest(self, workload: Workload, revisions: Iterable[Revision]) -> Revision | None:
        """As the protocol: the one that the status names, if that is of the present template."""
        there = list(revisions)
        update = _status(workload).get("updateRevision")
        named = (r for r in owned(workload, there) if observed(workload) and r["metadata"]["name"] == update)
        return next(named, None) or of_template(workload, there)

    def pod_labels(self, workload: Workload, revisions: Collection[Revision]) -> str:
        """As the protocol; the label has the whole name of the revision."""
        return pods_selector(workload, [r["metadata"]["name"] for r in revisions])

    def in_use(self, workload: Workload, revision: Revision, pods: Iterable[Pod] | None) -> bool:
        """As the protocol: a pod has it, or the controller makes pods of it."""
        name, status = revision["metadata"]["name"], _status(workload)
        named = name in (status.get("currentRevision"), status.get("updateRevision"))
        return not observed(workload) or named or carried_by(pods or (), name)

    def leaves_stuck_pods(self, workload: Workload) -> bool:
        """As the protocol.

        With Parallel, a rolling update replaces them at once, but not below a partition that was raised since, and not
        where the feature gate MaxUnavailableStatefulSet is on and counts them as all that may be missing:
        kubernetes/pkg/controller/statefulset: updateStatefulSetAfterInvariantEstablished. The gate cannot be read.
        """
        return True

    def how_to_get_pods(self, workload: Workload) -> str:
        """As the base class."""
        name, namespace = workload["metadata"]["name"], workload["metadata"]["namespace"]
        return f"first: kubectl scale statefulset/{name} -n {namespace} --replicas=1"

    def why_none_is_replaced(self, workload: Workload) -> str:
        """As the base class: the partition may exclude every pod."""
        if self._to_replace(workload):
            return ""
        return (
            f"has the partition {_partition(workload)}, so none of its pods would be replaced; first lower "
            "spec.updateStrategy.rollingUpdate.partition"
        )

    def rolling_warnings(self, workload: Workload) -> list[str]:
        """As the base class."""
        missing = self.settings(workload).max_unavailable
        lost = "the pod with the highest ordinal is deleted first and cannot start again, so one ready pod is lost"
        if missing != 1:
            lost = f"up to maxUnavailable ({missing}) pods are deleted first and cannot start again, so they are lost"
        return [f"update strategy RollingUpdate: {lost} for as long as the fault lasts"]

    def _to_replace(self, workload: Workload) -> int:
        """Return how many pods a rolling update replaces: those from the partition's ordinal on."""
        if self.on_delete(workload):
            return 0
        start = (_spec(workload).get("ordinals") or {}).get("start") or 0
        desired = desired_replicas(workload)
        return min(desired, max(0, start + desired - _partition(workload)))

    def _of_revisions(self, workload: Workload) -> bool:
        """Return whether each desired pod is of the present revision or of the one before, and is not being deleted."""
        status, counts = _status(workload), self.counts(workload)
        same = status.get("currentRevision") == status.get("updateRevision")
        return counts.updated + (0 if same else status.get("currentReplicas") or 0) == counts.desired


def _spec(workload: Workload) -> Json:
    spec: Any = workload["spec"]
    return dict(spec)


def _status(workload: Workload) -> Json:
    status: Any = workload.get("status") or {}
    return dict(status)


def _partition(workload: Workload) -> int:
    rolling = (_spec(workload).get("updateStrategy") or {}).get("rollingUpdate") or {}
    return int(rolling.get("partition") or 0)


STATEFUL_SET = StatefulSetKind()
