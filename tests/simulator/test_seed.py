"""Manifests that a simulator starts with."""

from chaosimagecorrupt.simulator.clock import ManualClock

from ..faulty_simulator import FaultySimulator
from .calls import HttpCalls


def test_seeds_of_unknown_kinds_define_them() -> None:
    kinds = ("Policy", "Mesh", "Widget")
    seeds = [
        {
            "apiVersion": "example.com/v1",
            "kind": kind,
            "metadata": {"name": "a"},
            "spec": {"any": 1},
            "status": {"b": 2},
        }
        for kind in kinds
    ]
    with FaultySimulator(seeds, clock=ManualClock()) as simulator:
        calls = HttpCalls(simulator)
        found = [calls("GET", f"/apis/example.com/v1/{plural}/a").body for plural in ("policies", "meshes", "widgets")]
        calls.close()
    assert [(obj["kind"], obj["status"]) for obj in found] == [(kind, {"b": 2}) for kind in kinds]
