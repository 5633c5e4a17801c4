"""Rollbacks: put the image back, from the record on the Deployment."""

import time
from typing import Any, Dict

from chaoslib.types import Configuration, Secrets
from logzero import logger

from .cluster import connect
from .errors import ImageCorruptError, plain
from .fault import check_namespace
from .record import expired, read_record
from .records import recorded_deployments
from .restoring import nothing_to_restore, restore
from .target import MEMORY, Target

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
        configuration: Chaos Toolkit's; not used.
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
    target = Target.of(name, ns, secrets)
    fault = MEMORY.fault(target.cluster, ns, name)
    ids = list(fault.entries) if fault is not None else []
    if this_run_only and not ids:
        logger.info(f"{target}: this run has corrupted nothing there; nothing to restore")
        return nothing_to_restore(target)
    return restore(
        target,
        container_name=container_name or None,  # an experiment's empty variable names none
        injection_ids=ids if this_run_only else None,
        clean_history=clean_history,
    )


def restore_images(
    label_selector: str = None,
    ns: str = None,
    expired_only: bool = False,
    unlabelled: bool = False,
    clean_history: bool = True,
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
        configuration: Chaos Toolkit's; not used.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        `{restored, failed, deployments}`: two numbers, and what `restore_image` returns for each Deployment, or
        `{namespace, deployment, outcome: "failed", error}`.

    Raises:
        Refused: an argument makes no sense.
        ClusterError: the Deployments could not be listed.
    """
    if ns:
        check_namespace(ns)
    now, done = time.time(), []
    cluster = connect(secrets)
    for deployment in recorded_deployments(cluster, ns or None, label_selector or None, unlabelled=unlabelled):
        record = read_record(deployment).values()
        chosen = [e.id for e in record if expired(e, now)] if expired_only else None
        if chosen == []:
            continue
        target = Target(deployment["metadata"]["name"], deployment["metadata"]["namespace"], cluster)
        try:
            done.append(restore(target, injection_ids=chosen, clean_history=clean_history))
        except ImageCorruptError as x:
            logger.error(f"{target} is not restored: {plain(x, 500)}")
            failure = {"namespace": target.namespace, "deployment": target.name}
            done.append({**failure, "outcome": "failed", "error": plain(x, 500)})
    failed = sum(d["outcome"] == "failed" for d in done)
    return {"restored": len(done) - failed, "failed": failed, "deployments": done}
