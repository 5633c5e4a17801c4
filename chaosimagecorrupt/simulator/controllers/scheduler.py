"""The scheduler: binds each Pod to a node."""

from datetime import UTC, datetime
from functools import partial

from ..clock import Clock
from ..timestamps import timestamp
from ..types import Json
from .client import Client
from .events import reference
from .informer import Informer
from .randomness import Randomness
from .workqueue import Key, Work, WorkQueue

__all__ = ["Scheduler"]

NAME = "default-scheduler"
# Seconds after which the scheduler tries again to bind a Pod (podMaxInUnschedulablePodsDuration)
RETRY = 300.0


class Scheduler:
    """Binds Pods in turn to the nodes that their nodeSelector matches; nodes are never full.

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
        informer.on("pods", self._pod_changed)
        informer.on("nodes", self._node_changed)

    def _pod_changed(self, old: Json | None, new: Json | None) -> None:
        if new is not None and _unbound(new):
            self._queue.add((new["metadata"]["namespace"], new["metadata"]["name"]))

    def _node_changed(self, old: Json | None, new: Json | None) -> None:
        """Queue the Pods that are not bound when a node is new or has other labels."""
        if new is not None and (old is None or old["metadata"].get("labels") != new["metadata"].get("labels")):
            for pod in filter(_unbound, self._client.store.list("pods")):
                self._queue.add((pod["metadata"]["namespace"], pod["metadata"]["name"]))

    def _sync(self, key: Key) -> Work:
        pod = self._informer.get("pods", *key)
        if pod is None or not _unbound(pod):
            return
        now = self._clock.now()
        nodes = self._client.store.list("nodes")
        fitting = [node["metadata"]["name"] for node in nodes if _fits(pod, node)]
        if not fitting:
            yield from self._give_up(pod, len(nodes), now)
            return
        self._turn += 1
        node = fitting[self._turn % len(fitting)]
        yield partial(self._client.patch_status, "pods", *key, partial(_bound, node=node, time=timestamp(now)))
        message = f"Successfully assigned {key[0]}/{key[1]} to {node}"
        yield partial(self._client.create, "events", _event(pod, "Normal", "Scheduled", "Binding", message, now))

    def _give_up(self, pod: Json, nodes: int, now: float) -> Work:
        """Report that a Pod cannot be bound, and try again later (handleSchedulingFailure)."""
        message = f"0/{nodes} nodes are available"
        if nodes:
            message += f": {nodes} node(s) didn't match Pod's node affinity/selector"
        key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        self._queue.add_after(key, RETRY)
        if any(each["type"] == "PodScheduled" for each in pod["status"].get("conditions", ())):
            return
        change = partial(_unschedulable, message=message, time=timestamp(now))
        yield partial(self._client.patch_status, "pods", *key, change)
        event = _event(pod, "Warning", "FailedScheduling", "Scheduling", message, now)
        yield partial(self._client.create, "events", event)


def _unbound(pod: Json) -> bool:
    spec, metadata = pod["spec"], pod["metadata"]
    ours = spec.get("schedulerName", NAME) == NAME
    return ours and not spec.get("nodeName") and "deletionTimestamp" not in metadata


def _fits(pod: Json, node: Json) -> bool:
    wanted: dict[str, str] = pod["spec"].get("nodeSelector") or {}
    labels: dict[str, str] = node["metadata"].get("labels") or {}
    return wanted.items() <= labels.items()


def _bound(pod: Json, node: str, time: str) -> Json:
    """Return the Pod on a node; written like a status, because binding does not move the generation."""
    bound = _with_scheduled(pod, {"status": "True", "lastProbeTime": None, "lastTransitionTime": time})
    return {**bound, "spec": {**pod["spec"], "nodeName": node}}


def _unschedulable(pod: Json, message: str, time: str) -> Json:
    condition = {"status": "False", "lastProbeTime": None, "lastTransitionTime": time}
    return _with_scheduled(pod, {**condition, "reason": "Unschedulable", "message": message})


def _with_scheduled(pod: Json, condition: Json) -> Json:
    others = [each for each in pod["status"].get("conditions", ()) if each["type"] != "PodScheduled"]
    conditions = [*others, {"type": "PodScheduled", **condition}]
    return {**pod, "status": {**pod["status"], "conditions": conditions}}


def _event(pod: Json, type_: str, reason: str, action: str, message: str, now: float) -> Json:
    """Return an event in the form of events.k8s.io/v1, which counts nothing."""
    metadata = pod["metadata"]
    precise = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    event: Json = {
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
