"""The guards of a cluster are found on this machine, and end when they are asked to."""

import os

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.guard.processes import end_guards, guards_of

from ..simulated_cluster import IMAGE, NS, SimulatedCluster

pytest_plugins = ["tests.fixtures_simulated_cluster"]


def test_a_guard_whose_fault_is_in_place_restores_when_its_cluster_ends(
    simulated_cluster: SimulatedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = simulated_cluster.simulator.url
    monkeypatch.setenv("KUBECONFIG", str(simulated_cluster.simulator.kubeconfig))
    monkeypatch.setenv("XDG_STATE_HOME", str(simulated_cluster.folder / "ended"))
    simulated_cluster.create("ended")
    corrupt_image("ended", NS)
    assert len(guards_of(url)) == len(simulated_cluster.guards("ended")) == 1
    assert guards_of(f"{url}0") == []
    assert end_guards(url, 0.1) == 1
    assert (guards_of(url), simulated_cluster.image("ended")) == ([], IMAGE)
    assert end_guards(url, 10.0) == 0


def test_this_process_is_no_guard() -> None:
    assert os.getpid() not in [p.pid for p in guards_of("https://127.0.0.1:1")]
