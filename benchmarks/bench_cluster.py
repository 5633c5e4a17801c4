"""The cluster to measure on: creates and removes namespaces and Deployments."""

import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from chaosimagecorrupt.errors import NotFound
from chaosimagecorrupt.kube.client import Cluster, connect
from chaosimagecorrupt.kube.requests import Request, get_request, list_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS, PODS, Resource
from chaosimagecorrupt.workload.rollout import rollout_complete

__all__ = ["IMAGE", "LABEL", "BenchCluster"]

LABEL = "bench"
IMAGE = os.environ.get("E2E_IMAGE", "registry.k8s.io/pause:3.10")
NAMESPACES = Resource("", "v1", "namespaces", namespaced=False)
ROLLOUT_TIMEOUT = 300.0  # seconds

Object = dict[str, Any]


class BenchCluster:
    """The cluster of KUBECONFIG, and the namespaces that this run creates in it."""

    def __init__(self) -> None:
        self.connection: Cluster = connect()
        self._namespaces: list[str] = []
        self._prefix = f"image-corrupt-bench-{uuid.uuid4().hex[:6]}"

    def namespace(self, suffix: str) -> str:
        """Create a namespace and return its name."""
        name = f"{self._prefix}-{suffix}"
        body = {"metadata": {"name": name}}
        self.connection.send(Request("POST", NAMESPACES.path(), "create a namespace", body=body))
        self._namespaces.append(name)
        return name

    def deploy(self, namespace: str, names: list[str], replicas: int) -> None:
        """Create Deployments, and wait until all their pods are ready.

        A rollout creates one surge pod and stops none, so a fault costs the simulator the same with few and many pods.

        Args:
            namespace: of the Deployments.
            names: of the Deployments.
            replicas: of each.
        """
        for name in names:
            labels = {"app": name, LABEL: "yes"}
            template = {"metadata": {"labels": labels}, "spec": _pod()}
            strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
            selector = {"matchLabels": {"app": name}}
            spec = {"replicas": replicas, "strategy": strategy, "selector": selector, "template": template}
            body = {"metadata": {"name": name, "labels": labels}, "spec": spec}
            self.connection.send(Request("POST", DEPLOYMENTS.path(namespace), "create a Deployment", body=body))
        self.settle(namespace)

    def settle(self, namespace: str) -> None:
        """Wait until all rollouts in a namespace are complete."""
        self.wait_until(rollout_complete, namespace)

    def wait_until(self, holds: Callable[[Any], bool], namespace: str) -> None:
        """Wait until something holds of each Deployment in a namespace."""
        deadline = time.monotonic() + ROLLOUT_TIMEOUT
        while not all(map(holds, self.connection.send(list_request(DEPLOYMENTS, namespace))["items"])):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the Deployments in {namespace} were not ready within {ROLLOUT_TIMEOUT:.0f} s")
            time.sleep(0.05)

    def get(self, namespace: str, name: str) -> Object:
        """Read a Deployment."""
        return self.connection.send(get_request(DEPLOYMENTS, namespace, name))

    def a_pod(self, namespace: str, app: str) -> str:
        """Return the name of one of a Deployment's pods."""
        query = {"labelSelector": f"app={app}", "limit": "1"}
        return str(self.connection.send(list_request(PODS, namespace, query))["items"][0]["metadata"]["name"])

    def remove(self) -> None:
        """Delete the namespaces."""
        for name in self._namespaces:
            with suppress(NotFound):
                self.connection.send(Request("DELETE", NAMESPACES.path(None, name), "delete a namespace"))


def _pod() -> Object:
    return {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": IMAGE}]}
