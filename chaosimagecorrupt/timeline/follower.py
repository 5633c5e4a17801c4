"""Follows workloads of one namespace, and the objects around them, in the background."""

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import Forbidden, ImageCorruptError, one_line
from ..kube.client import Cluster
from ..kube.informer import Inbox, Informer
from ..kube.labels import selector
from ..kube.requests import PAGE, list_request
from ..kube.resources import EVENTS, PODS, Resource
from ..kube.types import Deployment, Object
from ..workload.admission import read_admission
from ..workload.conditions import find_resource
from ..workload.rollout import owned
from ..workload.webhooks import webhooks_served
from .chronicle import compact, whole
from .followed_operator import FollowedOperator
from .operator import Operator
from .ownership import deployment_of
from .sink import TimelineSink

__all__ = ["MOST_PODS", "NamespaceFollower"]

# Above this number of pods, only Pending ones are followed: to list all pods of a large Deployment takes seconds
MOST_PODS = 100
# Each pod that starts or ends leaves Events with these reasons; reading them for thousands of pods would be a waste. A
# field selector has no "or", so that it cannot name those that are kept instead
_ROUTINE = (
    *("Scheduled", "Pulled", "Created", "Started", "Killing"),
    *("SuccessfulCreate", "SuccessfulDelete", "ScalingReplicaSet"),
)
EVENT_SELECTOR = ",".join(f"reason!={reason}" for reason in _ROUTINE)
# seconds that `end` waits for the thread
_END_TIMEOUT = 2.0


