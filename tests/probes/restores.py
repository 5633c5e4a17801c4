"""The ways in which a fault ends."""

from chaosimagecorrupt.record.fault import Fault
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import NS, Shop
from ..memories import another_memory

__all__ = ["fault_of", "healed", "restore_elsewhere", "restored"]


def restored(shop: Shop, ago: float = 30, on_server: str | None = None) -> None:
    """Restore the image, and advance the cluster's clock until it recovers; by our clock that is some seconds ago."""
    restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(20)
    remember_restore(shop, ago, on_server)


def healed(shop: Shop, on_server: str | None = None) -> None:
    """Let another client put the image back, and let this run notice that after the recovery."""
    shop.set_image("registry.k8s.io/pause:3.10")
    shop.simulator.advance(20)
    restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(1)
    remember_restore(shop, 0, on_server)


def fault_of(shop: Shop) -> Fault:
    """Return what this process knows of the fault."""
    return next(f for f in MEMORY.faults() if f.name == shop.name)


def remember_restore(shop: Shop, ago: float, on_server: str | None) -> None:
    """Remember the restore as some seconds earlier, and at another time by the API server's clock if one is given."""
    fault, now = fault_of(shop), shop.get()
    assert fault.restored_at is not None
    at, on_server = fault.restored_at - ago, on_server or fault.restored_on_server
    MEMORY.restored(fault.cluster, now, now, at, (), on_server, healed=fault.healed)


def restore_elsewhere(shop: Shop) -> None:
    """Restore the image as another process does, without a trace in this one's memory."""
    with another_memory():
        restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(20)
