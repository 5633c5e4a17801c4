from collections.abc import Iterator

import pytest

from chaosimagecorrupt.simulator.clock import ManualClock

from ..faulty_simulator import FaultySimulator
from .calls import CONFIGS, DEPLOYMENTS, HttpCalls, PureCalls, deployment
from .controller_cluster import ControllerCluster

LABELS = {"a": {"app": "x", "tier": "front"}, "b": {"app": "x"}, "c": {"app": "y", "size": "5"}}


@pytest.fixture
def calls() -> PureCalls:
    return PureCalls()


@pytest.fixture
def web(calls: PureCalls) -> None:
    """The Deployment `web`."""
    calls("POST", DEPLOYMENTS, deployment())


@pytest.fixture
def configs(calls: PureCalls) -> None:
    """Three ConfigMaps with labels."""
    for name, labels in LABELS.items():
        calls("POST", CONFIGS, {"metadata": {"name": name, "labels": labels}})


@pytest.fixture
def account(calls: PureCalls, web: None) -> None:
    """The service account `bot`, and the Deployment `web`."""
    calls("POST", "/api/v1/namespaces/default/serviceaccounts", {"metadata": {"name": "bot"}})


@pytest.fixture
def bot(calls: PureCalls, account: None) -> str:
    """A token of the service account `bot`."""
    return calls.account_token("default", "bot")


@pytest.fixture
def cluster() -> ControllerCluster:
    return ControllerCluster()


@pytest.fixture(scope="module")
def simulator() -> Iterator[FaultySimulator]:
    with FaultySimulator([], clock=ManualClock()) as simulator:
        yield simulator


@pytest.fixture
def http_calls(simulator: FaultySimulator) -> Iterator[HttpCalls]:
    calls = HttpCalls(simulator)
    calls("DELETE", CONFIGS)
    yield calls
    calls.close()
