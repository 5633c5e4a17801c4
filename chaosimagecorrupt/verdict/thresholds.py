"""What a recovery may take and how often others may interfere, before the verdict gets worse."""

from dataclasses import dataclass
from typing import NamedTuple

from .journal import LimitsJson

__all__ = ["RECOVERY_TIMEOUT", "RECOVERY_WITHIN", "Limits", "Thresholds", "limits_of"]

# seconds; a pod that has to start again is expected to take 15 to 45
RECOVERY_WITHIN = 45.0
# seconds after the restore within which a Deployment has to recover; the probe recovery_seconds waits as long
RECOVERY_TIMEOUT = 180.0


@dataclass(frozen=True)
class Thresholds:
    """The thresholds that an experiment sets by the control's arguments.

    Attributes:
        recovery_within: seconds from the restore to the recovery without a remark; None is 45 plus the Deployment's
            minReadySeconds, since no new pod is available before those are over.
        give_up_after: seconds after the restore when a recovery is not waited for any longer; None is 180 plus the
            Deployment's minReadySeconds, and at least `recovery_within`.
        max_reconcile_cycles: generations since the fault that others may make. One change by an operator that puts the
            image back is healing; with more, it works against the experiment.
    """

    recovery_within: float | None = None
    give_up_after: float | None = None
    max_reconcile_cycles: int = 1


class Limits(NamedTuple):
    """The thresholds for one Deployment; see `Thresholds`."""

    recovery_within: float
    give_up_after: float
    max_reconcile_cycles: int

    def to_json(self) -> LimitsJson:
        """Return them as the journal keeps them."""
        return {
            "recovery_within": self.recovery_within,
            "give_up_after": self.give_up_after,
            "max_reconcile_cycles": self.max_reconcile_cycles,
        }


def limits_of(thresholds: Thresholds, min_ready_seconds: float = 0) -> Limits:
    """Return the thresholds for a Deployment.

    Args:
        thresholds: of the experiment.
        min_ready_seconds: the Deployment's minReadySeconds.
    """
    within, give_up = thresholds.recovery_within, thresholds.give_up_after
    recovery_within = RECOVERY_WITHIN + min_ready_seconds if within is None else within
    give_up_after = max(RECOVERY_TIMEOUT + min_ready_seconds, recovery_within) if give_up is None else give_up
    return Limits(recovery_within, give_up_after, thresholds.max_reconcile_cycles)
