"""A cluster without its API server: the store, the controllers, the scheduler and the kubelet."""

from .clock import Clock
from .controllers.client import Client
from .controllers.cluster_roles import ClusterRoleAggregation
from .controllers.daemonset.controller import DaemonSetController
from .controllers.deployment.controller import DeploymentController
from .controllers.events import EventRecorder
from .controllers.garbage_collector import GarbageCollector
from .controllers.informer import Informer
from .controllers.kubelet.images import Images
from .controllers.kubelet.kubelet import Kubelets
from .controllers.namespaces import NamespaceController
from .controllers.operator import Operators
from .controllers.randomness import Randomness
from .controllers.replicaset.controller import ReplicaSetController
from .controllers.resource_quotas import ResourceQuotaController
from .controllers.scheduler import Scheduler
from .controllers.statefulset.controller import StatefulSetController
from .controllers.store_controller import StoreController
from .store import Store

__all__ = ["NODE", "SimulatedCluster"]

# Name of the node that every cluster has
NODE = "node1"

NODE_LABELS = {"kubernetes.io/arch": "amd64", "kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux"}

MANAGER = "kube-controller-manager"

# What the controllers of workloads watch
_WATCHED = (
    "deployments.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "replicasets.apps",
    "controllerrevisions.apps",
    "nodes",
    "pods",
)

# In the order in which they notice changes
_STORE_CONTROLLERS: tuple[type[StoreController], ...] = (
    GarbageCollector,
    NamespaceController,
    ResourceQuotaController,
    ClusterRoleAggregation,
    Operators,
)


class SimulatedCluster:
    """The store with controllers, scheduler and kubelet around it, all driven by one clock.

    Args:
        clock: the time of all of them.
        randomness: latencies and names; by default different ones each time.
        images: which images can be pulled; by default all but those of `.invalid` registries.
    """

    def __init__(self, clock: Clock, randomness: Randomness | None = None, images: Images | None = None) -> None:
        self.clock = clock
        self.store = Store(clock.now)
        self.images = images or Images()
        self._randomness = randomness or Randomness()

    def start(self) -> None:
        """Start all components; they act on what is in the store first.

        With a clock that begins in the past, what is in the store has been rolled out when this returns.
        """
        clock, randomness, store = self.clock, self._randomness, self.store
        if store.get("nodes", None, NODE) is None:
            store.create("nodes", {"metadata": {"name": NODE, "labels": NODE_LABELS}})
        manager = Client(store, clock.now, MANAGER)
        informer = Informer(store, clock, randomness, _WATCHED)
        for controller, component in (
            (DeploymentController, "deployment-controller"),
            (ReplicaSetController, "replicaset-controller"),
            (StatefulSetController, "statefulset-controller"),
            (DaemonSetController, "daemonset-controller"),
        ):
            controller(informer, manager, EventRecorder(store, clock, randomness, component), clock, randomness)
        pods = [Informer(store, clock, randomness, each) for each in (("pods", "nodes"), ("nodes", "pods"))]
        Scheduler(pods[0], Client(store, clock.now, None), clock, randomness)
        # Only the kubelet writes a Pod's status: without managed fields for it, a rollout costs half
        Kubelets(pods[1], Client(store, clock.now, None), clock, randomness, self.images)
        for watcher in (informer, *pods):
            watcher.start()
        for store_controller in _STORE_CONTROLLERS:
            store_controller(manager, clock, randomness).start()
        clock.catch_up()
