"""The scheduler: binds each Pod to a node."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import partial
from typing import Any

from chaosimagecorrupt.simulator.clock import Clock
from chaosimagecorrupt.simulator.controllers.cache import Cache
from chaosimagecorrupt.simulator.controllers.chance import Chance
from chaosimagecorrupt.simulator.controllers.client import Client
from chaosimagecorrupt.simulator.controllers.events import reference
from chaosimagecorrupt.simulator.controllers.runtime import Key, Work, WorkQueue
from chaosimagecorrupt.simulator.store import Obj, timestamp

__all__ = ["Scheduler"]

NAME = "default-scheduler"


class Scheduler:
    """Binds Pods in turn to the nodes that are there; there is always room."""

    def __init__(self, cache: Cache, client: Client, clock: Clock, chance: Chance) -> None:
        """Listen to the cache.

        Args:
            cache: Pods as seen.
            client: Writes, and knows the nodes.
            clock: What waits.
            chance: How long requests take.
        """
        self._cache = cache
        self._client = client
        self._clock = clock
        self._queue = WorkQueue(clock, chance, self._sync, workers=100)
        self._turn = 0
        cache.on("pods", self._pod_changed)

    def _pod_changed(self, old: Obj | None, new: Obj | None) -> None:
        if new is not None and _unbound(new):
            self._queue.add((new["metadata"]["namespace"], new["metadata"]["name"]))

    def _sync(self, key: Key) -> Work:
        pod = self._cache.get("pods", *key)
        nodes = self._client.store.list("nodes")
        if pod is None or not _unbound(pod) or not nodes:
            return
        self._turn += 1
        node = nodes[self._turn % len(nodes)]["metadata"]["name"]
        now = self._clock.now()
        yield partial(self._client.patch_status, "pods", *key, partial(_bound, node=node, time=timestamp(now)))
        yield partial(self._client.create, "events", _event(pod, node, now))


def _unbound(pod: Obj) -> bool:
    spec, metadata = pod["spec"], pod["metadata"]
    ours = spec.get("schedulerName", NAME) == NAME
    return ours and not spec.get("nodeName") and "deletionTimestamp" not in metadata


def _bound(pod: Obj, node: str, time: str) -> Obj:
    """Return the Pod on a node; written like a status, because binding does not move the generation."""
    scheduled = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": time}
    others = [each for each in pod["status"].get("conditions", ()) if each["type"] != "PodScheduled"]
    status = {**pod["status"], "conditions": [*others, scheduled]}
    return {**pod, "spec": {**pod["spec"], "nodeName": node}, "status": status}


def _event(pod: Obj, node: str, now: float) -> Obj:
    """Return the event in the form of events.k8s.io/v1, which counts nothing."""
    metadata = pod["metadata"]
    precise = datetime.fromtimestamp(now, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    event: dict[str, Any] = {
        "metadata": {"name": f"{metadata['name']}.{int(now * 1e9):x}", "namespace": metadata["namespace"]},
        "involvedObject": reference(pod),
        "reason": "Scheduled",
        "message": f"Successfully assigned {metadata['namespace']}/{metadata['name']} to {node}",
        "source": {},
        "firstTimestamp": None,
        "lastTimestamp": None,
        "type": "Normal",
        "eventTime": precise,
        "action": "Binding",
        "reportingComponent": NAME,
        "reportingInstance": NAME,
    }
    return event
