"""What a restore reads from this process's memory of its faults, and writes to it."""

from ..kube.managed_fields import written_at
from ..record.entry import Entry
from ..record.memory import MEMORY
from ..record.presence import in_place, shortened
from ..record.snapshot import Snapshot
from ..workload.target import Target
from .decide import RestorePlan
from .outcome import RestoreOutcome

__all__ = ["remember", "remembered_entries"]


def remembered_entries(target: Target) -> list[Entry]:
    """Return the injections into the Deployment that this process made and has not seen undone."""
    fault = MEMORY.fault(target)
    return fault.left if fault is not None else []


def remember(target: Target, plan: RestorePlan, after: Snapshot) -> None:
    """Keep in this process's memory what was restored, and which of its injections are no longer in place."""
    if plan.outcomes:
        healed = all(o.outcome is RestoreOutcome.HEALED for o in plan.outcomes)
        put_back = max((o.at or "" for o in plan.outcomes), default="") or None
        MEMORY.restored(
            target.cluster,
            plan.snapshot.deployment,
            after.deployment,
            target.cluster.timing.now(),
            [o.entry.id for o in plan.outcomes],
            put_back if healed else written_at(after.deployment),
            healed=healed,
        )
    undone = [e.id for e in remembered_entries(target) if _is_undone(after, e)]
    MEMORY.undone(target.cluster, after.deployment, undone)


def _is_undone(snapshot: Snapshot, entry: Entry) -> bool:
    """Return whether an injection is not in place, and can no longer come: its patch has an old resourceVersion."""
    recorded = any(e.id == entry.id for e in snapshot.record.values())
    left = recorded or in_place(snapshot.deployment, entry) or shortened(snapshot.deployment, entry)
    return snapshot.deployment["metadata"]["generation"] >= (entry.generation or 0) and not left
