"""The ways in which a fault ends."""

from dataclasses import replace
from typing import Any

from chaosimagecorrupt.record.memory import MEMORY, Fault
from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import NS, Shop

__all__ = ["fault_of", "healed", "restore_elsewhere", "restored"]


def restored(shop: Shop, ago: float = 30, **changed: Any) -> None:
    """Restore the image, and advance the cluster's clock until it recovers; by our clock that is some seconds ago."""
    restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(20)
    restored_at = fault_of(shop).restored_at
    assert restored_at is not None
    change_fault(shop, restored_at=restored_at - ago, **changed)


def healed(shop: Shop, **changed: Any) -> None:
    """Let another client put the image back, and let this run notice that after the recovery."""
    shop.set_image("registry.k8s.io/pause:3.10")
    shop.simulator.advance(20)
    restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(1)
    change_fault(shop, **changed)


def fault_of(shop: Shop) -> Fault:
    """Return what this process knows of the fault."""
    return next(f for f in MEMORY.faults() if f.name == shop.name)


def change_fault(shop: Shop, **changed: Any) -> None:
    """Change what this process knows of the fault."""
    fault = fault_of(shop)
    MEMORY._faults[fault.cluster.address, fault.namespace, fault.name] = replace(fault, **changed)


def restore_elsewhere(shop: Shop) -> None:
    """Restore the image as another process does, without a trace in this one's memory."""
    before = dict(MEMORY._faults)
    MEMORY._faults.clear()
    restore_image(shop.name, NS, clean_history=False)
    MEMORY._faults.update(before)
    shop.simulator.advance(20)
