"""Is the fault over, how long did it take, and who else had a hand in it?"""

import time
from contextlib import closing

from chaoslib.types import Configuration, Secrets

from .. import rollout
from ..duration import from_rfc3339, parse_duration
from ..errors import ImageCorruptError
from ..record import read_record
from ..target import MEMORY, Target
from ..waiting import Followed, Rollout, View, looks
from .seen import seen

__all__ = [
    "deployment_recovered",
    "is_recovered",
    "measured",
    "reconcile_cycles",
    "recovery_seconds",
]


def deployment_recovered(
    name: str,
    ns: str = "default",
    timeout: float = 45,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the fault is over: no record, rollout complete, all pods Running and Ready, Available=True.

    Args:
        name: of the Deployment.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the present state.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it is. False for a Deployment with 0 replicas: no pod proves that the image can be pulled.

    Raises:
        ImageCorruptError: the Deployment is not there, or its status stays older than its spec.
    """
    return is_recovered(Target.of(name, ns, secrets, configuration), timeout)


def recovery_seconds(
    name: str,
    ns: str = "default",
    timeout: float = 180,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> float:
    """Measure the recovery: seconds from the restore to the moment the Deployment was recovered.

    The restore is the one that this run made, or somebody else's that it found. When the recovery was over before
    anybody looked, its end is taken from the Deployment's conditions, which have whole seconds.

    Args:
        name: of the Deployment.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for the recovery.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Seconds, for a tolerance of type `range`.

    Raises:
        ImageCorruptError: it did not recover in time, or this run restored nothing.
    """
    return measured(Target.of(name, ns, secrets, configuration), timeout)


def reconcile_cycles(
    name: str,
    ns: str = "default",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> int:
    """Count the generations of the Deployment since the fault that were not ours: who fights, and how often.

    The API server makes a new generation for each change of a Deployment's spec or annotations.

    Args:
        name: of the Deployment.
        ns: its namespace.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Their number.

    Raises:
        ImageCorruptError: the Deployment is not there, or neither its record nor this run knows of a fault.
    """
    target = Target.of(name, ns, secrets, configuration)
    deployment = target.get()
    generation = int(deployment["metadata"]["generation"])
    fault = MEMORY.fault(target.cluster, ns, name)
    if fault is not None and fault.uid == deployment["metadata"]["uid"]:
        return generation - fault.generation - fault.own_changes
    known = [e.generation for e in read_record(deployment).values() if e.generation is not None]
    if not known:
        raise ImageCorruptError(
            f"{target}: neither a record nor this run knows of a fault, so there is nothing to count from"
        )
    return generation - min(known) - (len(known) - 1)


def is_recovered(target: Target, timeout: object) -> bool:
    """Tell what `deployment_recovered` tells, of a Deployment that was found."""
    return seen(target, timeout, lambda view: _recovered(target, view), replica_sets=True)


def measured(target: Target, timeout: object) -> float:
    """Measure what `recovery_seconds` measures, of a Deployment that was found."""
    fault = MEMORY.fault(target.cluster, target.namespace, target.name)
    if fault is None or fault.restored_at is None:
        raise ImageCorruptError(f"{target}: this run has restored nothing there, so there is no recovery to measure")
    seconds = parse_duration(timeout, "timeout")
    started = time.time()
    followed = Followed(target.cluster)
    subject = Rollout(followed, target.namespace, target.name, replica_sets=True)
    with closing(looks(followed, subject, str(target), seconds)) as found:
        for number, view in enumerate(found):
            if _recovered(target, view, by_conditions=number == 0 and started - fault.restored_at > 1):
                assert fault.recovered_at is not None
                return round(max(0.0, fault.recovered_at - fault.restored_at), 3)
    raise ImageCorruptError(f"{target} did not recover within {seconds:g} s")


def _recovered(target: Target, view: View, *, by_conditions: bool = False) -> bool:
    if read_record(view.deployment) or not rollout.recovered(view.deployment, view.replica_sets):
        return False
    fault = MEMORY.fault(target.cluster, target.namespace, target.name)
    if fault is not None and fault.restored_at is not None and fault.recovered_at is None:
        by_then = rollout.settled_at(view.deployment) if by_conditions else None
        # the cluster's clock may be ahead of ours
        fault.recovered_at = view.at if by_then is None else min(view.at, from_rfc3339(by_then))
    return True
