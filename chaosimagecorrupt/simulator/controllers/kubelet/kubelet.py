"""The kubelet of each node: a worker for each Pod that is bound to it."""

from __future__ import annotations

from functools import partial

from chaosimagecorrupt.simulator.clock import Clock
from chaosimagecorrupt.simulator.controllers.cache import Cache
from chaosimagecorrupt.simulator.controllers.chance import Chance
from chaosimagecorrupt.simulator.controllers.client import Client
from chaosimagecorrupt.simulator.controllers.events import Recorder
from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.controllers.kubelet.node import Node
from chaosimagecorrupt.simulator.controllers.kubelet.pod_worker import PodWorker
from chaosimagecorrupt.simulator.controllers.kubelet.ticks import Ticks
from chaosimagecorrupt.simulator.store import Obj

__all__ = ["Kubelet"]


class Kubelet:
    """Runs the Pods of one node."""

    def __init__(
        self,
        cache: Cache,
        client: Client,
        clock: Clock,
        chance: Chance,
        images: Images,
        name: str,
    ) -> None:
        """Listen to the cache.

        Args:
            cache: Pods as seen.
            client: Writes.
            clock: What waits.
            chance: How long things take.
            images: The images that can be had.
            name: The node's name.
        """
        self._name = name
        self._addresses = 0
        self._workers: dict[str, PodWorker] = {}
        self._node = Node(
            client,
            Recorder(client.store, clock, chance, "kubelet", name),
            clock,
            chance,
            images,
            Ticks(chance.phase("relist")),
            Ticks(chance.phase("resync")),
            self._next_address,
        )
        cache.on("pods", self._pod_changed)

    def _next_address(self) -> str:
        self._addresses += 1
        return f"10.244.{self._addresses // 254 % 256}.{self._addresses % 254 + 1}"

    def _pod_changed(self, old: Obj | None, new: Obj | None) -> None:
        pod = new or old
        if pod is None or pod["spec"].get("nodeName") != self._name:
            return
        uid = pod["metadata"]["uid"]
        worker = self._workers.get(uid)
        if new is None:
            if worker is not None:
                self._workers.pop(uid).forget()
        elif worker is not None:
            worker.update(new)
        elif new["status"].get("phase") not in ("Failed", "Succeeded"):
            self._workers[uid] = PodWorker(self._node, new, partial(self._gone, uid))

    def _gone(self, uid: str) -> None:
        self._workers.pop(uid, None)
