"""What another process knows of the faults of this one: nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chaosimagecorrupt.record.memory import MEMORY

__all__ = ["another_memory"]


@contextmanager
def another_memory() -> Iterator[None]:
    """Have this process act without its memory of faults in place, as another one does; then it is as before."""
    faults = MEMORY.faults()
    MEMORY.forget()
    yield
    MEMORY.forget()
    for fault in faults:
        metadata = {"namespace": fault.namespace, "name": fault.name, "uid": fault.uid, "generation": fault.generation}
        deployment: Any = {"metadata": metadata}
        for entry in fault.entries.values():
            MEMORY.injected(fault.cluster, deployment, entry)
        if fault.pull_failed_at is not None:
            MEMORY.pull_failed(fault, fault.pull_failed_at)
