"""A cluster without its API server: the store, and all that acts on it."""

from .clock import Clock
from .controllers.client import Client
from .controllers.deployment.controller import DeploymentController
from .controllers.events import Recorder
from .controllers.garbage_collector import GarbageCollector
from .controllers.informer import Cache
from .controllers.kubelet.images import Images
from .controllers.kubelet.kubelet import Kubelet
from .controllers.namespaces import NamespaceController
from .controllers.operator import Operators
from .controllers.randomness import Chance
from .controllers.replicaset.controller import ReplicaSetController
from .controllers.scheduler import Scheduler
from .store import Store

__all__ = ["NODE", "World"]

# Name of the one node
NODE = "node1"

NODE_LABELS = {"kubernetes.io/arch": "amd64", "kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux"}

MANAGER = "kube-controller-manager"


class World:
    """The store with controllers, scheduler and kubelet around it, all driven by one clock.

    Args:
        clock: what everything goes by.
        chance: what is random; by default a different run each time.
        images: the images that cannot be had; by default those of `.invalid` registries.
    """

    def __init__(self, clock: Clock, chance: Chance | None = None, images: Images | None = None) -> None:
        self.clock = clock
        self.store = Store(clock.now)
        self.images = images or Images()
        self._chance = chance or Chance()

    def start(self) -> None:
        """Have everything act, on what is in the store by now first.

        With a clock that begins in the past, what is in the store has been rolled out when this returns.
        """
        clock, chance, store = self.clock, self._chance, self.store
        if store.get("nodes", None, NODE) is None:
            store.create("nodes", {"metadata": {"name": NODE, "labels": NODE_LABELS}})
        manager = Client(store, clock.now, MANAGER)
        cache = Cache(store, clock, chance, ("deployments.apps", "replicasets.apps", "pods"))
        for controller, component in (
            (DeploymentController, "deployment-controller"),
            (ReplicaSetController, "replicaset-controller"),
        ):
            controller(cache, manager, Recorder(store, clock, chance, component), clock, chance)
        pods = [Cache(store, clock, chance, resources) for resources in (("pods", "nodes"), ("pods",))]
        Scheduler(pods[0], Client(store, clock.now, None), clock, chance)
        # nobody else writes a Pod's status: who owns it is not kept, which halves the cost of a rollout
        Kubelet(pods[1], Client(store, clock.now, None), clock, chance, self.images, NODE)
        garbage = GarbageCollector(manager, clock, chance)
        namespaces = NamespaceController(manager, clock, chance)
        operators = Operators(store, clock, chance)
        for watcher in (cache, *pods):
            watcher.start()
        for follower in (garbage, namespaces, operators):
            follower.start()
        clock.catch_up()
