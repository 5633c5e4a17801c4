"""Deployments: their pods belong to ReplicaSets, which keep the templates and count the pods. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import one_line
from ..kube.labels import selector
from ..kube.resources import DEPLOYMENTS, REPLICA_SETS, Resource
from ..kube.types import Json, Pod, Revision, Workload
from . import rollout
from .kind import RollingSettings, WorkloadCounts

__all__ = ["DEPLOYMENT"]


@dataclass(frozen=True)
class DeploymentKind:
    """The adapter for Deployments; see `kind.WorkloadKind`."""

    name: str = "Deployment"
    short_names: tuple[str, ...] = ("deploy",)
    resource: Resource = DEPLOYMENTS
    revisions: Resource = REPLICA_SETS
    revision_name: str = "ReplicaSet"
    has_progress_deadline: bool = True
    counts_pods: bool = True
    counts_deleted_pods: bool = False
    without_pods: str = "has 0 replicas"

    def settings(self, workload: Workload) -> RollingSettings:
        """As the protocol; the API server's default is RollingUpdate."""
        strategy = workload["spec"].get("strategy") or {}
        rolling = strategy.get("rollingUpdate") or {}
        return RollingSettings(
            strategy.get("type", "RollingUpdate"), rolling.get("maxSurge"), rolling.get("maxUnavailable")
        )

    def counts(self, workload: Workload) -> WorkloadCounts:
        """As the protocol."""
        status = workload.get("status") or {}
        return WorkloadCounts(
            rollout.desired_replicas(workload),
            status.get("replicas") or 0,
            status.get("readyReplicas") or 0,
            status.get("updatedReplicas") or 0,
            status.get("availableReplicas") or 0,
            status.get("unavailableReplicas") or 0,
        )

    def wants_no_pods(self, workload: Workload) -> bool:
        """As the protocol."""
        return rollout.desired_replicas(workload) == 0

    def rollout_complete(self, workload: Workload) -> bool:
        """As the protocol."""
        return rollout.rollout_complete(workload)

    def pods_all_ready(self, workload: Workload, revisions: Sequence[Revision]) -> bool:
        """As the protocol; the watch of the ReplicaSets may be behind, and show the state before the rollout."""
        newest = rollout.newest_replica_set(workload, revisions)
        # a paused Deployment begins no rollout
        begun = workload["spec"].get("paused") or (newest is not None and newest["spec"].get("replicas"))
        return bool(begun) and rollout.pods_all_ready(workload, revisions)

    def recovered(self, workload: Workload, revisions: Sequence[Revision] | None) -> bool:
        """As the protocol, and Available is True."""
        if revisions is not None:
            return rollout.recovered(workload, revisions)
        counts = self.counts(workload)
        complete = rollout.rollout_complete(workload) and rollout.available(workload)
        return complete and 0 < counts.desired == counts.ready

    def settled_at(self, workload: Workload) -> str | None:
        """As the protocol."""
        return rollout.settled_at(workload)

    def present_revision(self, workload: Workload) -> int | None:
        """As the protocol; the controller keeps it in an annotation."""
        return rollout.revision(workload)

    def as_revision(self, found: Any) -> Revision:
        """As the protocol: a ReplicaSet is one already."""
        revision: Revision = found
        return revision

    def revision_number(self, revision: Revision) -> int:
        """As the protocol."""
        return rollout.revision(revision)

    def newest(self, workload: Workload, revisions: Iterable[Revision]) -> Revision | None:
        """As the protocol."""
        return rollout.newest_replica_set(workload, revisions)

    def made_by_fault(self, revision: Revision, before: int | None, *, recorded: bool) -> bool:
        """As the protocol; the numbers of its rollouts decide, not times, because clocks differ."""
        rolled_out = rollout.revisions(revision)
        if len(rolled_out) != 1 or before is None:
            return False
        # the controller copies the record when it creates the ReplicaSet; without that copy, only the next revision is
        # certainly the injection's
        return rolled_out[0] > before if recorded else rolled_out[0] == before + 1

    def pod_labels(self, workload: Workload, revisions: Collection[Revision]) -> str:
        """As the protocol; only of the first one, whose selector has its hash."""
        return selector(next(iter(revisions)))

    def in_use(self, workload: Workload, revision: Revision, pods: Iterable[Pod] | None) -> bool:
        """As the protocol: one that is to have no pods, has none, and was seen by its controller, is not."""
        desired, status = revision["spec"].get("replicas"), revision.get("status") or {}
        return bool(desired or status.get("replicas")) or (status.get("observedGeneration") or 0) < 1

    def leaves_stuck_pods(self, workload: Workload) -> bool:
        """As the protocol: the ReplicaSet is scaled to 0."""
        return False

    def why_no_rollout(self, workload: Workload, *, allow_on_delete: bool) -> str:
        """As the protocol."""
        name, namespace = workload["metadata"]["name"], workload["metadata"]["namespace"]
        argument = f"deployment/{name} -n {namespace}"
        if workload["spec"].get("paused"):
            return f"is paused, so no rollout can start; first: kubectl rollout resume {argument}"
        if self.wants_no_pods(workload):
            return f"{self.without_pods}, so no pod would pull the image; first: kubectl scale {argument} --replicas=1"
        return ""

    def warnings(self, workload: Workload) -> list[str]:
        """As the protocol."""
        if self.settings(workload).strategy == "Recreate":
            return ["strategy Recreate: all pods are stopped before the new ones cannot start; nothing serves"]
        return []

    def words(self, workload: Json) -> list[str]:
        """As the protocol."""
        parts = []
        found = rollout.condition(workload, "Available")
        if found is None or found["status"] != "True":
            parts.append("not Available")
        found = rollout.condition(workload, "Progressing")
        if found is not None and found["status"] != "True":
            parts.append(one_line(found.get("reason", "not Progressing"), 60))
        found = rollout.condition(workload, "ReplicaFailure")
        if found is not None and found["status"] == "True":
            parts.append(f"{one_line(found.get('reason'), 60)}: {one_line(found.get('message'), 160)}")
        return parts


DEPLOYMENT = DeploymentKind()
