"""The kubelet of each node: a worker for each Pod that is bound to it."""

from collections.abc import Iterator
from functools import partial
from itertools import count

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

__all__ = ["Kubelets"]


class Kubelets:
    """Runs a kubelet for each node, from when the node is first seen.

    Args:
        informer: of nodes and Pods.
        client: sends the writes.
        clock: the time, and callbacks at a later time.
        randomness: how long things take.
        images: which images can be pulled.
    """

    def __init__(
        self, informer: Informer, client: Client, clock: Clock, randomness: Randomness, images: Images
    ) -> None:
        self._start = partial(Kubelet, informer, client, clock, randomness, images, _addresses())
        self._kubelets: dict[str, Kubelet] = {}
        informer.on("nodes", self._node_changed)

    def _node_changed(self, old: Object | None, new: Object | None) -> None:
        if new is not None and (name := new["metadata"]["name"]) not in self._kubelets:
            self._kubelets[name] = self._start(name)


def _addresses() -> Iterator[str]:
    return (f"10.244.{number // 254 % 256}.{number % 254 + 1}" for number in count(1))


class Kubelet:
    """Runs the Pods of one node.

    Args:
        informer: of Pods.
        client: sends the writes.
        clock: the time, and callbacks at a later time.
        randomness: how long things take.
        images: which images can be pulled.
        addresses: the addresses of Pods, of all nodes.
        name: the node's name.
    """

    def __init__(
        self,
        informer: Informer,
        client: Client,
        clock: Clock,
        randomness: Randomness,
        images: Images,
        addresses: Iterator[str],
        name: str,
    ) -> None:
        self._name = name
        self._workers: dict[str, PodWorker] = {}
        self._node = Node(
            client,
            EventRecorder(client.store, clock, randomness, "kubelet", name),
            clock,
            randomness,
            images,
            Ticker(randomness.phase("relist")),
            Ticker(randomness.phase("resync")),
            partial(next, addresses),
        )
        informer.on("pods", self._pod_changed)

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
