"""A cluster in which time passes quickly, so that nobody waits for the pauses between pulls."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from chaosimagecorrupt.simulator import Simulator
from chaosimagecorrupt.simulator.clock import ManualClock

__all__ = ["manifests_of", "quick_cluster"]

IMAGE = "registry.k8s.io/pause:3.10"

# seconds of the cluster, and seconds that they take: a progress deadline of 30 s leaves a busy machine 3
STEP, TAKES = 0.5, 0.05


@contextmanager
def quick_cluster(manifests: str) -> Iterator[Path]:
    """Run a cluster with these manifests, and give its kubeconfig."""
    ended = threading.Event()
    with Simulator(yaml.safe_load_all(manifests), ManualClock()) as simulator:

        def advance() -> None:
            while not ended.wait(TAKES):
                simulator.advance(STEP)

        passing = threading.Thread(target=advance)
        passing.start()
        try:
            yield simulator.kubeconfig
        finally:
            ended.set()
            passing.join()


def manifests_of(ns: str, deployments: dict[str, Any]) -> str:
    """The manifests of a namespace with Deployments of a container `app`; 2 replicas, unless a spec says otherwise.

    Args:
        ns: the namespace.
        deployments: by name, what else their specs say; `pod` is for their pods'.
    """
    made: list[Any] = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ns}}]
    for name, own in deployments.items():
        labels = {"app": name}
        spec = {k: v for k, v in own.items() if k != "pod"}
        pod = {
            "terminationGracePeriodSeconds": 1,
            "containers": [{"name": "app", "image": IMAGE}],
            **own.get("pod", {}),
        }
        template = {"metadata": {"labels": labels}, "spec": pod}
        made.append(
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": name, "namespace": ns, "labels": labels},
                "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template, **spec},
            }
        )
    return yaml.safe_dump_all(made)
