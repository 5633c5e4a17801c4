"""A Deployment as it was read, with its record parsed once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..kube.types import Deployment, ReplicaSet
from ..workload.rollout import newest_replica_set, owned
from .annotations import read_record
from .entry import Entry

__all__ = ["Snapshot"]


@dataclass(frozen=True)
class Snapshot:
    """A Deployment as it was read, and its ReplicaSets if they were read.

    Attributes:
        deployment: the Deployment.
        replica_sets: the ReplicaSets that its selector matches; None when they were not read.
    """

    deployment: Deployment
    replica_sets: Sequence[ReplicaSet] | None = None

    @cached_property
    def record(self) -> dict[str, Entry]:
        """The record on the Deployment: the entries by container; empty when there is no record."""
        return read_record(self.deployment)

    @cached_property
    def owned(self) -> list[ReplicaSet]:
        """The ReplicaSets that the Deployment controls."""
        return list(owned(self.deployment, self.replica_sets or ()))

    @cached_property
    def newest(self) -> ReplicaSet | None:
        """The ReplicaSet of the present template; None when it was not read or does not exist yet."""
        return newest_replica_set(self.deployment, self.replica_sets or ())

    @cached_property
    def _copies(self) -> dict[str, dict[str, Entry]]:
        return {r["metadata"]["name"]: read_record(r) for r in self.owned}

    def copy_on(self, replica_set: ReplicaSet) -> dict[str, Entry]:
        """Return the copy of the record on an owned ReplicaSet; the Deployment controller copies annotations to it."""
        return self._copies[replica_set["metadata"]["name"]]

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
        metadata = self.deployment["metadata"]
        return f"Deployment {metadata['namespace']}/{metadata['name']}"

    def with_replica_sets(self, replica_sets: Sequence[ReplicaSet]) -> "Snapshot":
        """Return the same Deployment with the ReplicaSets that were read for it."""
        snapshot = replace(self, replica_sets=replica_sets)
        vars(snapshot)["record"] = self.record  # parsed already, and still the same
        return snapshot
