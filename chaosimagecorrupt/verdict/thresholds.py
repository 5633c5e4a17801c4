"""What a recovery may take and how often others may interfere, before the verdict gets worse."""

from typing import NamedTuple

from ..timeline.thresholds import Thresholds
from .journal import LimitsJson

__all__ = ["RECOVERY_TIMEOUT", "RECOVERY_WITHIN", "Limits", "Thresholds", "limits_of"]

# seconds; a pod that has to start again is expected to take 15 to 45
RECOVERY_WITHIN = 45.0
# seconds after the restore within which a Deployment has to recover; the probe recovery_seconds waits as long
RECOVERY_TIMEOUT = 180.0


class Limits(NamedTuple):
    """The thresholds for one Deployment, with the defaults filled in; see `Thresholds`."""

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
