"""What StatefulSets and DaemonSets have in common: ControllerRevisions keep the templates of their rollouts. Pure.

Their controllers copy the annotations of the workload to a revision when they create it, and give a revision whose
template is rolled out again a new number: kubernetes/pkg/controller/history.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..kube.labels import selector
from ..kube.resources import CONTROLLER_REVISIONS, Resource
from ..kube.types import Json, Pod, Revision, Workload
from .kind import RollingSettings
from .rollout import owned

__all__ = ["POD_HASH", "RevisionedKind", "carried_by", "of_template", "pods_selector"]

POD_HASH = "controller-revision-hash"


@dataclass(frozen=True)
class RevisionedKind(ABC):
    """The part of an adapter that both kinds share; see `kind.WorkloadKind`."""

    revisions: Resource = CONTROLLER_REVISIONS
    revision_name: str = "ControllerRevision"
    has_progress_deadline: bool = False
    counts_pods: bool = False
    counts_deleted_pods: bool = False

    @abstractmethod
    def settings(self, workload: Workload) -> RollingSettings:
        """As the protocol."""

    @property
    @abstractmethod
    def without_pods(self) -> str:
        """As the protocol."""

    @abstractmethod
    def wants_no_pods(self, workload: Workload) -> bool:
        """As the protocol."""

    @abstractmethod
    def how_to_get_pods(self, workload: Workload) -> str:
        """Return what to do about a workload that is to have no pods."""

    @abstractmethod
    def why_none_is_replaced(self, workload: Workload) -> str:
        """Return why a rolling update replaces no pod; empty when it replaces one."""

    @abstractmethod
    def rolling_warnings(self, workload: Workload) -> list[str]:
        """Return what a rolling update takes away."""

    @abstractmethod
    def rollout_complete(self, workload: Workload) -> bool:
        """As the protocol."""

    @abstractmethod
    def pods_all_ready(self, workload: Workload, revisions: Sequence[Revision]) -> bool:
        """As the protocol."""

    def recovered(self, workload: Workload, revisions: Sequence[Revision] | None) -> bool:
        """As the protocol; the status alone decides, since its controller counts the pods themselves."""
        return self.rollout_complete(workload) and self.pods_all_ready(workload, ())

    def settled_at(self, workload: Workload) -> str | None:
        """As the protocol: there are no conditions."""
        return None

    def present_revision(self, workload: Workload) -> int | None:
        """As the protocol: only the ControllerRevision has it."""
        return None

    def as_revision(self, found: Any) -> Revision:
        """As the protocol; one that was read so stays as it is."""
        if "spec" in found:
            return cast(Revision, found)
        # the controllers mark what is a whole template, and no patch of one
        template = {k: v for k, v in found["data"]["spec"]["template"].items() if k != "$patch"}
        rest = {k: v for k, v in found.items() if k != "data"}
        return cast(Revision, {**rest, "spec": {"template": template}})

    def revision_number(self, revision: Revision) -> int:
        """As the protocol."""
        return _number(revision)

    def made_by_fault(self, revision: Revision, before: int | None, *, recorded: bool) -> bool:
        """As the protocol: one that existed before gets a new number, but no copy of the record."""
        return recorded

    def why_no_rollout(self, workload: Workload, *, allow_on_delete: bool) -> str:
        """As the protocol."""
        if self.wants_no_pods(workload):
            return f"{self.without_pods}, so no pod would pull the image; {self.how_to_get_pods(workload)}"
        if self.on_delete(workload):
            nothing = "has the update strategy OnDelete, so nothing happens until someone deletes a pod"
            return "" if allow_on_delete else f"{nothing}; allow_on_delete: true allows it"
        return self.why_none_is_replaced(workload)

    def warnings(self, workload: Workload) -> list[str]:
        """As the protocol."""
        if self.on_delete(workload):
            return ["update strategy OnDelete: only pods that someone deletes during the fault get the corrupt image"]
        return self.rolling_warnings(workload)

    def words(self, workload: Json) -> list[str]:
        """As the protocol: there are no conditions."""
        return []

    def on_delete(self, workload: Workload) -> bool:
        """Return whether the controller leaves it to others to delete a pod that is to be replaced."""
        return self.settings(workload).strategy == "OnDelete"


def of_template(workload: Workload, revisions: Iterable[Revision]) -> Revision | None:
    """Return the revision of the present template: of several that have it, the one that was rolled out last."""
    template = workload["spec"]["template"]
    same = [r for r in owned(workload, revisions) if r["spec"]["template"] == template]
    return max(same, key=_number, default=None)


def pods_selector(workload: Workload, hashes: Collection[str]) -> str:
    """Return the label selector of a workload's pods of some revisions, by the values of their label."""
    return f"{selector(workload)},{POD_HASH} in ({','.join(sorted(hashes))})"


def carried_by(pods: Iterable[Pod], revision_hash: str) -> bool:
    """Return whether a pod has a revision, by the value of its label."""
    return any((pod["metadata"].get("labels") or {}).get(POD_HASH) == revision_hash for pod in pods)


def _number(revision: Revision) -> int:
    return int(cast(Any, revision).get("revision") or 0)
