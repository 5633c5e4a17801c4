"""The scheduler: binds each Pod to a node."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from ..clock import Clock
from ..timestamps import timestamp
from ..types import Object
from .client import Client
from .events import reference
from .host_ports import HostPort, are_free, host_ports
from .informer import Informer
from .node_affinity import matches_node, untolerated
from .pod_affinity import AFFINITY, PodAffinity
from .randomness import Randomness
from .workqueue import Key, Work, WorkQueue

__all__ = ["Scheduler"]

NAME = "default-scheduler"
# Seconds after which the scheduler tries again to bind a Pod (podMaxInUnschedulablePodsDuration)
RETRY = 300.0


SELECTOR = "node(s) didn't match Pod's node affinity/selector"
TAINT = "node(s) had untolerated taint"
PORTS = "node(s) didn't have free ports for the requested pod ports"
NO_CLAIMS = "no new claims to deallocate"
# Removing Pods from a node cannot change these
UNRESOLVABLE = (SELECTOR, TAINT, AFFINITY)


class Scheduler:
    """Binds Pods in turn to the nodes that fit: by node selector and affinity, taints, host ports and affinity to Pods.

    Nodes are never full.

    Args:
        informer: of Pods.
        client: sends the writes, and reads the nodes.
        clock: the time, and callbacks at a later time.
        randomness: how long requests take.
    """

    def __init__(self, informer: Informer, client: Client, clock: Clock, randomness: Randomness) -> None:
        self._informer = informer
        self._client = client
        self._clock = clock
        self._queue = WorkQueue(clock, randomness, self._sync, workers=100)
        self._turn = 0
        # By uid, Pods whose binding is on its way, as they will be
        self._assumed: dict[str, Object] = {}
        # Pods that no node fits for
        self._waiting: set[Key] = set()
        # Pods with an affinity to Pods: without any, the others need not be looked at
        self._affine: set[Key] = set()
        informer.on("pods", self._pod_changed)
        informer.on("nodes", self._node_changed)

    def _pod_changed(self, old: Object | None, new: Object | None) -> None:
        if new is not None and _unbound(new):
            self._queue.add(_key(new))
        if new is None and old is not None:
            self._waiting.discard(_key(old))
            self._affine.discard(_key(old))
        elif new is not None and {"podAffinity", "podAntiAffinity"} & (new["spec"].get("affinity") or {}).keys():
            self._affine.add(_key(new))
        if _what_others_see(old) != _what_others_see(new):
            for key in sorted(self._waiting):
                self._queue.add(key)

    def _node_changed(self, old: Object | None, new: Object | None) -> None:
        """Queue the Pods that are not bound when a node is new or has other labels or taints."""
        if new is not None and (old is None or _what_pods_see(old) != _what_pods_see(new)):
            for pod in filter(_unbound, self._client.store.list("pods")):
                self._queue.add(_key(pod))

    def _sync(self, key: Key) -> Work:
        pod = self._informer.get("pods", *key)
        self._waiting.discard(key)
        if pod is None or not _unbound(pod):
            return
        now = self._clock.now()
        refusals = self._refusals(pod)
        fitting = [node for node, refusal in refusals.items() if not refusal]
        if not fitting:
            self._waiting.add(key)
            yield from self._give_up(pod, list(refusals.values()), now)
            return
        self._turn += 1
        node = fitting[self._turn % len(fitting)]
        uid = pod["metadata"]["uid"]
        self._assumed[uid] = {**pod, "spec": {**pod["spec"], "nodeName": node}}
        try:
            yield partial(self._client.patch_status, "pods", *key, partial(_bound, node=node, time=timestamp(now)))
        finally:
            del self._assumed[uid]
        message = f"Successfully assigned {key[0]}/{key[1]} to {node}"
        yield partial(self._client.create, "events", _event(pod, "Normal", "Scheduled", "Binding", message, now))

    def _refusals(self, pod: Object) -> dict[str, str]:
        """Return why each node does not fit for a Pod, by the node's name; empty for those that do."""
        nodes = {node["metadata"]["name"]: node for node in self._client.store.list("nodes")}
        labels = {name: node["metadata"].get("labels") or {} for name, node in nodes.items()}
        assigned = self._assigned() if any(host_ports(pod["spec"])) or self._affine else []
        affinity = PodAffinity(pod, assigned, labels, self._labels_of_namespace)
        return {name: _refusal(pod, node, assigned) or affinity.refusal(name) for name, node in nodes.items()}

    def _assigned(self) -> list[Object]:
        """Return the Pods that are on nodes, or are about to be."""
        stored = filter(_what_others_see, self._client.store.list("pods"))
        return [*stored, *self._assumed.values()]

    def _labels_of_namespace(self, name: str) -> dict[str, str]:
        namespace = self._client.store.get("namespaces", None, name) or {"metadata": {}}
        return namespace["metadata"].get("labels") or {}

    def _give_up(self, pod: Object, refusals: list[str], now: float) -> Work:
        """Report that a Pod cannot be bound, and try again later (handleSchedulingFailure)."""
        message = _why(refusals)
        self._queue.add_after(_key(pod), RETRY)
        known = [each for each in pod["status"].get("conditions", ()) if each["type"] == "PodScheduled"]
        if any(each.get("message") == message for each in known):
            return
        change = partial(_unschedulable, message=message, time=timestamp(now))
        yield partial(self._client.patch_status, "pods", *_key(pod), change)
        event = _event(pod, "Warning", "FailedScheduling", "Scheduling", message, now)
        yield partial(self._client.create, "events", event)


