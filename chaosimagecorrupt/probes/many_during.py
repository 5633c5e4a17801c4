"""Probes of many Deployments during the fault: what each of them reports."""

from collections.abc import Callable, Sequence

from chaoslib.types import Configuration, Secrets

from ..kube.client import connect
from ..workload import rollout
from ..workload.kinds import kind_named
from ..workload.rollout import desired_replicas
from ..workload.target import Target
from ._fault import over_for
from ._targets import corrupted_targets, map_in_time, matching_targets
from ._wait import AVAILABLE, EXCEEDED, wait_for
from .back_off import back_off_grows

__all__ = ["deployments_available", "progress_deadlines_exceeded", "pull_backoffs_growing"]


def deployments_available(
    label_selector: str,
    ns: str = None,
    timeout: float = 0,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether every matching Deployment is available, as `deployment_available` does for one.

    Args:
        label_selector: which Deployments; one with 0 replicas does not count.
        ns: in which namespace; in all of them when none is named.
        timeout: seconds, or Go's duration, to wait for all of them; 0 answers from the current state.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether they are. Under RollingUpdate they stay so during the fault, by the old pods.

    Raises:
        Refused: none matches.
        ClusterError: they cannot be listed, or the selector does not parse.
        ImageCorruptError: one was deleted meanwhile, or its status stays older than its spec.
    """
    cluster = connect(secrets, configuration)
    targets = matching_targets(cluster, label_selector, ns, lambda deployment, _: desired_replicas(deployment))
    return all(
        map_in_time(
            targets,
            timeout,
            lambda t, left: wait_for(t, left, lambda v: rollout.available(v.deployment), what=AVAILABLE),
        )
    )


def progress_deadlines_exceeded(
    label_selector: str,
    ns: str = None,
    timeout: float = 0,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether every corrupted Deployment is reported as stuck, as `progress_deadline_exceeded` does for one.

    Args:
        label_selector: which Deployments; of these, those that carry a record count.
        ns: in which namespace; in all of them when none is named.
        timeout: seconds, or Go's duration, to wait for all of them; 0 answers from the current state.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether they are. False when no Deployment is corrupted.

    Raises:
        ClusterError: they cannot be listed, or the selector does not parse.
        ImageCorruptError: one was deleted meanwhile, or its status stays older than its spec.
    """

    def exceeded(target: Target, left: float) -> bool:
        reported = rollout.progress_deadline_exceeded
        return wait_for(target, left, lambda view: reported(view.deployment), what=EXCEEDED, over=over_for(target))

    return _all_of(corrupted_targets(connect(secrets, configuration), label_selector, ns), timeout, exceeded)


def pull_backoffs_growing(
    label_selector: str,
    ns: str = None,
    timeout: float = 90,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the back-off grows in every corrupted Deployment, as `pull_backoff_growing` does for one.

    Args:
        label_selector: which Deployments; of these, those that carry a record count.
        ns: in which namespace; in all of them when none is named.
        timeout: seconds, or Go's duration, to wait for all of them; 0 answers from the current state.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it does. False when no Deployment is corrupted.

    Raises:
        ClusterError: they cannot be listed, or the selector does not parse.
        ImageCorruptError: one was deleted meanwhile, or its Events cannot be followed.
    """

    def grows(target: Target, left: float) -> bool:
        return back_off_grows(target, left, None)

    targets = corrupted_targets(connect(secrets, configuration), label_selector, ns, kind_named(kind))
    return _all_of(targets, timeout, grows)


def _all_of(targets: Sequence[Target], timeout: object, probe: Callable[[Target, float], bool]) -> bool:
    return bool(targets) and all(map_in_time(targets, timeout, probe))
