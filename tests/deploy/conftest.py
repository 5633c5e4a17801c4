"""A simulated cluster to which deploy/ has been applied, and a host in it that runs the manifests' pods."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import soon
from ..traces import traces
from .manifests import DEPLOY, kind, objects
from .pods import Host

ROOT = DEPLOY.parent
IMAGE, CORRUPT = "registry.k8s.io/pause:3.10", "registry.invalid/nonexistent:chaos"
NS = "image-corrupt"

Object = Any


class Site:
    """A cluster with the rights of deploy/, and Deployments in a namespace of its own.

    Args:
        simulator: the cluster.
    """

    def __init__(self, simulator: FaultySimulator) -> None:
        self.simulator = simulator
        self.environment = {"KUBECONFIG": str(simulator.kubeconfig)}

    def get(self, name: str = "web") -> Any:
        found = self.simulator.call(lambda: self.simulator.world.store.get("deployments.apps", "shop", name))
        assert found is not None
        return found

    def image(self, name: str = "web") -> str:
        return str(self.get(name)["spec"]["template"]["spec"]["containers"][0]["image"])

    def left(self, name: str = "web") -> list[str]:
        """What is left of a fault on the cluster."""
        store = self.simulator.world.store
        sets = self.simulator.call(lambda: store.list("replicasets.apps", "shop"))
        return traces(self.get(name), sets, [CORRUPT])

    def delete(self, resource: str, name: str) -> None:
        """Delete an object without a namespace."""
        self.simulator.call(lambda: self.simulator.world.store.delete(resource, "", name))

    def confine(self, found: list[Object], to: str) -> None:
        """Take the rights on the cluster away, and give those of the overlay for one namespace."""
        for name in [each["metadata"]["name"] for each in rights() if each["kind"] == "ClusterRoleBinding"]:
            self.delete("clusterrolebindings.rbac.authorization.k8s.io", name)
        for each in found:
            if each["kind"] in ("ServiceAccount", "Role", "RoleBinding"):
                each["metadata"]["namespace"] = to
                for subject in each.get("subjects", []):
                    subject["namespace"] = to
                self.apply(each)

    def apply(self, found: Object) -> None:
        """Create an object, by kubectl."""
        command = ["kubectl", "--kubeconfig", str(self.simulator.kubeconfig), "create", "--validate=false", "-f", "-"]
        subprocess.run(command, input=yaml.safe_dump(found), text=True, check=True, timeout=60, capture_output=True)

    def host(self, folder: Path, ns: str = NS, **config_maps: dict[str, str]) -> Host:
        kubeconfig = yaml.safe_load(self.simulator.account_kubeconfig(ns, "image-corrupt").read_text())
        authority = base64.b64decode(kubeconfig["clusters"][0]["cluster"]["certificate-authority-data"])
        address = urlsplit(self.simulator.url)
        assert address.hostname and address.port
        token = kubeconfig["users"][0]["user"]["token"]
        maps = {name.replace("_", "-"): found for name, found in config_maps.items()}
        return Host(folder, (address.hostname, address.port), token, authority, ns, maps)


def rights() -> list[Object]:
    files = ("namespace", "serviceaccount", "roles", "bindings")
    found = [each for name in files for each in objects((DEPLOY / "base" / f"{name}.yaml").read_text())]
    for each in kind(found, "ServiceAccount"):
        each["metadata"]["namespace"] = NS  # as the kustomization does
    return found


def deployment(name: str) -> Object:
    labels = {"app": name}
    pod = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": IMAGE}]}
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    }


@pytest.fixture
def site() -> Iterator[Site]:
    shop = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    with FaultySimulator([*rights(), shop, deployment("web")]) as simulator:
        assert soon(lambda: Site(simulator).get().get("status", {}).get("availableReplicas") == 1, 60)
        yield Site(simulator)
