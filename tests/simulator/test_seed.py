"""Manifests that a simulator starts with."""

import pytest

from chaosimagecorrupt.simulator.api import Api
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.cluster import SimulatedCluster
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.seed import SeedRefused, seed
from chaosimagecorrupt.simulator.types import Object

from ..faulty_simulator import FaultySimulator
from .api.workloads import daemon_set, stateful_set
from .calls import HttpCalls, deployment


def test_seeds_of_unknown_kinds_define_them() -> None:
    kinds = ("Policy", "Mesh", "Widget")
    seeds = [
        {
            "apiVersion": "example.com/v1",
            "kind": kind,
            "metadata": {"name": "a"},
            "spec": {"any": 1},
            "status": {"b": 2},
        }
        for kind in kinds
    ]
    with FaultySimulator(seeds, clock=ManualClock()) as simulator:
        calls = HttpCalls(simulator)
        found = [calls("GET", f"/apis/example.com/v1/{plural}/a").body for plural in ("policies", "meshes", "widgets")]
        calls.close()
    assert [(obj["kind"], obj["status"]) for obj in found] == [(kind, {"b": 2}) for kind in kinds]


def a_cluster(*manifests: Object) -> SimulatedCluster:
    clock = ManualClock()
    cluster = SimulatedCluster(clock, Randomness(1))
    seed(Api(cluster.store), manifests)
    cluster.start()
    clock.advance(30)
    return cluster


KINDS = ("namespaces", "pods", "replicasets.apps", "deployments.apps", "resourcequotas", "serviceaccounts",
         "clusterroles.rbac.authorization.k8s.io")  # fmt: skip


def test_what_a_cluster_wrote_seeds_another_one_with_its_history() -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {"hard": {"pods": "2"}}}
    first = a_cluster(deployment(), quota)
    written = [obj for kind in KINDS for obj in first.store.list(kind)]
    second = a_cluster(*written)
    (web,), (old,) = (cluster.store.list("deployments.apps") for cluster in (second, first))
    assert web["status"]["availableReplicas"] == web["status"]["replicas"] == 2
    assert web["metadata"]["uid"] != old["metadata"]["uid"]
    assert web["metadata"]["generation"] == web["status"]["observedGeneration"] == 1
    (replica_set,) = second.store.list("replicasets.apps")
    assert replica_set["metadata"]["name"] == first.store.list("replicasets.apps")[0]["metadata"]["name"]
    assert replica_set["metadata"]["ownerReferences"][0]["uid"] == web["metadata"]["uid"]
    pods = second.store.list("pods")
    assert {pod["status"]["phase"] for pod in pods} == {"Running"} and len(pods) == 2
    assert second.store.list("resourcequotas")[0]["status"]["used"] == {"pods": "2"}


def test_the_history_of_a_stateful_set_comes_along() -> None:
    first = a_cluster(stateful_set(replicas=2), daemon_set())
    kinds = ("statefulsets.apps", "daemonsets.apps", "controllerrevisions.apps", "pods")
    second = a_cluster(*(obj for kind in kinds for obj in first.store.list(kind)))
    for kind in ("statefulsets.apps", "daemonsets.apps"):
        (here,), (there,) = (each.store.list(kind) for each in (second, first))
        assert here["status"] == there["status"]
    names = [[obj["metadata"]["name"] for obj in each.store.list(kinds[2])] for each in (first, second)]
    assert names[0] == names[1] and len(second.store.list("pods")) == 3


@pytest.mark.parametrize(
    ("version", "kind"), [("apps/v1beta1", "Deployment"), ("policy/v1beta1", "PodDisruptionBudget")]
)
def test_a_version_that_is_no_longer_served_is_refused(version: str, kind: str) -> None:
    with pytest.raises(SeedRefused, match=f'no matches for kind "{kind}" in version "{version}"'):
        a_cluster({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}})
