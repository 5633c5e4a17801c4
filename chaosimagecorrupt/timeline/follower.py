"""Follows Deployments of one namespace and what is around them in the background, and tells their recorders."""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ..errors import Forbidden, ImageCorruptError, one_line
from ..kube.client import Cluster
from ..kube.informer import Inbox, Informer
from ..kube.labels import selector
from ..kube.requests import list_request
from ..kube.resources import DEPLOYMENTS, EVENTS, PODS, REPLICA_SETS, Resource
from ..workload.conditions import find_resource
from ..workload.rollout import owned
from ..workload.target import Target
from ..workload.webhooks import read_admission, webhooks_served
from .chronicle import folded
from .operator import Operator

__all__ = ["MOST_PODS", "NamespaceFollower", "TimelineSink", "deployment_of"]


# Above this, only Pending pods are followed: the first list of all pods of a large Deployment takes seconds
MOST_PODS = 100
PAGE = "500"
# Each pod that starts leaves these; thousands of them would be read for nothing. A selector has no "or", so that it
# cannot name those that are wanted
_OF_STARTS = ("Scheduled", "Pulled", "Created", "Started", "Killing")
ABOUT_PULLS = ",".join(["involvedObject.kind=Pod", *(f"reason!={reason}" for reason in _OF_STARTS)])
# A pod is called <Deployment>-<10 characters>-<5>, but k8s.io/apiserver/pkg/storage/names cuts what stands before the
# last part to 58 characters; of a longer name only the beginning is compared
_LONGEST = 46
_PREFIX = 40
# seconds that the end of the thread is waited for
_LAST = 2.0

Object = dict[str, Any]


class TimelineSink(Protocol):
    """Who is told of one Deployment: a recorder. All of it may be called from any thread."""

    target: Target

    def first(self, kind: str, found: Sequence[Mapping[str, Any]]) -> None:
        """Take the objects of a kind that were there at the beginning."""

    def changed(self, kind: str, found: Object, gone: bool) -> None:
        """Take an object that was added, changed, or is gone."""

    def on_gap(self, kind: str, since: float, until: float, lost: bool) -> None:
        """Take a gap, see `informer.ChangeHandler`."""

    def leave_out(self, kind: str, why: object) -> None:
        """Take that a kind is not followed, or no longer."""

    def limited(self, kind: str, to: str) -> None:
        """Take that not all objects of a kind are followed."""

    def begun(self) -> None:
        """Take that everything is followed, or known not to be."""

    def serves(self, webhooks: list[Object] | None, unknown: str) -> None:
        """Take which webhooks the pods serve; None, and why, when it is not known."""


