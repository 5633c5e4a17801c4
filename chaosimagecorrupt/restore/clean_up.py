"""Removes what a restore leaves behind: stuck pods, field ownership, the corrupt revision, copies of the record."""

from collections.abc import Collection

from ..errors import ClusterError, NotFound, one_line
from ..kube.types import Deployment
from ..record.annotations import metadata_patch
from ..record.entry import Entry
from ..record.snapshot import Snapshot
from ..workload.target import PatchOnly, Target
from .fields import give_fields_back
from .history import clean_history as clean_rollout_history
from .stuck_pods import delete_stuck_pods

__all__ = ["clean_up"]


def clean_up(
    target: Target, known: Collection[Entry], *, clean_history: bool, latest: Snapshot | None = None
) -> list[str]:
    """Replace stuck pods, give the fields back to their owners, remove the corrupt revision and the record's copies.

    While the workload still has the record of another fault, only field ownership is given back.

    Args:
        target: the Deployment, or another workload.
        known: injections that the caller knows.
        clean_history: delete the corrupt ReplicaSet once it is scaled to 0, or the corrupt ControllerRevision once no
            pod has it.
        latest: the workload as a patch has just returned it; None: it is read.

    Returns:
        A warning for each trace that stays, with what to do about it; empty when no trace is left.

    Raises:
        ClusterError: a transient error, such as an API server that cannot be reached; traces may be left.
    """
    warnings: list[str] = []
    try:
        snapshot = latest or Snapshot(target.get())
        stuck = delete_stuck_pods(target, snapshot, known)
        snapshot, unowned = give_fields_back(target, snapshot, known)
        warnings += stuck + unowned
        if clean_history:
            warnings += clean_rollout_history(target, snapshot, known)
        if not stuck:  # else a sweep goes on, which may be allowed more, or come when the pod has failed
            _remove_label(target, snapshot)
    except NotFound:
        return []
    except ClusterError as x:
        if x.is_transient:
            raise
        warnings.append(
            f"traces of the fault may be left, because the cluster could not be searched for them: {one_line(x)}"
        )
    return warnings


def _remove_label(target: Target, snapshot: Snapshot) -> None:
    """Remove the label, which is there to the end where pods may be stuck: by it a sweep finds what is not cleaned."""
    if snapshot.record or not metadata_patch(snapshot.deployment, ()):
        return

    def decide(deployment: Deployment, _: PatchOnly | None) -> PatchOnly:
        change = {} if Snapshot(deployment).record else metadata_patch(deployment, ())
        version = {"resourceVersion": deployment["metadata"]["resourceVersion"]}
        return PatchOnly({"metadata": {**version, **change}} if change else None)

    target.patch(decide)
