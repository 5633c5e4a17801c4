"""The kubelet of each node: a worker for each Pod that is bound to it."""

from functools import partial

from ...clock import Clock
from ...types import Object
from ..client import Client
from ..events import EventRecorder
from ..informer import Informer
from ..randomness import Randomness
from .images import Images
from .node import Node
from .pod_worker import PodWorker
from .ticker import Ticker

__all__ = ["Kubelet"]


class Kubelet:
    """Runs the Pods of one node.

    Args:
        informer: of Pods.
        client: sends the writes.
        clock: the time, and callbacks at a later time.
        randomness: how long things take.
        images: which images can be pulled.
        name: the node's name.
    """

    def __init__(
        self,
        informer: Informer,
        client: Client,
        clock: Clock,
        randomness: Randomness,
        images: Images,
        name: str,
    ) -> None:
        self._name = name
        self._addresses = 0
        self._workers: dict[str, PodWorker] = {}
        self._node = Node(
            client,
            EventRecorder(client.store, clock, randomness, "kubelet", name),
            clock,
            randomness,
            images,
            Ticker(randomness.phase("relist")),
            Ticker(randomness.phase("resync")),
            self._next_address,
        )
        informer.on("pods", self._pod_changed)

    def _next_address(self) -> str:
        self._addresses += 1
        return f"10.244.{self._addresses // 254 % 256}.{self._addresses % 254 + 1}"

    def _pod_changed(self, old: Object | None, new: Object | None) -> None:
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
