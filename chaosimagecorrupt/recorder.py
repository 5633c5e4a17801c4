"""Follows a Deployment and what is around it in the background, and writes the timeline."""

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from logzero import logger

from .chronicle import Chronicle, folded
from .cluster import Cluster
from .conditions import find_resource
from .errors import Forbidden, ImageCorruptError, plain
from .informer import Inbox, Informer
from .inspection import served_webhooks
from .requests import Resource, list_request
from .rollout import owned
from .selectors import selector
from .target import Target
from .timeline import Timeline
from .verdict import Operator
from .waiting import DEPLOYMENTS, PODS, REPLICA_SETS

__all__ = ["Recorder"]

EVENTS = Resource("", "v1", "events")

# Above this, only Pending pods are followed: the first list of all pods of a large Deployment takes seconds
MOST_PODS = 100
PAGE = "500"
# What a pod's name begins with: k8s.io/apiserver/pkg/storage/names cuts a longer one
_PREFIX = 40
# seconds that the end of the thread is waited for
_LAST = 2.0

Object = dict[str, Any]


class Recorder:
    """Follows one Deployment, its ReplicaSets, pods and pull events, and the resource of an operator.

    Nobody waits for it: it lists and watches in threads of its own. What the role does not allow to read, or is not
    there, is left out, and the timeline says so.

    Args:
        target: the Deployment.
        operator: whose resource is followed too; None without one.
        operator_cluster: where that is.
    """

    def __init__(
        self, target: Target, operator: Operator | None = None, operator_cluster: Cluster | None = None
    ) -> None:
        self.target, self.operator = target, operator
        self.webhooks: list[Object] | None = None
        self.webhooks_unknown = "nobody looked"
        self._operator_cluster = operator_cluster or target.cluster
        self._chronicle = Chronicle(Timeline(time.time()))
        self._started = time.monotonic()
        self._inbox: Inbox = queue.SimpleQueue()
        self._informers: dict[str, Informer] = {}
        self._begun, self._ended = threading.Event(), threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"timeline of {target}")

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def following(self, timeout: float) -> bool:
        """Wait until everything is followed, or known not to be; return whether that is so.

        Args:
            timeout: seconds.
        """
        return self._begun.wait(timeout)

    def wait(self, is_over: Callable[[Mapping[str, Any]], bool], timeout: float) -> bool:
        """Wait until the timeline is as wanted.

        Args:
            is_over: decides on the timeline as it is kept in the journal; asked after each change.
            timeout: seconds.

        Returns:
            Whether it got there in time.
        """
        until = time.monotonic() + timeout
        while True:
            with self._changed:
                if is_over(self._timeline()):
                    return True
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)

    def rest(self, quiet: float, at_most: float) -> None:
        """Wait until nothing more comes: each kind is followed on a connection of its own, and one may lag.

        Args:
            quiet: seconds in which nothing came.
            at_most: seconds to wait for that.
        """
        until = time.monotonic() + at_most
        with self._changed:
            while self._changed.wait(quiet) and time.monotonic() < until:
                pass

    def timeline(self) -> dict[str, Any]:
        """Return the timeline so far, as the journal keeps it."""
        with self._changed:
            return self._timeline()

    def end(self) -> None:
        """Stop following."""
        self._ended.set()
        self._inbox.put(lambda: None)
        if self._thread.is_alive():
            self._thread.join(_LAST)

    def _timeline(self) -> dict[str, Any]:
        return self._chronicle.timeline.to_json(self._now())

    def _now(self) -> float:
        return time.monotonic() - self._started

    def _run(self) -> None:
        try:
            self._begin()
            while not self._ended.is_set():
                self._take(self._inbox.get())
        finally:
            self._begun.set()
            for informer in self._informers.values():
                informer.end()

    def _take(self, change: Callable[[], None]) -> None:
        with self._changed:
            change()
            for kind, informer in list(self._informers.items()):
                if informer.error is not None:
                    del self._informers[kind]
                    self._leave_out(kind, informer.error)
            self._changed.notify_all()

    def _begin(self) -> None:
        namespace, cluster = self.target.namespace, self.target.cluster
        only = {"fieldSelector": f"metadata.name={self.target.name}"}
        deployments = self._list("Deployment", cluster, DEPLOYMENTS, namespace, only)
        deployment = next(iter(deployments), None)
        if deployment is None:
            self._leave_out("Deployment", f"{self.target} is not there")
        else:
            self._begin_with(deployment)
        if self.operator is not None:
            self._begin_operator(self.operator)
        for informer in self._informers.values():
            informer.start()
        self._begun.set()
        if deployment is not None:
            self._read_webhooks(deployment)

    def _begin_with(self, deployment: Object) -> None:
        namespace, cluster, labels = self.target.namespace, self.target.cluster, {"labelSelector": selector(deployment)}
        pods = {**labels, "limit": PAGE}
        if deployment["spec"].get("replicas", 1) > MOST_PODS:
            pods["fieldSelector"] = "status.phase=Pending"
            self._chronicle.timeline.limited("Pod", "only Pending ones; one that is no longer Pending counts as gone")
        sets = owned(deployment, self._list("ReplicaSet", cluster, REPLICA_SETS, namespace, labels))
        self._first("ReplicaSet", sets)
        self._first("Deployment", [deployment])
        self._first("Pod", self._list("Pod", cluster, PODS, namespace, pods))
        about_pods = {"fieldSelector": "involvedObject.kind=Pod", "limit": PAGE}
        self._first("Event", self._list("Event", cluster, EVENTS, namespace, about_pods))

    def _begin_operator(self, operator: Operator) -> None:
        try:
            resource = find_resource(self._operator_cluster, operator.api_version, operator.kind)
        except ImageCorruptError as x:
            self._leave_out("Resource", x)
            return
        namespace = operator.namespace if resource.namespaced else None
        only = {"fieldSelector": f"metadata.name={operator.name}"}
        found = self._list("Resource", self._operator_cluster, resource, namespace, only)
        if not found:
            self._leave_out("Resource", f"{operator} is not there")
        self._first("Resource", found)

    def _list(
        self, kind: str, cluster: Cluster, resource: Resource, namespace: str | None, query: Mapping[str, str]
    ) -> list[Object]:
        follower = _Follower(self, kind)
        request = list_request(resource, namespace, query)
        try:
            informer = Informer(cluster, request, self._inbox, follower, lambda found: self._kept(kind, found))
        except ImageCorruptError as x:
            self._leave_out(kind, x)
            return []
        self._informers[kind] = informer
        return list(informer.objects.values())

    def _kept(self, kind: str, found: Object) -> Object:
        if kind == "Resource" and self.operator is not None:
            return folded(kind, {**found, "kind": self.operator.kind})
        about = (found.get("involvedObject") or {}).get("name") or ""
        if kind == "Event" and not about.startswith(self.target.name[:_PREFIX]):
            return {**folded(kind, found), "state": None}
        return folded(kind, found)

    def _first(self, kind: str, found: Sequence[Mapping[str, Any]]) -> None:
        with self._changed:
            for each in found:
                self._chronicle.take(self._now(), kind, dict(each))

    def _leave_out(self, kind: str, why: object) -> None:
        logger.debug(f"{self.target}: the timeline is without {kind}: {plain(why)}")
        self._chronicle.timeline.missing(kind, str(why))
        if kind == "ReplicaSet":
            self._chronicle.without_replica_sets = True

    def _read_webhooks(self, deployment: Object) -> None:
        try:
            self.webhooks = served_webhooks(self.target, deployment)
        except Forbidden as x:
            self.webhooks_unknown = plain(x)
        except ImageCorruptError as x:
            self.webhooks_unknown = f"they could not be read: {plain(x)}"

    def changed(self, kind: str, found: Object, gone: bool) -> None:
        """Take a change of an informer's."""
        self._chronicle.take(self._now(), kind, found, gone=gone)

    def missed(self, kind: str, since: float, until: float, lost: bool) -> None:
        """Take a gap of an informer's."""
        self._chronicle.timeline.gap(since - self._started, until - self._started, kind, lost=lost)


class _Follower:
    """Tells a recorder of the changes of one kind."""

    def __init__(self, recorder: Recorder, kind: str) -> None:
        self._recorder, self._kind = recorder, kind

    def changed(self, found: Object, gone: bool) -> None:
        self._recorder.changed(self._kind, found, gone)

    def missed(self, since: float, until: float, lost: bool) -> None:
        self._recorder.missed(self._kind, since, until, lost)
