"""Namespaces and Deployments to measure on."""

import os
import time
import uuid
from contextlib import suppress
from typing import Any

from chaosimagecorrupt.errors import NotFound
from chaosimagecorrupt.kube.client import Cluster, connect
from chaosimagecorrupt.kube.requests import Request, get_request, list_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS, PODS, Resource
from chaosimagecorrupt.workload.rollout import rollout_complete

__all__ = ["LABEL", "Place"]

LABEL = "bench"
IMAGE = os.environ.get("E2E_IMAGE", "registry.k8s.io/pause:3.10")
NAMESPACES = Resource("", "v1", "namespaces", namespaced=False)
SETTLED = 300.0  # seconds that a rollout gets, at most

Object = dict[str, Any]


class Place:
    """The cluster of KUBECONFIG, and the namespaces in it that are made for this run."""

    def __init__(self) -> None:
        self.cluster: Cluster = connect()
        self._namespaces: list[str] = []
        self._prefix = f"image-corrupt-bench-{uuid.uuid4().hex[:6]}"

    def namespace(self, called: str) -> str:
        """Make a namespace and return its name."""
        name = f"{self._prefix}-{called}"
        body = {"metadata": {"name": name}}
        self.cluster.send(Request("POST", NAMESPACES.path(), "create a namespace", body=body))
        self._namespaces.append(name)
        return name

    def deploy(self, namespace: str, names: list[str], replicas: int) -> None:
        """Make Deployments, and wait until all their pods are ready.

        Args:
            namespace: where.
            names: theirs.
            replicas: of each. One more than these is started at a time, and the old ones stay: so a fault costs a
                simulator no more with many pods than with few, and what is measured is not its rollout.
        """
        for name in names:
            labels = {"app": name, LABEL: "yes"}
            template = {"metadata": {"labels": labels}, "spec": _pod()}
            strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
            selector = {"matchLabels": {"app": name}}
            spec = {"replicas": replicas, "strategy": strategy, "selector": selector, "template": template}
            body = {"metadata": {"name": name, "labels": labels}, "spec": spec}
            self.cluster.send(Request("POST", DEPLOYMENTS.path(namespace), "create a Deployment", body=body))
        self.settle(namespace)

    def settle(self, namespace: str) -> None:
        """Wait until nothing in a namespace is rolled out any more."""
        give_up = time.monotonic() + SETTLED
        while not all(map(rollout_complete, self.cluster.send(list_request(DEPLOYMENTS, namespace))["items"])):
            if time.monotonic() > give_up:
                raise TimeoutError(f"the Deployments in {namespace} were not ready within {SETTLED:.0f} s")
            time.sleep(0.05)

    def get(self, namespace: str, name: str) -> Object:
        """Read a Deployment."""
        return self.cluster.send(get_request(DEPLOYMENTS, namespace, name))

    def a_pod(self, namespace: str, app: str) -> str:
        """Return the name of one of a Deployment's pods."""
        query = {"labelSelector": f"app={app}", "limit": "1"}
        return str(self.cluster.send(list_request(PODS, namespace, query))["items"][0]["metadata"]["name"])

    def remove(self) -> None:
        """Remove what was made."""
        for name in self._namespaces:
            with suppress(NotFound):
                self.cluster.send(Request("DELETE", NAMESPACES.path(None, name), "delete a namespace"))


def _pod() -> Object:
    return {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": IMAGE}]}
