"""The ways in which a fault ends."""

from chaosimagecorrupt.record.memory import MEMORY, Fault
from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import NS, Shop

__all__ = ["healed", "restore_elsewhere", "restored"]


def restored(shop: Shop, ago: float = 30) -> Fault:
    """Restore the image, and advance the cluster's clock until it recovers; by our clock that is some seconds ago."""
    restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(20)
    fault = next(f for f in MEMORY.faults() if f.name == shop.name)
    assert fault.restored_at is not None
    fault.restored_at -= ago
    return fault


def healed(shop: Shop) -> Fault:
    """Let another client put the image back, and let this run notice that after the recovery."""
    shop.set_image("registry.k8s.io/pause:3.10")
    shop.simulator.advance(20)
    restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(1)
    return next(f for f in MEMORY.faults() if f.name == shop.name)


def restore_elsewhere(shop: Shop) -> None:
    """Restore the image as another process does, without a trace in this one's memory."""
    before = dict(MEMORY._faults)
    MEMORY._faults.clear()
    restore_image(shop.name, NS, clean_history=False)
    MEMORY._faults.update(before)
    shop.simulator.advance(20)
