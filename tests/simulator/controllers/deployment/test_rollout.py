"""What a rollout costs: seconds of one processor, so that a busy machine does not count."""

import time

from ...controller_cluster import BETTER, GOOD, ControllerCluster, deployment

# Seconds of work that a rollout may take
LIMIT = 10.0


def test_a_rollout_of_1000_replicas_takes_less_than_ten_seconds_of_work() -> None:
    cluster = ControllerCluster()
    cluster.create(deployment(replicas=1000))
    assert cluster.status()["readyReplicas"] == 1000
    start = time.process_time()
    cluster.set_image(BETTER, seconds=30)
    assert time.process_time() - start < LIMIT
    assert cluster.sizes() == {GOOD: 0, BETTER: 1000} and cluster.status()["readyReplicas"] == 1000


def test_1000_deployments_are_rolled_out_in_less_than_ten_seconds_of_work() -> None:
    cluster = ControllerCluster()
    start = time.process_time()
    for number in range(1000):
        cluster.create(deployment(f"web-{number}", replicas=1), seconds=0)
    cluster.clock.advance(10)
    assert time.process_time() - start < LIMIT
    assert all(each["status"]["readyReplicas"] == 1 for each in cluster.store.list("deployments.apps"))
