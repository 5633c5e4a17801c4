"""Whether waiting, for a complete Deployment before the fault or for a recovery after it, can change the verdict."""

from ..timeline.journal import TimelineJson
from ..timeline.timeline import changes
from ..workload.kinds import WORKLOADS
from .model import Facts, Result
from .observed import Observed
from .recovery_time import is_scaled_to_zero, no_recovery, unhealthy_before

__all__ = ["GONE_FOR_GOOD", "is_gone", "is_over", "is_ready_for_fault", "is_settled"]

# seconds after which a deleted Deployment counts as not created again; `kubectl replace --force` takes about one
GONE_FOR_GOOD = 5.0


def is_ready_for_fault(timeline: TimelineJson) -> bool:
    """Return whether the Deployment is complete at present, or is not waited for: it is not there, or has 0 replicas.

    Args:
        timeline: as the journal keeps it.
    """
    # it has only one workload, of whatever kind
    states = [change.state for kind in WORKLOADS for change in changes(timeline, kind)]
    return not states or bool(states[-1].get("complete") or states[-1].get("gone") or not states[-1].get("replicas"))


def is_gone(timeline: TimelineJson, facts: Facts) -> bool:
    """Return whether the Deployment was deleted during the fault and does not exist at present.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.
    """
    return Observed(timeline, facts).gone


def is_over(timeline: TimelineJson, facts: Facts) -> bool:
    """Return whether nothing that matters for the verdict can follow a restore any longer.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.
    """
    if facts.kind in timeline["missing"]:
        return True
    observed = Observed(timeline, facts)
    return _is_settled(observed) and not (observed.deployment and observed.has_record(observed.deployment[-1].state))


def is_settled(timeline: TimelineJson, facts: Facts) -> bool:
    """Return whether the Deployment has recovered or cannot recover any longer; the record may still be there.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.
    """
    return facts.kind in timeline["missing"] or _is_settled(Observed(timeline, facts))


def _is_settled(observed: Observed) -> bool:
    if observed.corrupted is None:
        return _has_reached_fault(observed)
    if observed.gone:
        return observed.ended - observed.deployment[-1].at >= GONE_FOR_GOOD
    if observed.restored is None:
        return False
    if no_recovery(observed).result is Result.VIOLATION or unhealthy_before(observed):
        return True
    return observed.recovered is not None or is_scaled_to_zero(observed)


def _has_reached_fault(observed: Observed) -> bool:
    """Whether the timeline shows the generations of the fault, although it shows no corrupt image: a gap hid it."""
    state = observed.deployment[-1].state if observed.deployment else {}
    uids = {e.uid for e in observed.facts.entries if e.uid}
    recreated = "uid" in state and bool(uids) and state["uid"] not in uids
    return recreated or (state.get("generation") or 0) >= max(
        (e.generation or 0 for e in observed.facts.entries), default=0
    )
