"""An alarm of a safeguard of chaostoolkit-addons that comes while the control restores."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from chaoslib.exit import exit_signals

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.control import after_experiment_control, before_experiment_control, cleanup_control
from chaosimagecorrupt.record.memory import MEMORY

from ..simulated_cluster import IMAGE, NS, SimulatedCluster
from ..traces import images

pytest_plugins = ["tests.fixtures_simulated_cluster"]


@pytest.fixture
def name(simulated_cluster: SimulatedCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A corrupted Deployment; the memory holds no faults of other tests."""
    monkeypatch.setenv("KUBECONFIG", str(simulated_cluster.simulator.kubeconfig))
    MEMORY.forget()
    yield simulated_cluster.create(f"late-{time.monotonic_ns()}")
    simulated_cluster.simulator.faults.clear()


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_alarm_during_the_restore_loses_neither_the_restore_nor_the_verdict(
    name: str, when: Any, simulated_cluster: SimulatedCluster
) -> None:
    experiment: dict[str, Any] = {"method": []}
    journal: dict[str, Any] = {"status": "interrupted"}
    before_experiment_control(experiment)
    corrupt_image(name, NS, guard=False)
    alarm = simulated_cluster.simulator.faults.hook
    alarm(when, lambda request: os.kill(os.getpid(), signal.SIGUSR1), "PATCH", f"/deployments/{name}")
    with exit_signals():
        after_experiment_control(experiment, journal)
        assert signal.getsignal(signal.SIGUSR1) not in (signal.SIG_DFL, signal.SIG_IGN)
    cleanup_control()
    assert journal["image-corrupt"]["targets"][0]["recovery"]["restored_at"]
    assert images(simulated_cluster.get(name)) == {"app": IMAGE}
