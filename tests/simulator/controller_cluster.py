"""A simulated cluster without its API, in virtual time, and few words to act on it and look at it."""

import copy
import itertools
from collections.abc import Callable
from typing import Any

from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.cluster import SimulatedCluster
from chaosimagecorrupt.simulator.controllers.client import Client
from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.types import Object
from chaosimagecorrupt.simulator.watch_cache import Change

NS = "shop"
GOOD, BETTER, BAD = "quay.io/app:v1", "quay.io/app:v2", "registry.invalid/app:v2"
DEPLOYMENTS, SETS, PODS = "deployments.apps", "replicasets.apps", "pods"
STATEFUL_SETS, DAEMON_SETS, REVISIONS = "statefulsets.apps", "daemonsets.apps", "controllerrevisions.apps"
MAPS = "configmaps"


def pod_spec(image: str = GOOD, **more: Any) -> Object:
    return {"containers": [{"name": "app", "image": image}], "restartPolicy": "Always", **more}


def deployment(name: str = "web", replicas: int = 2, pod: Object | None = None, **spec: Any) -> Object:
    labels = {"app": name}
    return {
        "metadata": {"name": name, "namespace": NS, "labels": labels},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod or pod_spec()},
            **spec,
        },
        "status": {},
    }


def stateful_set(name: str = "web", replicas: int = 3, image: str = GOOD, **spec: Any) -> Object:
    """A StatefulSet with the API server's defaults, whose Pods end at once."""
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}
    defaults = {"podManagementPolicy": "OrderedReady", "updateStrategy": strategy, "revisionHistoryLimit": 10}
    pod = pod_spec(image, terminationGracePeriodSeconds=1)
    return deployment(name, replicas, pod, **{**defaults, "serviceName": name, **spec})


def daemon_set(name: str = "web", image: str = GOOD, pod: Object | None = None, **spec: Any) -> Object:
    """A DaemonSet with the API server's defaults, whose Pods end at once."""
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}}
    pod = {**pod_spec(image, terminationGracePeriodSeconds=1), **(pod or {})}
    made = deployment(name, 1, pod, **{"updateStrategy": strategy, "revisionHistoryLimit": 10, **spec})
    del made["spec"]["replicas"]
    return made


def rolling(surge: int | str, unavailable: int | str) -> Object:
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}


class ControllerCluster:
    """A simulated cluster that has started."""

    def __init__(self, images: Images | None = None, seed: int = 1) -> None:
        self.clock = ManualClock()
        cluster = SimulatedCluster(self.clock, Randomness(seed), images)
        self.store, self.images = cluster.store, cluster.images
        self.changes: list[Change] = []
        self.store.subscribe(self.changes.append)
        cluster.start()
        self.client = Client(self.store, self.clock.now, "tester")

    def create(self, obj: Object, resource: str = DEPLOYMENTS, seconds: float = 5.0) -> Object:
        """Create an object and let time go by."""
        created = self.client.create(resource, obj)
        self.clock.advance(seconds)
        return created

    def change(
        self,
        change: Callable[[Object], object],
        name: str = "web",
        seconds: float = 5.0,
        resource: str = DEPLOYMENTS,
    ) -> None:
        """Change a workload in place and let time go by."""
        changed = copy.deepcopy(self.client.get(resource, NS, name))
        change(changed)
        self.store.update(resource, changed)
        self.clock.advance(seconds)

    def set_image(self, image: str, name: str = "web", seconds: float = 5.0, resource: str = DEPLOYMENTS) -> None:
        """Change the image of a workload's first container."""

        def change(obj: Object) -> None:
            obj["spec"]["template"]["spec"]["containers"][0]["image"] = image

        self.change(change, name, seconds, resource)

    def set(self, name: str = "web", seconds: float = 5.0, **spec: Any) -> None:
        """Change fields of a Deployment's spec."""
        self.change(lambda obj: obj["spec"].update(spec), name, seconds)

    def delete(self, resource: str, name: str, policy: str | None = None, seconds: float = 5.0) -> None:
        """Delete an object, with the finalizer of a propagation policy."""
        if policy:
            self.client.patch(
                resource, NS, name, lambda obj: {**obj, "metadata": {**obj["metadata"], "finalizers": [policy]}}
            )
        self.client.delete(resource, NS, name)
        self.clock.advance(seconds)

    def deployment(self, name: str = "web") -> Object:
        """Return a Deployment as it is now."""
        return self.client.get(DEPLOYMENTS, NS, name)

    def status(self, name: str = "web") -> Object:
        """Return a Deployment's status."""
        status: Object = self.deployment(name)["status"]
        return status

    def condition(self, type_: str, name: str = "web") -> Object:
        """Return a condition of a Deployment, empty when it has none."""
        return next((dict(each) for each in self.status(name).get("conditions", ()) if each["type"] == type_), {})

    def sets(self) -> dict[str, Object]:
        """Return the ReplicaSets by the image of their first container."""
        return {each["spec"]["template"]["spec"]["containers"][0]["image"]: each for each in self.store.list(SETS, NS)}

    def sizes(self) -> dict[str, int]:
        """Return ``spec.replicas`` of each ReplicaSet by image."""
        return {image: each["spec"]["replicas"] for image, each in self.sets().items()}

    def revisions(self) -> dict[str, str]:
        """Return the revision of each ReplicaSet by image."""
        key = "deployment.kubernetes.io/revision"
        return {image: each["metadata"]["annotations"][key] for image, each in self.sets().items()}

    def history(self) -> dict[str, int]:
        """Return the number of each ControllerRevision by the image of its first container."""
        revisions = {each["revision"]: each["data"]["spec"]["template"]["spec"] for each in self.store.list(REVISIONS)}
        return {spec["containers"][0]["image"]: number for number, spec in sorted(revisions.items())}

    def pod_images(self) -> dict[str, str]:
        """Return the image of each Pod's first container, by the Pod's name."""
        return {pod["metadata"]["name"]: pod["spec"]["containers"][0]["image"] for pod in self.pods()}

    def pods(self, image: str | None = None) -> list[Object]:
        """Return the Pods, or those with an image."""
        pods = self.store.list(PODS, NS)
        return [pod for pod in pods if image in (None, pod["spec"]["containers"][0]["image"])]

    def reasons(self, name: str) -> list[str]:
        """Return the reasons for which a Pod's first container waited, one after the other."""
        found: list[str] = []
        for change in self.changes:
            if change.resource == PODS and change.object["metadata"]["name"] == name:
                for status in change.object["status"].get("containerStatuses", ())[:1]:
                    reason = status["state"].get("waiting", {}).get("reason")
                    if reason and found[-1:] != [reason]:
                        found.append(reason)
        return found

    def events(self, reason: str) -> list[Object]:
        """Return the events of a reason."""
        return [event for event in self.store.list("events") if event["reason"] == reason]

    def history_of(self, resource: str, value: Callable[[Object], Any]) -> list[Any]:
        """Return the distinct values that objects of a resource had, one after the other."""
        objects = [change.object for change in self.changes if change.resource == resource and change.type != "DELETED"]
        return [each for each, _ in itertools.groupby(map(value, objects))]


def owned(name: str, *owners: Object, block: bool = True) -> Object:
    references = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": each["metadata"]["name"], "uid": each["metadata"]["uid"],
         "blockOwnerDeletion": block}
        for each in owners
    ]  # fmt: skip
    return {"metadata": {"name": name, "namespace": NS, "ownerReferences": references}}
