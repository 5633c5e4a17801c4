"""Rollbacks: put the original image back, from the record on the Deployment."""

from collections.abc import Collection
from itertools import chain
from typing import Any, Dict

from chaoslib.types import Configuration, Secrets
from logzero import logger

from .fault.selection import any_label_selector, whole_number
from .kube.client import Cluster, connect
from .kube.names import any_namespace
from .record.entry import expired
from .record.fault import Fault
from .record.find import matching_workloads, recorded_workloads
from .record.memory import MEMORY
from .restore.many import Todo, restore_all, todo_of, todo_of_faults
from .restore.restore import restore
from .restore.result import nothing_to_restore, results_of
from .workload.kind import WorkloadKind
from .workload.kinds import KINDS, kind_named
from .workload.target import Target

__all__ = ["restore_image", "restore_images"]


def restore_image(
    name: str,
    ns: str = "default",
    container_name: str = None,
    clean_history: bool = True,
    this_run_only: bool = False,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Put the original image of a Deployment back, and remove the record and every other trace of the fault.

    Of another workload, pods that got the corrupt image and never started are deleted where its controller would leave
    them as they are.

    An image that another client deployed after the corruption stays. A second call does nothing.

    Args:
        name: the Deployment's name.
        ns: the Deployment's namespace; `default` by default.
        container_name: the container to restore; by default every recorded one.
        clean_history: delete the corrupt ReplicaSet, so that `kubectl rollout undo` does not roll it out; true by
            default.
        this_run_only: restore only what this run has corrupted; false by default. True is meant for rollbacks, because
            Chaos Toolkit also plays them when the injection was refused, for example because another run's fault is in
            place: that one must stay.
        kind: Deployment, StatefulSet or DaemonSet; Deployment by default.
        configuration: Chaos Toolkit's configuration; its KUBERNETES_CONTEXT selects the kubeconfig's context, unless
            `secrets` do.
        secrets: how to reach the cluster, with the keys of chaostoolkit-kubernetes; by default the kubeconfig or the
            pod's service account.

    Returns:
        `{namespace, deployment, outcome, restored, containers, warnings}`. `outcome` is `restored`, `healed` (another
        client had put the image back), `superseded` (another client has deployed a third image), `container-gone`,
        `nothing-to-restore` or `deployment-gone`; with several containers, the first of these that occurs. `restored`
        is the time in seconds since 1970. `containers` has for each container `{container, outcome, id,
        original_image, corrupt_image, found_image, by, at}`: `by` is the field manager that set the found image, `at`
        the RFC 3339 time of that.

    Raises:
        Refused: the original image is unknown, or the record does not say whether the present one is corrupt.
        ClusterError: the API server could not be reached, or refused.
    """
    target = Target.of(name, ns, secrets, configuration, kind)
    fault = MEMORY.fault(target)
    ids = list(fault.entries) if fault is not None else []
    if this_run_only and not ids:
        logger.info(f"{target}: this run has corrupted nothing there; nothing to restore")
        return dict(nothing_to_restore(target, target.cluster.timing.now()))
    result = restore(
        target,
        container_name=container_name or None,  # an experiment's variable may be empty
        injection_ids=ids if this_run_only else None,
        clean_history=clean_history,
    )
    return dict(result)


def restore_images(
    label_selector: str = None,
    ns: str = None,
    expired_only: bool = False,
    unlabelled: bool = False,
    clean_history: bool = True,
    this_run_only: bool = False,
    concurrency: int = 10,
    kind: str = None,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Put the original image back in every Deployment that has a record; if one fails, the others are still restored.

    Args:
        label_selector: which Deployments, such as app=web; by default all that have a record.
        ns: the namespace to search; by default all namespaces.
        expired_only: restore only faults whose ttl is over; false by default.
        unlabelled: read every Deployment, to also find records without the label, which operator-chaos makes; false by
            default.
        clean_history: delete the corrupt ReplicaSets, so that `kubectl rollout undo` does not roll them out; true by
            default.
        this_run_only: restore only what this run has corrupted; meant for rollbacks, see `restore_image`. False by
            default.
        concurrency: how many Deployments are restored at the same time, at most; 10 by default.
        kind: Deployment, StatefulSet or DaemonSet; by default all of them.
        configuration: Chaos Toolkit's configuration; its KUBERNETES_CONTEXT selects the kubeconfig's context, unless
            `secrets` do.
        secrets: how to reach the cluster, with the keys of chaostoolkit-kubernetes; by default the kubeconfig or the
            pod's service account.

    Returns:
        `{restored, failed, deployments}`. The first two are numbers of Deployments. `deployments` has for each what
        `restore_image` returns, or `{namespace, deployment, outcome: "failed", error}`.

    Raises:
        Refused: an argument is invalid.
        ClusterError: the Deployments could not be listed.
    """
    namespace = any_namespace(ns)
    labels, limit = any_label_selector(label_selector), whole_number(concurrency, "concurrency")
    kinds = [kind_named(kind)] if kind else KINDS
    cluster = connect(secrets, configuration)
    if this_run_only:
        todo = _of_this_run(cluster, namespace, labels, kinds, expired_only=expired_only)
    else:
        found = recorded_workloads(cluster, namespace, labels or None, unlabelled=unlabelled, kinds=kinds)
        todo = todo_of(cluster, found, cluster.timing.now(), expired_only=expired_only)
    done = restore_all(todo, concurrency=limit, clean_history=clean_history)
    return dict(results_of(done))


def _of_this_run(
    cluster: Cluster, ns: str | None, label_selector: str, kinds: Collection[WorkloadKind], *, expired_only: bool
) -> list[Todo]:
    """Return what this run has corrupted and not restored yet, whether it still has a record or not."""
    now = cluster.timing.now()
    faults = [f for f in _faults(cluster, ns, label_selector) if f.kind in kinds]
    return todo_of_faults(faults, lambda entry: expired(entry, now) or not expired_only)


def _faults(cluster: Cluster, ns: str | None, label_selector: str) -> list[Fault]:
    """Return this run's faults on a cluster, in a namespace if one is given, and in workloads that match."""
    faults = [f for f in MEMORY.faults() if f.cluster is cluster and ns in (None, f.namespace)]
    if not label_selector:
        return faults
    listed = [matching_workloads(cluster, ns, label_selector, kind) for kind in dict.fromkeys(f.kind for f in faults)]
    matching = {workload["metadata"]["uid"] for workload in chain.from_iterable(listed)}
    return [f for f in faults if f.uid in matching]