class NamespaceFollower:
    """Follows one Deployment by selectors that match only it, or many of a namespace together.

    Nobody waits for it: it lists and watches in threads of its own. What the role does not allow to read, or is not
    there, is left out, and that is told.

    Args:
        told: the recorders, all of Deployments in the same namespace of the same cluster.
        operator: whose resource is followed too; None without one.
        operator_cluster: where that is.
    """

    def __init__(self, told: Sequence[TimelineSink], operator: Operator | None, operator_cluster: Cluster) -> None:
        self._told = {t.target.name: t for t in told}
        self._any = told[0].target
        self._operator, self._operator_cluster = operator, operator_cluster
        self._inbox: Inbox = queue.SimpleQueue()
        self._informers: dict[str, Informer] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"timeline of {self._any}")

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def end(self) -> None:
        """Stop following."""
        self._ended.set()
        self._inbox.put(lambda: None)
        if self._thread.is_alive():
            self._thread.join(_LAST)

    def whose(self, kind: str, found: Object) -> list[TimelineSink]:
        """Return who is to be told of an object."""
        if kind == "Resource" or (len(self._told) == 1 and kind != "Event"):
            return list(self._told.values())
        name = deployment_of(kind, found, self._told)
        return [self._told[name]] if name in self._told else []

    def _run(self) -> None:
        try:
            self._begin()
            while not self._ended.is_set():
                self._take(self._inbox.get())
        finally:
            for told in self._told.values():
                told.begun()
            for informer in self._informers.values():
                informer.end()

    def _take(self, change: Callable[[], None]) -> None:
        change()
        for kind, informer in list(self._informers.items()):
            if informer.error is not None:
                del self._informers[kind]
                self.leave_out(kind, informer.error)

    def _begin(self) -> None:
        deployments = self._begin_with_deployments()
        if self._operator is not None:
            self._begin_operator(self._operator)
        for informer in self._informers.values():
            informer.start()
        for told in self._told.values():
            told.begun()
        if deployments:
            self._read_webhooks(deployments)

    def _begin_with_deployments(self) -> list[Object]:
        """List the Deployments and what is theirs; return those that are there."""
        alone = len(self._told) == 1
        only = {"fieldSelector": f"metadata.name={self._any.name}"} if alone else {"limit": PAGE}
        listed = self._list("Deployment", DEPLOYMENTS, only)
        deployments = {d["metadata"]["name"]: d for d in listed if d["metadata"]["name"] in self._told}
        for name, told in self._told.items():
            if name not in deployments:
                told.leave_out("Deployment", f"{told.target} is not there")
        if not deployments:
            return []
        labels = {"labelSelector": selector(deployments[self._any.name])} if alone else {}
        sets = self._list("ReplicaSet", REPLICA_SETS, {**labels, "limit": PAGE})
        for name, deployment in deployments.items():
            self._told[name].first("ReplicaSet", owned(deployment, sets))
            self._told[name].first("Deployment", [deployment])
        self._first("Pod", self._list("Pod", PODS, {**labels, **self._pods(deployments.values())}))
        self._first("Event", self._list("Event", EVENTS, {"fieldSelector": ABOUT_PULLS, "limit": PAGE}))
        return list(deployments.values())

    def _pods(self, deployments: Any) -> dict[str, str]:
        if len(self._told) == 1 and sum(d["spec"].get("replicas", 1) for d in deployments) <= MOST_PODS:
            return {"limit": PAGE}
        for told in self._told.values():
            told.limited("Pod", "only Pending ones; one that is no longer Pending counts as gone")
        return {"limit": PAGE, "fieldSelector": "status.phase=Pending"}

    def _begin_operator(self, operator: Operator) -> None:
        try:
            resource = find_resource(self._operator_cluster, operator.api_version, operator.kind)
        except ImageCorruptError as x:
            self.leave_out("Resource", x)
            return
        namespace = operator.namespace if resource.namespaced else None
        only = {"fieldSelector": f"metadata.name={operator.name}"}
        found = self._list("Resource", resource, only, self._operator_cluster, namespace)
        if not found:
            self.leave_out("Resource", f"{operator} is not there")
        self._first("Resource", found)

    def _list(
        self,
        kind: str,
        resource: Resource,
        query: Mapping[str, str],
        cluster: Cluster | None = None,
        namespace: str | None = None,
    ) -> list[Object]:
        cluster, namespace = (cluster, namespace) if cluster else (self._any.cluster, self._any.namespace)
        handler = _ChangeForwarder(self, kind)
        request = list_request(resource, namespace, query)
        try:
            informer = Informer(cluster, request, self._inbox, handler, lambda found: self._kept(kind, found))
        except ImageCorruptError as x:
            self.leave_out(kind, x)
            return []
        self._informers[kind] = informer
        return list(informer.objects.values())

    def _kept(self, kind: str, found: Object) -> Object:
        if kind == "Resource" and self._operator is not None:
            found = {**found, "kind": self._operator.kind}
        return folded(kind, found)

    def _first(self, kind: str, found: Sequence[Object]) -> None:
        for each in found:
            for told in self.whose(kind, each):
                told.first(kind, [each])

    def leave_out(self, kind: str, why: object) -> None:
        """Tell all that a kind is not followed, or no longer."""
        for told in self._told.values():
            told.leave_out(kind, why)

    def on_gap(self, kind: str, since: float, until: float, lost: bool) -> None:
        """Tell all of a gap."""
        for told in self._told.values():
            told.on_gap(kind, since, until, lost)

    def _read_webhooks(self, deployments: Sequence[Object]) -> None:
        try:
            admission, unknown = read_admission(self._any), ""
        except Forbidden as x:
            admission, unknown = None, one_line(x)
        except ImageCorruptError as x:
            admission, unknown = None, f"they could not be read: {one_line(x)}"
        for deployment in deployments:
            served = webhooks_served(deployment, *admission) if admission is not None else None
            self._told[deployment["metadata"]["name"]].serves(served, unknown)


class _ChangeForwarder:
    """Tells of the changes of one kind."""

    def __init__(self, follower: NamespaceFollower, kind: str) -> None:
        self._follower, self._kind = follower, kind

    def changed(self, found: Object, gone: bool) -> None:
        for told in self._follower.whose(self._kind, found):
            told.changed(self._kind, found, gone)

    def on_gap(self, since: float, until: float, lost: bool) -> None:
        self._follower.on_gap(self._kind, since, until, lost)


def deployment_of(kind: str, found: Mapping[str, Any], names: Mapping[str, object]) -> str | None:
    """Return the Deployment that an object belongs to, None when it is none of those.

    Args:
        kind: Deployment, ReplicaSet, Pod or Event.
        found: from `chronicle.folded`.
        names: of the Deployments.
    """
    if kind == "Deployment":
        name = found["metadata"]["name"]
    elif kind == "ReplicaSet":
        owners = found["metadata"].get("ownerReferences") or []
        name = next((o["name"] for o in owners if o.get("controller") and o.get("kind") == "Deployment"), None)
    elif kind == "Pod":
        # kubernetes/pkg/controller/deployment/sync.go: getNewReplicaSet
        name = (found["state"].get("replicaSet") or "").rpartition("-")[0]
    else:
        pod = (found["state"] or {}).get("pod") or ""
        name = pod.rpartition("-")[0].rpartition("-")[0]
        if name not in names:
            name = next((n for n in names if len(n) > _LONGEST and pod.startswith(n[:_PREFIX])), None)
    return name if name in names else None
