"""All components of a cluster start together, and are driven by one clock."""

from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.cluster import NODE, SimulatedCluster
from chaosimagecorrupt.simulator.controllers.randomness import Randomness

from .controller_cluster import DEPLOYMENTS, NS, ControllerCluster, deployment


def test_what_is_in_the_store_before_the_start_is_rolled_out_after_it() -> None:
    clock = ManualClock()
    cluster = SimulatedCluster(clock, Randomness(1))
    cluster.store.create(DEPLOYMENTS, deployment())
    cluster.start()
    clock.advance(5)
    found = cluster.store.get(DEPLOYMENTS, NS, "web")
    assert found is not None and found["status"]["availableReplicas"] == 2


def test_there_is_one_node_also_where_the_store_had_it_already() -> None:
    cluster = SimulatedCluster(ManualClock())
    cluster.store.create("nodes", {"metadata": {"name": NODE}})
    cluster.start()
    assert [node["metadata"]["name"] for node in cluster.store.list("nodes")] == [NODE]


def test_two_clusters_of_one_seed_are_the_same() -> None:
    one, other = ControllerCluster(seed=7), ControllerCluster(seed=7)
    for each in (one, other):
        each.create(deployment())
    names = [[pod["metadata"]["name"] for pod in each.pods()] for each in (one, other)]
    assert names[0] == names[1]


def test_without_time_nothing_happens(cluster: ControllerCluster) -> None:
    cluster.create(deployment(), seconds=0)
    assert cluster.sets() == {} and cluster.pods() == []
