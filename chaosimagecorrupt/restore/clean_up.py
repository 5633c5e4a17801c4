"""Removing what a restore leaves behind, as far as the role allows it."""

import time
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from ..errors import ClusterError, Conflict, NotFound, one_line
from ..kube.labels import selector
from ..kube.requests import Request, delete_request, json_patch_request, patch_request
from ..kube.resources import DEPLOYMENTS, REPLICA_SETS
from ..kube.waiting import WatchSet
from ..record.annotations import read_record
from ..record.entry import Entry
from ..workload.rollout import observed
from ..workload.target import Target
from .leftovers import (
    annotations_patch,
    copied,
    corrupt_replica_sets,
    deadline_patch,
    doubtful_replica_sets,
    managed_fields_patch,
    with_copies,
)

__all__ = ["clean_up"]

FIRST_PAUSE = 0.02  # seconds between two attempts, doubled each time up to
LONGEST_PAUSE = 1.0  # because a rollout changes its Deployment for a while
SCALED_DOWN = 10.0  # seconds for the corrupt ReplicaSet to be scaled to 0; measured: 0.05
ATTEMPTS = 10

Object = dict[str, Any]


def clean_up(target: Target, known: Collection[Entry], *, clean_history: bool) -> list[str]:
    """Give the fields back to their owners, remove the corrupt ReplicaSet and the copies of the record.

    While the record of another fault is left on the Deployment, only the former.

    Args:
        target: the Deployment.
        known: injections that the caller knows.
        clean_history: delete the corrupt ReplicaSet once it is scaled to 0.

    Returns:
        A warning for each trace that had to stay, with what to do about it.

    Raises:
        ClusterError: traces may be left, because the API server could not be reached or was in trouble.
    """
    warnings: list[str] = []
    try:
        deployment = target.get()
        warnings += _managed_fields(target, deployment, known)
        if clean_history:
            warnings += _replica_sets(target, deployment, known)
    except NotFound:
        return []
    except ClusterError as x:
        if x.is_transient:
            raise
        warnings.append(f"traces of the fault may be left, because they could not be looked for: {one_line(x)}")
    return warnings


def _managed_fields(target: Target, deployment: Object, known: Collection[Entry]) -> list[str]:
    for attempt in range(ATTEMPTS):
        patch = managed_fields_patch(deployment, known)
        if patch is not None and not known:
            known = _copied(target, deployment)
            patch = managed_fields_patch(deployment, known)
        if patch is None:
            return []
        try:
            deployment = target.cluster.send(json_patch_request(DEPLOYMENTS, target.namespace, target.name, patch))
        except ClusterError as x:
            if x.status not in (409, 422):
                raise
            time.sleep(min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE))
            deployment = target.get()
    return ["managedFields still name chaosimagecorrupt, because the Deployment is being changed all the time"]


def _copied(target: Target, deployment: Object) -> list[Entry]:
    """The injections of which only the copies of the record tell: whoever undid them did not come to clean up."""
    try:
        return copied(deployment, target.replica_sets(deployment))
    except ClusterError as x:
        if x.is_transient:
            raise
        return []


def _replica_sets(target: Target, deployment: Object, known: Collection[Entry]) -> list[str]:
    for _ in range(ATTEMPTS):
        if read_record(deployment):
            return []  # of another fault, meanwhile
        sets = _scaled_down(target, deployment, known)
        if deadline_patch(deployment, sets) is not None:
            target.patch(partial(deadline_patch, replica_sets=sets))
            deployment = target.get()
            _managed_fields(target, deployment, copied(deployment, sets))
            continue
        corrupt = corrupt_replica_sets(deployment, sets, known)
        doubtful = doubtful_replica_sets(deployment, sets, known)
        copies = [r for r in with_copies(deployment, sets) if not _made_for(r, corrupt)]
        try:
            warnings = [_delete(target, r) for r in corrupt] + [_forget(target, r) for r in copies]
        except Conflict:
            continue  # its status changed meanwhile
        return [*(w for w in warnings if w), *(_stays(target, r) for r in doubtful)]
    return ["traces of the fault stay in the rollout history, because the ReplicaSets are being changed all the time"]


def _scaled_down(target: Target, deployment: Object, known: Collection[Entry]) -> list[Object]:
    """Return the ReplicaSets, those of the fault scaled to 0 if that comes to pass.

    They are listed after the controller has observed the restore, because until then it may still make one; a watch of
    them that is opened before can be behind that of the Deployment.
    """
    watch_set, until = WatchSet(target.cluster), time.monotonic() + SCALED_DOWN
    try:
        deployments = watch_set.add(DEPLOYMENTS, target.namespace, {"fieldSelector": f"metadata.name={target.name}"})
        while not all(map(observed, deployments.objects.values())) and watch_set.next_change(until):
            pass
        watch_set.drop_all()
        informer = watch_set.add(REPLICA_SETS, target.namespace, {"labelSelector": selector(deployment)})
        while True:
            sets = list(informer.objects.values())
            done = deployment["spec"].get("paused") or all(map(_empty, corrupt_replica_sets(deployment, sets, known)))
            if done or not watch_set.next_change(until):
                return sets
    finally:
        watch_set.close()


def _stays(target: Target, replica_set: Mapping[str, Any]) -> str:
    name = replica_set["metadata"]["name"]
    return (
        f"ReplicaSet {name} has the corrupt image and stays in the rollout history, because it was there before the "
        "fault or was rolled out again since, so that it may be somebody's; if it is not: "
        f"`kubectl delete replicaset {name} -n {target.namespace}`"
    )


def _delete(target: Target, replica_set: Mapping[str, Any]) -> str | None:
    name = replica_set["metadata"]["name"]
    by_hand = f"`kubectl delete replicaset {name} -n {target.namespace}`"
    if not _empty(replica_set):
        return f"the corrupt ReplicaSet {name} is not scaled to 0 and stays in the rollout history; later: {by_hand}"
    return _sent(
        target,
        delete_request(REPLICA_SETS, replica_set),
        f"the corrupt ReplicaSet {name} stays in the rollout history; {by_hand}",
    )


def _forget(target: Target, replica_set: Mapping[str, Any]) -> str | None:
    name = replica_set["metadata"]["name"]
    request = patch_request(REPLICA_SETS, target.namespace, name, annotations_patch(replica_set))
    return _sent(target, request, f"ReplicaSet {name} keeps a copy of the record in its annotations")


def _sent(target: Target, request: Request, otherwise: str) -> str | None:
    """Send a request; return what is to be said when it is not allowed."""
    try:
        target.cluster.send(request)
    except NotFound:
        return None
    except Conflict:
        raise
    except ClusterError as x:
        if x.is_transient:
            raise
        return f"{otherwise} ({one_line(x)})"
    return None


def _made_for(replica_set: Mapping[str, Any], corrupt: Collection[Mapping[str, Any]]) -> bool:
    return replica_set["metadata"]["uid"] in {r["metadata"]["uid"] for r in corrupt}


def _empty(replica_set: Mapping[str, Any]) -> bool:
    wanted, there = replica_set["spec"].get("replicas"), replica_set["status"].get("replicas")
    return not wanted and not there and (replica_set["status"].get("observedGeneration") or 0) >= 1
