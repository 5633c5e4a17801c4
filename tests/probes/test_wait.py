"""A probe checks a state once, or waits for it."""

import threading
import time

from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.probes._wait import wait_for
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop


def test_without_a_timeout_the_current_state_is_the_answer(shop: Shop, cluster: Cluster) -> None:
    target = Target(shop.name, NS, cluster)
    assert wait_for(target, 0, lambda view: view.deployment["spec"]["replicas"] == 2, what="it")
    assert not wait_for(target, 0, lambda view: view.deployment["spec"]["replicas"] == 3, what="it")


def test_a_state_that_comes_in_time_is_waited_for(shop: Shop, cluster: Cluster) -> None:
    def scale() -> None:
        shop.scale(3)
        shop.simulator.advance(1)

    later = threading.Timer(0.2, scale)
    later.start()
    assert wait_for(
        Target(shop.name, NS, cluster), "60s", lambda view: view.deployment["spec"]["replicas"] == 3, what="it"
    )
    later.join()


def test_a_wait_ends_with_its_timeout(shop: Shop, cluster: Cluster) -> None:
    began = time.monotonic()
    assert not wait_for(Target(shop.name, NS, cluster), 0.2, lambda view: False, what="it")
    assert time.monotonic() - began < 15
