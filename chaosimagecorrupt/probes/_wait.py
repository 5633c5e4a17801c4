"""Waits for a state of the rollout, or checks it once; most probes do."""

from collections.abc import Callable
from contextlib import closing

from ..duration import parse_duration
from ..kube.waiting import WatchSet, poll
from ..record.memory import MEMORY
from ..workload.target import Target
from ..workload.view import Proof, Rollout, View

__all__ = ["timeout_of", "wait_for"]


def timeout_of(timeout: object) -> float:
    """Return the seconds that a probe may wait; 0 in a dry run of Chaos Toolkit, in which nothing happens.

    Args:
        timeout: seconds, or Go's duration.

    Raises:
        Refused: it is no duration.
    """
    seconds = parse_duration(timeout, "timeout")
    return 0.0 if MEMORY.dry_run else seconds


def wait_for(
    target: Target,
    timeout: object,
    decide: Callable[[View], bool],
    *,
    replica_sets: bool = False,
    proof: Proof | None = None,
) -> bool:
    """Return whether a rollout is in a state, or reaches it in time.

    Args:
        target: the Deployment.
        timeout: seconds, or Go's duration; 0 checks the current state once.
        decide: whether a view shows the state.
        replica_sets: read its ReplicaSets too.
        proof: read the Pending pods of its newest template too, until one of them is a proof; see `Rollout`.
    """
    seconds = timeout_of(timeout)
    watch_set = WatchSet(target.cluster)
    subject = Rollout(watch_set, target.namespace, target.name, replica_sets=replica_sets, proof=proof)
    with closing(poll(watch_set, subject, str(target), seconds)) as found:
        return any(decide(view) for view in found)
