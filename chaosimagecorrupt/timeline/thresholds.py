"""What an experiment sets for the judgement of its timelines: the control and the probes judge by the same."""

from dataclasses import dataclass

__all__ = ["Thresholds"]


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
