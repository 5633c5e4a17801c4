"""What differs between the kinds of workloads; each kind has one adapter, a module of its name. Types alone."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from ..kube.resources import Resource
from ..kube.types import Json, Pod, Revision, Workload

__all__ = ["RollingSettings", "WorkloadCounts", "WorkloadKind"]


class WorkloadCounts(NamedTuple):
    """How many pods a workload has, by its own status.

    Attributes:
        desired: how many it is to have.
        total: how many exist.
        ready: how many of these are ready.
        updated: how many are of the present template.
        available: how many are ready for minReadySeconds.
        unavailable: how many are missing for all to be available.
    """

    desired: int
    total: int
    ready: int
    updated: int
    available: int
    unavailable: int


class RollingSettings(NamedTuple):
    """How a workload replaces its pods; None for what is not set, or what its kind does not have.

    Attributes:
        strategy: RollingUpdate, Recreate or OnDelete.
        max_surge: how many pods may be there in addition.
        max_unavailable: how many pods may be missing.
    """

    strategy: str
    max_surge: int | str | None = None
    max_unavailable: int | str | None = None


class WorkloadKind(Protocol):
    """One kind of workload. All answers come from the API's JSON alone."""

    @property
    def name(self) -> str:
        """The kind, such as StatefulSet."""

    @property
    def short_names(self) -> tuple[str, ...]:
        """What kubectl also takes for it, such as sts."""

    @property
    def resource(self) -> Resource:
        """The kind, as URLs name it."""

    @property
    def revisions(self) -> Resource:
        """What keeps the templates of its rollouts, as URLs name it: ReplicaSets or ControllerRevisions."""

    @property
    def revision_name(self) -> str:
        """The kind of these."""

    @property
    def has_progress_deadline(self) -> bool:
        """Whether Kubernetes reports a rollout of this kind that does not move."""

    @property
    def without_pods(self) -> str:
        """What a workload of this kind is that is to have no pods, after its name."""

    def settings(self, workload: Workload) -> RollingSettings:
        """Return how it replaces its pods."""

    def counts(self, workload: Workload) -> WorkloadCounts:
        """Return how many pods it has, by its own status."""

    def wants_no_pods(self, workload: Workload) -> bool:
        """Return whether it is known that the workload is to have no pods."""

    def rollout_complete(self, workload: Workload) -> bool:
        """Return whether all pods that the rollout is to replace are of the present template and available."""

    def pods_all_ready(self, workload: Workload, revisions: Sequence[Revision]) -> bool:
        """Return whether every pod is Running and Ready: as many as desired, and none that is not.

        A pod that is being deleted does not count. Without desired pods, none proves anything: False.

        Args:
            workload: the workload.
            revisions: those that its selector matches, as many as there are.
        """

    def recovered(self, workload: Workload, revisions: Sequence[Revision] | None) -> bool:
        """Return whether the rollout of the present template is complete, and all pods are ready and available.

        Args:
            workload: the workload.
            revisions: those that its selector matches; None when they cannot be read, so that its status decides.
        """

    def settled_at(self, workload: Workload) -> str | None:
        """Return when its conditions last changed, RFC 3339; None where its kind has none."""

    def present_revision(self, workload: Workload) -> int | None:
        """Return the number of the present rollout; None when the workload itself does not have it."""

    def as_revision(self, found: Any) -> Revision:
        """Return a revision, with its template where a ReplicaSet has it, from how the API returns it."""

    def revision_number(self, revision: Revision) -> int:
        """Return a rollout's number, as in `kubectl rollout history`; 0 when it has none."""

    def newest(self, workload: Workload, revisions: Iterable[Revision]) -> Revision | None:
        """Return the revision of the present template; None when the controller has not made it yet.

        Args:
            workload: the workload.
            revisions: those that its selector matches, as many as there are.
        """

    def made_by_fault(self, revision: Revision, before: int | None, *, recorded: bool) -> bool:
        """Return whether a revision with a fault's corrupt image exists only because of the fault.

        Args:
            revision: the revision.
            before: the number of the rollout before the fault; None when that is unknown.
            recorded: whether it carries a copy of that fault's record, which the controller makes on creation.
        """

    def pod_labels(self, workload: Workload, revisions: Collection[Revision]) -> str:
        """Return the label selector of the pods of some revisions; not for an empty collection."""

    def in_use(self, workload: Workload, revision: Revision, pods: Iterable[Pod] | None) -> bool:
        """Return whether a revision of an earlier template still has, or gets, pods.

        Args:
            workload: the workload.
            revision: the revision.
            pods: the pods of the revisions in question; None where `counts_pods`.
        """

    @property
    def counts_pods(self) -> bool:
        """Whether a revision itself tells how many pods it has."""

    @property
    def counts_deleted_pods(self) -> bool:
        """Whether the status counts a pod of the present template that is being deleted as ready until it is gone.

        Such a pod is lost, and its successor has not started: only the pods themselves show that.
        """

    def leaves_stuck_pods(self, workload: Workload) -> bool:
        """Return whether the controller leaves a pod of an earlier template that never became ready as it is."""

    def why_no_rollout(self, workload: Workload, *, allow_on_delete: bool) -> str:
        """Say why a new template would replace no pod, and what to do; empty when it would.

        Args:
            workload: the workload.
            allow_on_delete: whether it is meant that no pod is replaced until someone deletes it.
        """

    def warnings(self, workload: Workload) -> list[str]:
        """Return what a fault certainly costs, by how pods are replaced."""

    def words(self, workload: Json) -> list[str]:
        """Return what there is to say of a rollout besides its counts: conditions, where its kind has them."""
