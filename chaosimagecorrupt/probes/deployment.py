"""The state of a rollout by the Deployment's own conditions and counts."""

from contextlib import closing

from chaoslib.types import Configuration, Secrets

from ..kube.waiting import WatchSet, poll
from ..workload import rollout
from ..workload.target import Target
from ..workload.view import Rollout
from ._fault import no_pods_any_longer, over_for
from ._wait import AVAILABLE, EXCEEDED, wait_for

__all__ = [
    "deployment_available",
    "deployment_progressing",
    "pods_ready",
    "progress_deadline_exceeded",
    "progress_deadline_set",
    "serving_pods",
]


def deployment_progressing(
    name: str,
    ns: str = "default",
    timeout: float = 0,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the Deployment's condition Progressing is True: its rollout moves or is complete.

    Args:
        name: of the Deployment.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        False for a paused Deployment, after the progress deadline, and when there is no such deadline at all.

    Raises:
        ImageCorruptError: the Deployment is not there, or its status stays older than its spec.
    """
    target = Target.of(name, ns, secrets, configuration)
    return wait_for(target, timeout, lambda view: rollout.progressing(view.deployment), what="Progressing=True")


def deployment_available(
    name: str,
    ns: str = "default",
    timeout: float = 0,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the Deployment's condition Available is True: enough pods of any template serve.

    Args:
        name: of the Deployment.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it is. Under RollingUpdate it stays True during the fault, by the old pods.

    Raises:
        ImageCorruptError: the Deployment is not there, or its status stays older than its spec.
    """
    target = Target.of(name, ns, secrets, configuration)
    return wait_for(target, timeout, lambda view: rollout.available(view.deployment), what=AVAILABLE)


def progress_deadline_exceeded(
    name: str,
    ns: str = "default",
    timeout: float = 0,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the rollout is reported as stuck: Progressing is False with ProgressDeadlineExceeded.

    A wait ends at once when this run's fault is not in place any longer: an owner put the image back, someone set a
    third one, or the Deployment is gone or scaled to 0.

    Args:
        name: of the Deployment.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it is.

    Raises:
        ImageCorruptError: the Deployment is not there, or its status stays older than its spec.
    """
    target = Target.of(name, ns, secrets, configuration)
    exceeded = rollout.progress_deadline_exceeded
    return wait_for(target, timeout, lambda view: exceeded(view.deployment), what=EXCEEDED, over=over_for(target))


def progress_deadline_set(
    name: str,
    ns: str = "default",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the Deployment has a progress deadline at all, so that a stuck rollout is reported.

    Args:
        name: of the Deployment.
        ns: its namespace.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        False for 2147483647, which means no deadline.

    Raises:
        ImageCorruptError: the Deployment is not there.
    """
    deployment = Target.of(name, ns, secrets, configuration).get()
    return bool(deployment["spec"].get("progressDeadlineSeconds", rollout.NO_DEADLINE) < rollout.NO_DEADLINE)


def pods_ready(
    name: str,
    ns: str = "default",
    timeout: float = 0,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether every pod of the Deployment is Running and Ready: as many as desired, and none that is not.

    Decided by the Deployment and its ReplicaSets, whatever the number of pods; no pod is read, but those of a
    DaemonSet, whose status counts one that is being deleted. Such a pod does not count, as for `kubectl rollout
    status`; minReadySeconds does not matter to a pod that is Ready.

    Args:
        name: of the Deployment.
        ns: its namespace.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        False as long as one pod is not ready, and for a Deployment with 0 replicas. If this run has corrupted it, that
        ends a wait at once.

    Raises:
        ImageCorruptError: the Deployment is not there, or its status stays older than its spec.
    """
    target = Target.of(name, ns, secrets, configuration, kind)

    what, over = "all pods to be ready", no_pods_any_longer(target)
    return wait_for(target, timeout, lambda view: view.pods_all_ready, what=what, revisions=True, over=over)


def serving_pods(
    name: str,
    ns: str = "default",
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> int:
    """Count the ready pods of any template: the capacity that is left.

    No pod is read: the Deployment's controller counts them. One that is being deleted does not count, although it may
    still serve for its grace period.

    Args:
        name: of the Deployment.
        ns: its namespace.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        status.readyReplicas.

    Raises:
        ImageCorruptError: the Deployment is not there, or its status stays older than its spec.
    """
    target = Target.of(name, ns, secrets, configuration, kind)
    watch_set = WatchSet(target.cluster)
    with closing(poll(watch_set, Rollout(watch_set, target), str(target), 0)) as found:
        return target.kind.counts(next(found).deployment).ready
