"""The simulator with the Deployments of all tests that go by real time."""

from collections.abc import Iterator

import pytest

from .faulty_simulator import FaultySimulator
from .simulated_cluster import NS, SimulatedCluster


@pytest.fixture(scope="session")
def simulated_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedCluster]:
    with FaultySimulator([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NS}}]) as simulator:
        yield SimulatedCluster(simulator, tmp_path_factory.mktemp("simulated_cluster"))
