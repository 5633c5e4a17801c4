"""One Deployment on a cluster: reads it and sends patches to it."""

import getpass
import os
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, cast

from logzero import logger

from ..errors import ClusterError, Conflict, ImageCorruptError, NotFound, Refused
from ..kube.client import Cluster, connect
from ..kube.labels import selector
from ..kube.names import check_target
from ..kube.not_found import not_found
from ..kube.requests import get_request, list_request, patch_request
from ..kube.resources import DEPLOYMENTS, REPLICA_SETS
from ..kube.types import Deployment, ReplicaSet

__all__ = ["PatchPlan", "Target", "whoami"]


class PatchPlan(Protocol):
    """What was decided about a Deployment as it was read."""

    @property
    def patch(self) -> Mapping[str, Any] | None:
        """The strategic merge patch with the resourceVersion; None when nothing is to be sent."""


D = TypeVar("D", bound=PatchPlan)


class Target:
    """A Deployment on a cluster.

    Args:
        name: the Deployment's name.
        ns: its namespace.
        cluster: the connection to its cluster.
    """

    def __init__(self, name: str, ns: str, cluster: Cluster) -> None:
        self.name, self.namespace, self.cluster = name, ns, cluster
        self._maybe_patched = False  # whether a patch that was refused may have been stored by an earlier attempt
        self._sending = False  # whether a patch was sent and not answered

    @classmethod
    def of(
        cls, name: str, ns: str, secrets: Mapping[str, Any] | None, configuration: Mapping[str, Any] | None = None
    ) -> "Target":
        """Return the Deployment that an activity was called with.

        Args:
            name: of the Deployment.
            ns: its namespace.
            secrets: how to reach the cluster, see `client.connect`.
            configuration: see `client.connect`.

        Raises:
            Refused: a name is invalid, or no cluster is configured.
        """
        check_target(name, ns)
        return cls(name, ns, connect(secrets, configuration))

    @classmethod
    def found(cls, deployment: Deployment, cluster: Cluster) -> "Target":
        """Return the target for a Deployment that was listed.

        Args:
            deployment: the Deployment as it was listed.
            cluster: the connection to its cluster.
        """
        return cls(deployment["metadata"]["name"], deployment["metadata"]["namespace"], cluster)

    def __str__(self) -> str:
        return f"Deployment {self.namespace}/{self.name}"

    def maybe_stored(self, x: BaseException) -> bool:
        """Return whether the API server may have stored a patch all the same, when `patch` raised this.

        Args:
            x: what was raised; what is no error of this extension, such as KeyboardInterrupt, may come at any moment.
        """
        answered = isinstance(x, ImageCorruptError) and not (isinstance(x, ClusterError) and x.maybe_acted)
        return self._maybe_patched or (self._sending and not answered)

    def get(self) -> Deployment:
        """Read the Deployment.

        Raises:
            NotFound: it, or its namespace, is not there.
        """
        try:
            return cast(Deployment, self.cluster.send(get_request(DEPLOYMENTS, self.namespace, self.name)))
        except NotFound as x:
            raise not_found(self.cluster, self.namespace, self.name) from x

    def replica_sets(self, deployment: Deployment) -> list[ReplicaSet]:
        """Read the ReplicaSets that the Deployment's selector matches."""
        query = {"labelSelector": selector(deployment)}
        return list(self.cluster.send(list_request(REPLICA_SETS, self.namespace, query))["items"])

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
            request = patch_request(DEPLOYMENTS, self.namespace, self.name, decision.patch, dry_run=dry_run)
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
