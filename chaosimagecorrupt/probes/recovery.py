"""Whether the fault is over, how long the recovery took, and how often others changed the Deployment."""

import time
from itertools import count

from chaoslib.types import Configuration, Secrets

from ..duration import duration_text, from_rfc3339, parse_duration
from ..errors import ImageCorruptError
from ..record.annotations import read_record
from ..record.fault import Fault
from ..record.memory import MEMORY
from ..workload.target import Target
from ..workload.view import View
from ._fault import no_recovery_possible
from ._timeline import recorded_cycles, recorded_recovery, was_restored
from ._wait import RECOVERY, Answer, answer_for

__all__ = [
    "deployment_recovered",
    "is_recovered",
    "measure_recovery",
    "reconcile_cycles",
    "recovery_seconds",
    "workload_recovered",
]

# seconds after the restore; when the first look is later than that, the recovery may have been over long before it
_FIRST_LOOK_DELAY = 1.0


def deployment_recovered(
    name: str,
    ns: str = "default",
    timeout: float = 45,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the fault is over: no record, rollout complete, all pods Running and Ready, Available=True.

    The Deployment and its ReplicaSets decide, with any number of pods; no pod is read. All of them must have
    counted the pods of the current spec: each replica updated, Ready, and available, which is Ready for
    minReadySeconds. A pod that is still being deleted, such as the one that never started, does not count, as
    for `kubectl rollout status`.

    Args:
        name: of the Deployment.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it is. False, at once, for a Deployment with 0 replicas: no pod proves that the image can be pulled.

    Raises:
        ImageCorruptError: the Deployment is not there, or its status stays older than its spec.
    """
    return is_recovered(Target.of(name, ns, secrets, configuration), timeout)


def workload_recovered(
    name: str,
    ns: str = "default",
    timeout: float = 45,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the fault is over, for any kind: no record, rollout complete, all pods Running and Ready.

    The rule of each kind is that of `kubectl rollout status`, and all pods must be Ready. For a Deployment that is what
    `deployment_recovered` tells. Of a StatefulSet, every pod from its partition on must be of the present template; of
    a DaemonSet, that of every node. With the update strategy OnDelete, pods may be of an earlier template.

    Args:
        name: of the workload.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it is. False, at once, for a workload that is to have no pods: none proves that the image can be pulled.

    Raises:
        ImageCorruptError: the workload is not there, or its status stays older than its spec.
    """
    return is_recovered(Target.of(name, ns, secrets, configuration, kind), timeout)


def recovery_seconds(
    name: str,
    ns: str = "default",
    timeout: float = 180,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> float:
    """Measure the recovery: seconds from the restore to the moment the Deployment was recovered.

    With the control `chaosimagecorrupt.control` the answer comes from its timeline, also when something else than this
    run restored the image. Without it, the restore is the one that this run made, or one by others that it found. When
    the recovery was over before this probe looked, both times are those that the API server wrote into the Deployment:
    whole seconds, so that the result is up to one second too short or too long. Times of its clock and of this
    process are never compared. A recovery that changed no condition counts up to this look, which is an upper limit.

    Args:
        name: of the Deployment.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for the recovery.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Seconds, for a tolerance of type `range`; 0 in a dry run of Chaos Toolkit, in which nothing was corrupted.

    Raises:
        ImageCorruptError: it did not recover in time, or this run restored nothing, or others healed it and no
            condition shows when it recovered.
    """
    return measure_recovery(Target.of(name, ns, secrets, configuration, kind), timeout)


def reconcile_cycles(
    name: str,
    ns: str = "default",
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> int:
    """Count the generations of the Deployment since the fault that others made.

    The API server makes a new generation for each change of a Deployment's spec or annotations. With the control
    `chaosimagecorrupt.control`, which follows them one by one, those that only changed the number of replicas do not
    count, nor do restores by the guard, a sweep or another run. Without the control only the number of generations is
    known: it includes changes by an autoscaler, and restores by other processes.

    Args:
        name: of the Deployment.
        ns: its namespace.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Their number; 0 in a dry run of Chaos Toolkit.

    Raises:
        ImageCorruptError: the Deployment is not there, or neither its record nor this run knows a fault.
    """
    target = Target.of(name, ns, secrets, configuration, kind)
    if MEMORY.dry_run:
        return 0
    deployment = target.get()
    generation = int(deployment["metadata"]["generation"])
    recorded = recorded_cycles(target, generation)
    if recorded is not None:
        return recorded
    fault = MEMORY.fault(target)
    if fault is not None and fault.uid == deployment["metadata"]["uid"]:
        return generation - fault.generation - fault.own_changes
    known = [e.generation for e in read_record(deployment).values() if e.generation is not None]
    if not known:
        raise ImageCorruptError(
            f"{target}: neither a record nor this run knows of a fault, so there is nothing to count from"
        )
    return generation - min(known) - (len(known) - 1)


def is_recovered(target: Target, timeout: object) -> bool:
    """Answer as `deployment_recovered` does, for a Deployment that is found already."""
    return _wait_for_recovery(target, timeout).reached


def measure_recovery(target: Target, timeout: object) -> float:
    """Measure as `recovery_seconds` does, for a Deployment that is found already.

    Args:
        target: the Deployment.
        timeout: seconds, or Go's duration, to wait for the recovery.

    Returns:
        Seconds from the restore to the recovery; 0 in a dry run of Chaos Toolkit.

    Raises:
        ImageCorruptError: this run has restored nothing there, or it did not recover in time, or nothing shows how long
            that took.
    """
    seconds = parse_duration(timeout, "timeout")
    if MEMORY.dry_run:
        return 0.0
    until = time.monotonic() + seconds
    if not was_restored(target):
        raise ImageCorruptError(f"{target}: this run has restored nothing there, so there is no recovery to measure")
    recorded = recorded_recovery(target, seconds)
    if recorded is not None:
        return recorded
    answer = _wait_for_recovery(target, max(0.0, until - time.monotonic()))
    if not answer.reached:
        raise ImageCorruptError(f"{target} did not recover{_why_not(answer, seconds)}")
    fault = MEMORY.fault(target)
    if fault is None or fault.restored_at is None or fault.recovered_at is None:
        raise ImageCorruptError(f"{target} has recovered, but nothing shows how long that took")
    return round(fault.recovered_at - fault.restored_at, 3)


def _wait_for_recovery(target: Target, timeout: object) -> Answer:
    number = count()
    return answer_for(
        target,
        timeout,
        lambda view: _recovered(target, view, first=next(number) == 0),
        what=RECOVERY,
        revisions=True,
        over=no_recovery_possible,
    )


def _why_not(answer: Answer, seconds: float) -> str:
    return f" within {duration_text(seconds)}" if answer.over is None else f": {answer.over}"


def _recovered(target: Target, view: View, *, first: bool) -> bool:
    if read_record(view.deployment) or not view.recovered:
        return False
    fault = MEMORY.fault(target)
    if fault is not None and fault.restored_at is not None and fault.recovered_at is None:
        seconds = _recovery_seconds(fault, fault.restored_at, view, first=first)
        MEMORY.recovered(fault, None if seconds is None else fault.restored_at + seconds)
    return True


def _recovery_seconds(fault: Fault, restored_at: float, view: View, *, first: bool) -> float | None:
    """Return the seconds of a recovery: by the API server's clock when it was over before the first look."""
    waited = max(0.0, view.at - restored_at)
    if not fault.healed and not (first and waited > _FIRST_LOOK_DELAY):
        return waited
    settled, restored = fault.kind.settled_at(view.deployment), fault.restored_on_server
    on_server = from_rfc3339(settled) - from_rfc3339(restored) if settled and restored else -1
    if on_server < 0:  # no condition changed after the restore
        return None if fault.healed else waited
    return on_server if fault.healed else min(on_server, waited)
