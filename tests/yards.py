"""The simulator with the Deployments of all tests that go by real time."""

from collections.abc import Iterator

import pytest

from chaosimagecorrupt.simulator import Simulator

from .yard import NS, Yard


@pytest.fixture(scope="session")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with Simulator([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NS}}]) as simulator:
        yield Yard(simulator, tmp_path_factory.mktemp("yard"))
