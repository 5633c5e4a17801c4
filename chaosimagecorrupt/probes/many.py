"""Probes of many Deployments: whether the fault takes effect in each, whether all recovered, and how long that took."""

from statistics import median
from typing import Any, Dict, TypedDict

from chaoslib.types import Configuration, Secrets

from ..errors import Refused, one_line
from ..fault.selection import any_label_selector, check_label_selector
from ..kube.client import connect
from ..kube.names import any_namespace
from ..kube.types import Deployment
from ..record.find import matching_workloads, recorded_workloads
from ..record.memory import MEMORY
from ..workload.kinds import kind_named
from ..workload.pull_causes import parse_pull_cause
from ..workload.target import Target
from ._targets import corrupted_targets, map_in_time, matching_targets
from ._timeline import was_restored
from .image import cannot_pull, require_proof
from .recovery import is_recovered, measure_recovery

__all__ = [
    "corrupted_deployments",
    "deployments_recovered",
    "deployments_recovery",
    "images_pull_failing",
]


class RecoveryResult(TypedDict):
    """What `deployments_recovery` returns: how many Deployments, and numbers of seconds, each by namespace/name."""

    targets: int
    worst: float
    median: float
    slowest: str | None
    seconds: Dict[str, float]


def corrupted_deployments(
    label_selector: str = None,
    ns: str = None,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> int:
    """Count the Deployments, or other workloads, that carry a record of the fault, or a part of one.

    Args:
        label_selector: which Deployments; all when there is none.
        ns: in which namespace; in all of them when none is named.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Their number; 0 in a steady state.

    Raises:
        ClusterError: they cannot be listed, or the selector does not parse.
    """
    labels, namespace = any_label_selector(label_selector), any_namespace(ns)
    cluster, kinds = connect(secrets, configuration), [kind_named(kind)]
    return sum(1 for _ in recorded_workloads(cluster, namespace, labels or None, kinds=kinds))


def images_pull_failing(
    label_selector: str,
    ns: str = None,
    timeout: float = 60,
    required: bool = False,
    cause: str = None,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Prove that the fault takes effect everywhere: in each corrupted Deployment a pod cannot pull its image.

    Args:
        label_selector: which Deployments; of these, those that carry a record count.
        ns: in which namespace; in all of them when none is named.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        required: raise an error when one of them has no such pod, so that the activity fails, and not only the verdict.
            An owner that put the original image back before a pod could try to pull is no error.
        cause: the only cause that counts, see `image_pull_failing`; any by default.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it does. False when no Deployment is corrupted.

    Raises:
        Refused: there is no such cause.
        ClusterError: they cannot be listed, or the selector does not parse.
        ImageCorruptError: one was deleted meanwhile, or its status stays older than its spec, or the proof is required
            and one has none in time; not in a dry run of Chaos Toolkit.
    """
    meant = parse_pull_cause(cause)
    targets = corrupted_targets(connect(secrets, configuration), label_selector, ns, kind_named(kind))
    failing = map_in_time(targets, timeout, lambda t, left: cannot_pull(t, left, None, None, meant))
    if required:
        require_proof(targets, failing, f"label_selector '{one_line(label_selector)}'", timeout, meant)
    return bool(failing) and all(failing)


def deployments_recovered(
    label_selector: str,
    ns: str = None,
    timeout: float = 45,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether every matching Deployment has recovered, as `deployment_recovered` does for one.

    Args:
        label_selector: which Deployments. One with 0 replicas that this run has not corrupted does not count.
        ns: in which namespace; in all of them when none is named.
        timeout: seconds, or Go's duration, to wait for all of them; 0 answers from the current state.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether they have.

    Raises:
        Refused: none matches.
        ClusterError: they cannot be listed, or the selector does not parse.
        ImageCorruptError: one was deleted meanwhile, or its status stays older than its spec.
    """
    cluster = connect(secrets, configuration)

    def counts(deployment: Deployment, target: Target) -> bool:
        return target.kind.counts(deployment).desired > 0 or MEMORY.fault(target) is not None

    targets = matching_targets(cluster, label_selector, ns, counts)
    return all(map_in_time(targets, timeout, is_recovered))


def deployments_recovery(
    label_selector: str,
    ns: str = None,
    timeout: float = 180,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Measure the recovery of every matching Deployment that this run has restored, each as `recovery_seconds` does.

    Args:
        label_selector: which Deployments.
        ns: in which namespace; in all of them when none is named.
        timeout: seconds, or Go's duration, to wait for all of them.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        `{targets, worst, median, slowest, seconds}`: how many, two numbers of seconds, the slowest as namespace/name,
        and the seconds of each; zeros in a dry run of Chaos Toolkit. For a tolerance of type `jsonpath`, such as
        `$[?(@.worst < 45)]`.

    Raises:
        ImageCorruptError: one did not recover in time, or this run restored none of them.
        ClusterError: they cannot be listed, or the selector does not parse.
    """
    cluster = connect(secrets, configuration)
    targets = []
    for deployment in matching_workloads(cluster, any_namespace(ns), check_label_selector(label_selector)):
        target = Target.found(deployment, cluster)
        if was_restored(target):
            targets.append(target)
    if not targets and MEMORY.dry_run:
        return dict(_recovery_of({}))
    if not targets:
        raise Refused(f"label_selector: this run has restored no Deployment that matches '{one_line(label_selector)}'")
    names = [f"{t.namespace}/{t.name}" for t in targets]
    seconds = dict(zip(names, map_in_time(targets, timeout, measure_recovery), strict=True))
    return dict(_recovery_of(seconds))


def _recovery_of(seconds: Dict[str, float]) -> RecoveryResult:
    """Summarise the seconds that each Deployment took, by namespace/name; zeros without one."""
    slowest = max(seconds, key=lambda name: seconds[name], default=None)
    return {
        "targets": len(seconds),
        "worst": seconds[slowest] if slowest is not None else 0.0,
        "median": round(median(seconds.values()), 3) if seconds else 0.0,
        "slowest": slowest,
        "seconds": seconds,
    }
