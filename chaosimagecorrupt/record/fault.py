"""What a process did to one Deployment, or another workload."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..kube.client import Cluster
from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.target import Target
from .entry import Entry

__all__ = ["Fault"]


@dataclass(frozen=True)
class Fault:
    """What this process did to one Deployment. Frozen: `Memory` replaces it when it learns more.

    Attributes:
        cluster: the connection to its cluster.
        namespace: the Deployment's namespace.
        name: the Deployment's name.
        uid: the Deployment's uid; a Deployment that was deleted and created again has another.
        generation: metadata.generation after the first injection.
        own_changes: how many later generations this process made.
        entries: the injections by their ids, those that are undone included.
        undone: the ids of the injections that are known to be undone.
        confirmed: whether the API server has confirmed that the first injection is stored.
        pull_failed_at: when a pod that cannot pull was first observed, seconds since 1970; None before.
        restored_at: when the last of the images was put back, or was found to be back; None before.
        restored_on_server: the same by the API server's clock, RFC 3339; None when that is unknown.
        healed: whether another client put it back; then only the API server's clock says when.
        maybe_restored: whether this process sent a restore's patch, and did not receive the answer.
        uncleaned: whether this process put an image back, or found it put back, and did not get to the end of removing
            the traces: it was interrupted, or the API server could not be reached.
        recovered_at: when the Deployment was observed to have recovered, seconds since 1970; None before.
        kind: what the workload is.
    """

    cluster: Cluster
    namespace: str
    name: str
    uid: str
    generation: int
    own_changes: int = 0
    entries: Mapping[str, Entry] = field(default_factory=dict)
    undone: frozenset[str] = frozenset()
    confirmed: bool = False
    pull_failed_at: float | None = None
    restored_at: float | None = None
    restored_on_server: str | None = None
    healed: bool = False
    maybe_restored: bool = False
    uncleaned: bool = False
    recovered_at: float | None = None
    kind: WorkloadKind = DEPLOYMENT

    @property
    def target(self) -> Target:
        """The workload."""
        return Target(self.name, self.namespace, self.cluster, self.kind)

    @property
    def left(self) -> list[Entry]:
        """The injections that are not known to be undone."""
        return [e for e in self.entries.values() if e.id not in self.undone]

    @property
    def restored_here(self) -> bool | None:
        """Whether this process put the last of the images back, or found it put back; None when it may have."""
        return True if self.restored_at is not None else None if self.maybe_restored else False