class NamespaceFollower:
    """Follows one workload by selectors that match only it, or many of a kind and a namespace together.

    It lists and watches in threads of its own, so that nothing waits for it. A kind that the role does not allow to
    read, or an object that does not exist, is reported to the sinks as missing.

    Args:
        sinks: one for each workload; all are of the same kind, in the same namespace of the same cluster.
        operators: the operators whose resources are followed too.
    """

    def __init__(self, sinks: Sequence[TimelineSink], operators: Sequence[FollowedOperator]) -> None:
        self._sinks = {sink.target.name: sink for sink in sinks}
        self._first_target = sinks[0].target
        self._kind = self._first_target.kind
        self._operators = operators
        self._inbox: Inbox = queue.SimpleQueue()
        self._informers: dict[str, Informer] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"timeline of {self._first_target}")

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def end(self) -> None:
        """Stop following."""
        self._ended.set()
        self._inbox.put(lambda: None)
        if self._thread.is_alive():
            self._thread.join(_END_TIMEOUT)

    def sinks_of(self, kind: str, found: Object) -> list[TimelineSink]:
        """Return the sinks of the Deployments that an object belongs to."""
        if kind == "Resource" or (len(self._sinks) == 1 and kind != "Event"):
            return list(self._sinks.values())
        name = deployment_of(kind, found, self._sinks, self._kind)
        return [self._sinks[name]] if name in self._sinks else []

    def _run(self) -> None:
        try:
            self._begin()
            while not self._ended.is_set():
                self._take(self._inbox.get())
        finally:
            for sink in self._sinks.values():
                sink.on_following()
            for informer in self._informers.values():
                informer.end()

    def _take(self, change: Callable[[], None]) -> None:
        change()
        for source, informer in list(self._informers.items()):
            if informer.error is not None:
                del self._informers[source]
                self.on_missing(source, informer.error)

    def _begin(self) -> None:
        deployments = self._list_deployments()
        for operator, cluster in self._operators:
            self._list_operator_resource(operator, cluster)
        for informer in self._informers.values():
            informer.start()
        for sink in self._sinks.values():
            sink.on_following()
        if deployments:
            self._read_webhooks(deployments)

    def _list_deployments(self) -> list[Object]:
        """List the Deployments and the objects that belong to them; return those Deployments that exist, compact."""
        single = len(self._sinks) == 1
        query = {"fieldSelector": f"metadata.name={self._first_target.name}"} if single else {"limit": PAGE}
        listed = self._list(self._kind.name, self._kind.resource, query)
        deployments = {d["metadata"]["name"]: d for d in listed if d["metadata"]["name"] in self._sinks}
        for name, sink in self._sinks.items():
            if name not in deployments:
                sink.on_missing(self._kind.name, f"{sink.target} does not exist")
        if not deployments:
            return []
        only = whole(deployments[self._first_target.name]) if single else None
        labels = {} if only is None else {"labelSelector": selector(only)}
        sets = self._list(self._kind.revision_name, self._kind.revisions, {**labels, "limit": PAGE})
        by_name = self._by_workload(sets)
        for name, deployment in deployments.items():
            self._sinks[name].on_initial(self._kind.revision_name, owned(deployment, by_name[name]))
            self._sinks[name].on_initial(self._kind.name, [deployment])
        self._send_initial("Pod", self._list("Pod", PODS, {**labels, **self._pods_query(only)}))
        self._send_initial("Event", self._list("Event", EVENTS, {"fieldSelector": EVENT_SELECTOR, "limit": PAGE}))
        return list(deployments.values())

    def _by_workload(self, revisions: Sequence[Object]) -> Mapping[str, list[Object]]:
        """Return revisions by the name of their workload, so that each need not look through those of all."""
        found = defaultdict[str, list[Object]](list)
        for revision in revisions:
            for sink in self.sinks_of(self._kind.revision_name, revision):
                found[sink.target.name].append(revision)
        return found

    def _pods_query(self, only: Deployment | None) -> dict[str, str]:
        """Return which pods to follow, of one Deployment or of several."""
        if only is not None and self._kind.counts(only).desired <= MOST_PODS:
            return {"limit": PAGE}
        for sink in self._sinks.values():
            sink.on_limited("Pod", "only Pending ones; one that is no longer Pending counts as gone")
        return {"limit": PAGE, "fieldSelector": "status.phase=Pending"}

    def _list_operator_resource(self, operator: Operator, cluster: Cluster) -> None:
        source = operator.source
        try:
            resource = find_resource(cluster, operator.api_version, operator.kind)
        except ImageCorruptError as x:
            self.on_missing(source, x)
            return
        namespace = operator.namespace if resource.namespaced else None
        only = {"fieldSelector": f"metadata.name={operator.name}"}
        found = self._list(source, resource, only, cluster, namespace, operator.kind)
        if not found:
            self.on_missing(source, f"{operator} does not exist")
        self._send_initial("Resource", found)

    def _list(
        self,
        source: str,
        resource: Resource,
        query: Mapping[str, str],
        cluster: Cluster | None = None,
        namespace: str | None = None,
        operator_kind: str = "",
    ) -> list[Any]:
        if cluster is None:
            cluster, namespace = self._first_target.cluster, self._first_target.namespace
        kind = source.partition(" ")[0]
        handler = _ChangeForwarder(self, kind)
        request = list_request(resource, namespace, query)
        try:
            informer = Informer(
                cluster, request, self._inbox, handler, lambda found: _compact(kind, found, operator_kind)
            )
        except ImageCorruptError as x:
            self.on_missing(source, x)
            return []
        self._informers[source] = informer
        return list(informer.objects.values())

    def _send_initial(self, kind: str, found: Sequence[Object]) -> None:
        for each in found:
            for sink in self.sinks_of(kind, each):
                sink.on_initial(kind, [each])

    def on_missing(self, source: str, why: object) -> None:
        """Tell each sink that a kind, or an operator's resource, is not followed, or not any longer, and why."""
        for sink in self._sinks.values():
            sink.on_missing(source, why)

    def on_gap(self, kind: str, since: float, until: float, lost: bool) -> None:
        """Tell each sink of a time in which changes of a kind were not followed."""
        for sink in self._sinks.values():
            sink.on_gap(kind, since, until, lost)

    def _read_webhooks(self, deployments: Sequence[Object]) -> None:
        try:
            admission, unknown = read_admission(self._first_target), ""
        except Forbidden as x:
            admission, unknown = None, one_line(x)
        except ImageCorruptError as x:
            admission, unknown = None, f"they could not be read: {one_line(x)}"
        for deployment in deployments:
            served = webhooks_served(whole(deployment), *admission) if admission is not None else None
            self._sinks[deployment["metadata"]["name"]].on_webhooks(served, unknown)


def _compact(kind: str, found: Object, operator_kind: str) -> Object | None:
    """Return what is kept of an object, None for an Event that is not about a pull."""
    kept = compact(kind, {**found, "kind": operator_kind} if operator_kind else found)
    return kept if kept.get("state", kept) is not None else None


class _ChangeForwarder:
    """Passes the changes of one kind on to the sinks that they belong to."""

    def __init__(self, follower: NamespaceFollower, kind: str) -> None:
        self._follower, self._kind = follower, kind

    def changed(self, found: Object, gone: bool) -> None:
        for sink in self._follower.sinks_of(self._kind, found):
            sink.on_change(self._kind, found, gone)

    def on_gap(self, since: float, until: float, lost: bool) -> None:
        self._follower.on_gap(self._kind, since, until, lost)
