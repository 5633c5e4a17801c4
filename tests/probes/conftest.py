"""A Deployment that recovers slowly, on a cluster whose clock stands still unless a test advances it."""

from collections.abc import Iterator
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.timeline.recorder import Recorder
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop

SLOW: dict[str, Any] = {"strategy": {"type": "Recreate", "rollingUpdate": None}, "minReadySeconds": 6}


@pytest.fixture
def slow(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A Deployment that was corrupted; it takes at least six seconds to recover."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    shop.patch({"spec": SLOW})
    shop.simulator.advance(10)
    corrupt_image(shop.name, NS, guard=False)
    shop.simulator.advance(5)
    yield shop


@pytest.fixture
def recorder(shop: Shop, cluster: Cluster) -> Iterator[Recorder]:
    """A recorder that follows the Deployment as the control does, from before the fault."""
    recorder = Recorder(Target(shop.name, NS, cluster))
    recorder.start()
    assert recorder.wait_until_following(5)
    yield recorder
    recorder.end()
