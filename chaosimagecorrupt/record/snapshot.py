"""A Deployment as it was read, with its record parsed once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..kube.types import Deployment, Revision
from ..workload.kind import WorkloadKind
from ..workload.kinds import called, kind_of
from ..workload.rollout import owned
from .annotations import LABEL, LABEL_VALUE, read_record
from .entry import Entry

__all__ = ["Snapshot"]


@dataclass(frozen=True)
class Snapshot:
    """A Deployment as it was read, and its ReplicaSets if they were read.

    Attributes:
        deployment: the Deployment, or another workload.
        revisions: the ReplicaSets or ControllerRevisions that its selector matches; None when they were not read.
    """

    deployment: Deployment
    revisions: Sequence[Revision] | None = None

    @property
    def kind(self) -> WorkloadKind:
        """What the workload is."""
        return kind_of(self.deployment)

    @cached_property
    def record(self) -> dict[str, Entry]:
        """The record on the Deployment: the entries by container; empty when there is no record."""
        return read_record(self.deployment)

    @property
    def is_labelled(self) -> bool:
        """Whether the Deployment has the label of a record, with which it can be listed."""
        return (self.deployment["metadata"].get("labels") or {}).get(LABEL) == LABEL_VALUE

    @cached_property
    def owned(self) -> list[Revision]:
        """The ReplicaSets that the Deployment controls."""
        return list(owned(self.deployment, self.revisions or ()))

    @cached_property
    def newest(self) -> Revision | None:
        """The ReplicaSet of the present template; None when it was not read or does not exist yet."""
        return self.kind.newest(self.deployment, self.revisions or ())

    @cached_property
    def _copies(self) -> dict[str, dict[str, Entry]]:
        return {r["metadata"]["name"]: read_record(r) for r in self.owned}

    def copy_on(self, revision: Revision) -> dict[str, Entry]:
        """Return the copy of the record on an owned revision; the controller copies annotations to it."""
        return self._copies[revision["metadata"]["name"]]

    @property
    def copied(self) -> list[Entry]:
        """The entries of all copies of the record, in the order of the ReplicaSets."""
        return [entry for copy in self._copies.values() for entry in copy.values()]

    @property
    def uid(self) -> str:
        """The Deployment's uid."""
        return str(self.deployment["metadata"]["uid"])

    @property
    def name(self) -> str:
        """The Deployment as messages name it."""
        return called(self.deployment)

    def with_revisions(self, revisions: Sequence[Revision]) -> "Snapshot":
        """Return the same Deployment with the ReplicaSets that were read for it."""
        snapshot = replace(self, revisions=revisions)
        vars(snapshot)["record"] = self.record  # parsed already, and still the same
        return snapshot