def _refusal(pod: Object, node: Object, assigned: list[Object]) -> str:
    """Return why a Pod may not be on a node, affinity to other Pods aside; empty when it may."""
    if not matches_node(pod["spec"], node):
        return SELECTOR
    taint = untolerated(pod["spec"], node, ("NoSchedule", "NoExecute"))
    if taint:
        return f"{TAINT} {{{taint['key']}: {taint.get('value', '')}}}"
    ports = list(host_ports(pod["spec"]))
    return PORTS if ports and not are_free(ports, _ports_on(node["metadata"]["name"], assigned)) else ""


def _why(refusals: list[str]) -> str:
    """Return what the scheduler says of a Pod that no node fits for (framework.FitError)."""
    message = f"0/{len(refusals)} nodes are available"
    if not refusals:
        return "no nodes available to schedule pods"
    unhelpful = "Preemption is not helpful for scheduling"
    none_found = "No preemption victims found for incoming pod"
    preemption = [unhelpful if refusal.startswith(UNRESOLVABLE) else none_found for refusal in refusals]
    return f"{message}: {_counted(refusals)}. {NO_CLAIMS}, preemption: {message}: {_counted(preemption)}."


def _counted(reasons: list[str]) -> str:
    return ", ".join(sorted(f"{count} {reason}" for reason, count in Counter(reasons).items()))


def _key(pod: Object) -> Key:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


def _what_others_see(pod: Object | None) -> tuple[str, Object] | None:
    """Return what matters of a Pod to others that are scheduled; nothing unless it is on a node and has not ended."""
    if pod is None or not pod["spec"].get("nodeName"):
        return None
    if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
        return None
    return pod["spec"]["nodeName"], pod["metadata"].get("labels") or {}


def _what_pods_see(node: Object) -> tuple[Object, list[Object]]:
    """Return what of a node decides which Pods fit."""
    return node["metadata"].get("labels") or {}, node.get("spec", {}).get("taints") or []


def _ports_on(node: str, assigned: list[Object]) -> Iterator[HostPort]:
    for pod in assigned:
        if pod["spec"]["nodeName"] == node:
            yield from host_ports(pod["spec"])


def _unbound(pod: Object) -> bool:
    spec, metadata = pod["spec"], pod["metadata"]
    ours = spec.get("schedulerName", NAME) == NAME
    return ours and not spec.get("nodeName") and "deletionTimestamp" not in metadata


def _bound(pod: Object, node: str, time: str) -> Object:
    """Return the Pod on a node; written like a status, because binding does not move the generation."""
    bound = _with_scheduled(pod, {"status": "True", "lastProbeTime": None, "lastTransitionTime": time})
    return {**bound, "spec": {**pod["spec"], "nodeName": node}}


def _unschedulable(pod: Object, message: str, time: str) -> Object:
    condition = {"status": "False", "lastProbeTime": None, "lastTransitionTime": time}
    return _with_scheduled(pod, {**condition, "reason": "Unschedulable", "message": message})


def _with_scheduled(pod: Object, condition: Object) -> Object:
    others = [each for each in pod["status"].get("conditions", ()) if each["type"] != "PodScheduled"]
    conditions = [*others, {"type": "PodScheduled", **condition}]
    return {**pod, "status": {**pod["status"], "conditions": conditions}}


def _event(pod: Object, type_: str, reason: str, action: str, message: str, now: float) -> Object:
    """Return an event in the form of events.k8s.io/v1, which counts nothing."""
    metadata = pod["metadata"]
    precise = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    event: Object = {
        "metadata": {"name": f"{metadata['name']}.{int(now * 1e9):x}", "namespace": metadata["namespace"]},
        "involvedObject": reference(pod),
        "reason": reason,
        "message": message,
        "source": {},
        "firstTimestamp": None,
        "lastTimestamp": None,
        "type": type_,
        "eventTime": precise,
        "action": action,
        "reportingComponent": NAME,
        "reportingInstance": NAME,
    }
    return event
