"""How long the recovery took, or why there was none."""

from typing import NamedTuple

from ..duration import duration_text, from_rfc3339
from ..timeline.fields import condition_in
from ..timeline.states import State
from ..timeline.timeline import Change
from .healing import healer_of, is_earlier
from .model import Result
from .observed import SKEW, Observed

__all__ = [
    "NoRecovery",
    "is_scaled_to_zero",
    "no_recovery",
    "recovery_seconds",
    "recovery_text",
    "unhealthy_before",
]

# seconds after a gap in which changes may still arrive late
_LATE_AFTER_GAP = 1.0


class NoRecovery(NamedTuple):
    """A recovery that was not observed.

    Attributes:
        result: of a criterion that requires a recovery.
        why: the reason, in one sentence.
    """

    result: Result
    why: str


def recovery_seconds(observed: Observed) -> float | None:
    """Return the seconds from the restore to the recovery; None when there was none, or when that is not known.

    The arrival of the two changes counts, since the API server's times are whole seconds. When one of them arrived late
    or was only listed after a gap, the API server's times count for both, because its clock and that of the run may
    differ.
    """
    restored, recovered = observed.restored, observed.recovered
    if restored is None or recovered is None:
        return None
    if not _is_late(observed, restored) and not _is_late(observed, recovered):
        return round(recovered.at - restored.at, 3)
    healer = healer_of(observed)
    start = observed.facts.restored_on_server or (healer.at if healer else None)
    end = _last_condition_change(recovered.state)
    if start is None or end is None or is_earlier(end, start):
        return None
    return from_rfc3339(end) - from_rfc3339(start)


def recovery_text(observed: Observed) -> str:
    """Say how long after the restore the recovery was."""
    seconds = recovery_seconds(observed)
    return "at an unknown time after the restore" if seconds is None else f"{duration_text(seconds)} after the restore"


def unhealthy_before(observed: Observed) -> bool:
    """Return whether the Deployment is known not to have been complete before the fault.

    Changes of the fault's ReplicaSet may arrive before those of the Deployment. It then looks incomplete for a moment,
    which does not count.
    """
    if observed.corrupted is None or observed.before is None:
        return False
    begin = observed.corrupted.at
    earlier = [c for c in observed.deployment if c.at < begin and not observed.is_corrupt(c.state)]
    shortly_before = [c for c in earlier if c.at > begin - SKEW]
    considered = earlier[-len(shortly_before) - 1 :]  # these, and the state that preceded them
    return not any(c.state.get("complete") for c in considered)


def is_scaled_to_zero(observed: Observed) -> bool:
    """Return whether the Deployment has 0 replicas at the end, so that no recovery can be observed any longer."""
    last = observed.deployment[-1] if observed.deployment else None
    return observed.recovered is None and last is not None and last.state.get("replicas") == 0


def no_recovery(observed: Observed) -> NoRecovery:
    """Return what follows from a recovery that was not observed."""
    if observed.restored is None:
        return NoRecovery(Result.NOT_OBSERVED, "no restore was observed")
    if is_scaled_to_zero(observed):
        return NoRecovery(Result.NOT_OBSERVED, "scaled to 0 replicas, so no pod shows a recovery")
    waited = observed.ended - observed.restored.at
    if unhealthy_before(observed):
        return NoRecovery(Result.NOT_OBSERVED, "not complete, as before the fault")
    give_up_after = observed.limits.give_up_after
    if waited < give_up_after:
        return NoRecovery(
            Result.NOT_OBSERVED,
            f"not recovered {duration_text(round(waited))} after the restore, when the timeline ended",
        )
    return NoRecovery(Result.VIOLATION, f"not recovered within {duration_text(give_up_after)} of the restore")


def _is_late(observed: Observed, change: Change) -> bool:
    """Whether a change of the Deployment may have arrived late."""
    gaps = [(since, until) for since, until, kind, _ in observed.timeline["gaps"] if kind == observed.kind.name]
    return any(since < change.at <= until + _LATE_AFTER_GAP for since, until in gaps)


def _last_condition_change(state: State) -> str | None:
    conditions = [condition_in(state, t) for t in ("Available", "Progressing")]
    return max((c.since or "" for c in conditions if c is not None), default="") or None
