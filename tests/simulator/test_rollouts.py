"""When a workload counts as rolled out."""

import pytest

from chaosimagecorrupt.simulator.rollouts import is_rolled_out
from chaosimagecorrupt.simulator.types import Object

from .controller_cluster import (
    BAD,
    DAEMON_SETS,
    DEPLOYMENTS,
    STATEFUL_SETS,
    ControllerCluster,
    daemon_set,
    deployment,
    stateful_set,
)

WORKLOADS = {DEPLOYMENTS: deployment(), STATEFUL_SETS: stateful_set(), DAEMON_SETS: daemon_set()}


@pytest.mark.parametrize("resource", WORKLOADS)
def test_a_workload_is_rolled_out_when_all_pods_are_available(cluster: ControllerCluster, resource: str) -> None:
    def now() -> Object:
        return cluster.client.get(resource, "shop", "web")

    cluster.create(WORKLOADS[resource], resource, seconds=0)
    assert not is_rolled_out(now())
    cluster.clock.advance(5)
    assert is_rolled_out(now())
    cluster.set_image(BAD, resource=resource)
    assert not is_rolled_out(now())


def test_what_is_paused_or_updated_by_hand_is_waited_for_no_longer(cluster: ControllerCluster) -> None:
    cluster.create(deployment(paused=True))
    cluster.create(stateful_set("db", updateStrategy={"type": "OnDelete"}), STATEFUL_SETS)
    cluster.set_image(BAD, "db", resource=STATEFUL_SETS)
    assert is_rolled_out(cluster.deployment()) and is_rolled_out(cluster.client.get(STATEFUL_SETS, "shop", "db"))
