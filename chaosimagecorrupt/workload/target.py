"""One workload on a cluster, mostly a Deployment: reads it and sends patches to it."""

import getpass
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from logzero import logger

from ..errors import ClusterError, Conflict, ImageCorruptError, NotFound, Refused
from ..kube.client import Cluster, connect
from ..kube.labels import selector
from ..kube.names import check_target
from ..kube.not_found import not_found
from ..kube.requests import get_request, list_request, patch_request
from ..kube.types import Deployment, Revision
from .deployment import DEPLOYMENT
from .kind import WorkloadKind
from .kinds import kind_named, kind_of

__all__ = ["PatchOnly", "PatchPlan", "Target", "whoami"]


class PatchPlan(Protocol):
    """What was decided about a Deployment as it was read."""

    @property
    def patch(self) -> Mapping[str, Any] | None:
        """The strategic merge patch with the resourceVersion; None when nothing is to be sent."""


@dataclass(frozen=True)
class PatchOnly:
    """A plan of which nobody needs to know more than its patch; see `PatchPlan`."""

    patch: Mapping[str, Any] | None


D = TypeVar("D", bound=PatchPlan)


class Target:
    """A Deployment on a cluster, or another workload.

    Args:
        name: the workload's name.
        ns: its namespace.
        cluster: the connection to its cluster.
        kind: what it is.
    """

    def __init__(self, name: str, ns: str, cluster: Cluster, kind: WorkloadKind = DEPLOYMENT) -> None:
        self.name, self.namespace, self.cluster, self.kind = name, ns, cluster, kind
        self._maybe_patched = False  # whether a patch that was refused may have been stored by an earlier attempt
        self._sending = False  # whether a patch was sent and not answered

    @classmethod
    def of(
        cls,
        name: str,
        ns: str,
        secrets: Mapping[str, Any] | None,
        configuration: Mapping[str, Any] | None = None,
        kind: object = None,
    ) -> "Target":
        """Return the workload that an activity was called with.

        Args:
            name: of the workload.
            ns: its namespace.
            secrets: how to reach the cluster, see `client.connect`.
            configuration: see `client.connect`.
            kind: Deployment, StatefulSet or DaemonSet; None for the first.

        Raises:
            Refused: a name or the kind is invalid, or no cluster is configured.
        """
        check_target(name, ns)
        return cls(name, ns, connect(secrets, configuration), kind_named(kind))

    @classmethod
    def found(cls, deployment: Deployment, cluster: Cluster) -> "Target":
        """Return the target for a workload that was listed.

        Args:
            deployment: the workload as it was listed.
            cluster: the connection to its cluster.
        """
        metadata = deployment["metadata"]
        return cls(metadata["name"], metadata["namespace"], cluster, kind_of(deployment))

    def __str__(self) -> str:
        return f"{self.kind.name} {self.namespace}/{self.name}"

    def maybe_stored(self, x: BaseException) -> bool:
        """Return whether the API server may have stored a patch all the same, when `patch` raised this.

        Args:
            x: what was raised; what is no error of this extension, such as KeyboardInterrupt, may come at any moment.
        """
        answered = isinstance(x, ImageCorruptError) and not (isinstance(x, ClusterError) and x.maybe_acted)
        return self._maybe_patched or (self._sending and not answered)

    def get(self) -> Deployment:
        """Read the workload.

        Raises:
            NotFound: it, or its namespace, is not there.
        """
        try:
            return cast(Deployment, self.cluster.send(get_request(self.kind.resource, self.namespace, self.name)))
        except NotFound as x:
            raise self.not_found() from x

    def not_found(self) -> NotFound:
        """Return the error for a workload that does not exist; reads what else does."""
        return not_found(self.cluster, self.namespace, self.name, self.kind.resource, self.kind.name)

    def revisions(self, deployment: Deployment) -> list[Revision]:
        """Read the ReplicaSets or ControllerRevisions that the workload's selector matches."""
        request = list_request(self.kind.revisions, self.namespace, {"labelSelector": selector(deployment)})
        return [self.kind.as_revision(found) for found in self.cluster.send(request)["items"]]

    def patch(
        self,
        decide: Callable[[Deployment, D | None], D],
        *,
        listed: Deployment | None = None,
        dry_run: bool = False,
    ) -> tuple[D, Deployment]:
        """Read, decide, write; after a conflict with another client, do all three again.

        Args:
            decide: called with the Deployment as it was read, and the earlier decision that met a conflict, if any;
                returns a decision. Its patch has the resourceVersion; None when nothing is to be sent. The earlier
                patch may have been stored although its answer was lost.
            listed: the Deployment as it was listed, for the first decision; None: it is read.
            dry_run: have the API server store nothing.

        Returns:
            The last decision, and the Deployment as the API server returned it; if nothing was sent, as it was read.

        Raises:
            Refused: from `decide`, or every attempt met a conflict.
        """
        decision: D | None = None
        timing = self.cluster.timing
        for pause in timing.after_conflicts():
            before, listed = listed or self.get(), None
            decision = decide(before, decision)
            if decision.patch is None:
                return decision, before
            request = patch_request(self.kind.resource, self.namespace, self.name, decision.patch, dry_run=dry_run)
            self._sending = True
            try:
                return decision, cast(Deployment, self.cluster.send(request))
            except Conflict as x:
                self._maybe_patched, self._sending = self._maybe_patched or x.maybe_acted, False
                logger.debug(f"{self} was changed by another client meanwhile; deciding again")
                time.sleep(pause)
        attempts = timing.conflict_attempts
        raise Refused(f"{self} is being changed all the time by another client; gave up after {attempts} attempts")


def whoami() -> str:
    """Return user and host, for the record."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # an arbitrary user id in a container has no name
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"
