"""Rollbacks: put the image back, from the record on the Deployment."""

import time
from typing import Any, Dict

from chaoslib.types import Configuration, Secrets
from logzero import logger

from .fault.selection import any_label_selector, whole_number
from .kube.client import Cluster, connect
from .kube.names import any_namespace
from .record.entry import expired
from .record.find import matching_deployments, recorded_deployments
from .record.memory import MEMORY, Fault
from .restore.many import Todo, restore_all, todo_of
from .restore.restore import restore
from .restore.result import nothing_to_restore
from .workload.target import Target

__all__ = ["restore_image", "restore_images"]


def restore_image(
    name: str,
    ns: str = "default",
    container_name: str = None,
    clean_history: bool = True,
    this_run_only: bool = False,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Put back the image of a Deployment's container, and remove the record.

    What somebody else deployed after the corruption stays. Called again, it does nothing.

    Args:
        name: of the Deployment.
        ns: its namespace.
        container_name: the container to restore; every recorded one when none is named.
        clean_history: delete the corrupt ReplicaSet, so that `kubectl rollout undo` does not roll it out.
        this_run_only: restore only what this run has corrupted. For rollbacks: Chaos Toolkit plays them also when the
            fault was refused because somebody else's is in place, which must stay.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        `{namespace, deployment, outcome, restored, containers, warnings}`. The outcome is `restored`, `healed`,
        `superseded`, `container-gone`, `nothing-to-restore` or `deployment-gone`; with several containers the first of
        these that occurs. `containers` has `{container, outcome, id, original_image, corrupt_image, found_image, by,
        at}` for each; `restored` is the time in seconds since 1970.

    Raises:
        Refused: the original image is not known, or it cannot be told whether the present one is corrupt.
        ClusterError: the API server could not be reached, or refused.
    """
    target = Target.of(name, ns, secrets, configuration)
    fault = MEMORY.fault(target.cluster, ns, name)
    ids = list(fault.entries) if fault is not None else []
    if this_run_only and not ids:
        logger.info(f"{target}: this run has corrupted nothing there; nothing to restore")
        return dict(nothing_to_restore(target))
    result = restore(
        target,
        container_name=container_name or None,  # an experiment's empty variable names none
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
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Put back the image of every Deployment that carries a record. One that fails does not stop the others.

    Args:
        label_selector: which Deployments; all when there is none.
        ns: in which namespace; in all of them when none is named.
        expired_only: only faults whose ttl is over.
        unlabelled: read every Deployment, to find records without the label (those that operator-chaos made) too.
        clean_history: delete the corrupt ReplicaSets, so that `kubectl rollout undo` does not roll them out.
        this_run_only: restore only what this run has corrupted; for rollbacks, as with `restore_image`.
        concurrency: how many are restored at a time at most.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        `{restored, failed, deployments}`: two numbers, and what `restore_image` returns for each Deployment, or
        `{namespace, deployment, outcome: "failed", error}`.

    Raises:
        Refused: an argument makes no sense.
        ClusterError: the Deployments could not be listed.
    """
    namespace = any_namespace(ns)
    labels, limit = any_label_selector(label_selector), whole_number(concurrency, "concurrency")
    cluster = connect(secrets, configuration)
    if this_run_only:
        todo = _of_this_run(cluster, namespace, labels, expired_only=expired_only)
    else:
        found = recorded_deployments(cluster, namespace, labels or None, unlabelled=unlabelled)
        todo = todo_of(cluster, found, expired_only=expired_only)
    done = list(restore_all(todo, concurrency=limit, clean_history=clean_history))
    failed = sum(d["outcome"] == "failed" for d in done)
    return {"restored": len(done) - failed, "failed": failed, "deployments": done}


def _of_this_run(cluster: Cluster, ns: str | None, label_selector: str, *, expired_only: bool) -> list[Todo]:
    """Return what this run has corrupted and not restored yet, whether it still has a record or not."""
    now, todo = time.time(), list[Todo]()
    for fault in _faults(cluster, ns, label_selector):
        ids = [e.id for e in fault.left if expired(e, now) or not expired_only]
        if ids:
            todo.append(Todo(Target(fault.name, fault.namespace, cluster), ids))
    return todo


def _faults(cluster: Cluster, ns: str | None, label_selector: str) -> list[Fault]:
    """Return this run's faults on a cluster, in a namespace if one is given, and in Deployments that match."""
    matching = None
    if label_selector:
        matching = {d["metadata"]["uid"] for d in matching_deployments(cluster, ns, label_selector)}
    faults = [f for f in MEMORY.faults() if f.cluster is cluster and ns in (None, f.namespace)]
    return faults if matching is None else [f for f in faults if f.uid in matching]
