"""A controller that follows the store takes what is there, and what changes."""

import pytest

from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.controllers.client import Client
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.controllers.store_controller import StoreController, key_of, parts_of
from chaosimagecorrupt.simulator.controllers.workqueue import Key, Work
from chaosimagecorrupt.simulator.watch_cache import Change

from ..controller_cluster import NS, ControllerCluster, deployment


class Seen(StoreController):
    """Works on every key once, and keeps which."""

    def __init__(self, client: Client, clock: ManualClock) -> None:
        super().__init__(client, clock, Randomness(1))
        self.keys = set[Key]()

    def _changed(self, change: Change) -> None:
        self._add(key_of(change.resource, change.object["metadata"]))

    def _sync(self, key: Key) -> Work:
        assert self._get(key) is not None
        self.keys.add(key)
        yield 0.0


@pytest.mark.parametrize("namespace", [NS, ""])
def test_a_key_says_where_its_object_is(namespace: str) -> None:
    key = key_of("deployments.apps", {"name": "web", **({"namespace": namespace} if namespace else {})})
    assert parts_of(key) == ("deployments.apps", namespace, "web")


def test_what_is_there_and_what_comes_later_is_worked_on(cluster: ControllerCluster) -> None:
    cluster.create(deployment())
    seen = Seen(cluster.client, cluster.clock)
    seen.start()
    cluster.clock.advance(1)
    assert key_of("deployments.apps", {"name": "web", "namespace": NS}) in seen.keys
    cluster.create(deployment(name="later"))
    assert key_of("deployments.apps", {"name": "later", "namespace": NS}) in seen.keys
