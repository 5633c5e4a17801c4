"""Gives the fields that a fault changed back to their owners, in managedFields."""

import time
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from logzero import logger

from ..errors import ClusterError, one_line
from ..kube.client import ONE_ATTEMPT, Cluster
from ..kube.requests import json_patch_request
from ..kube.types import Deployment
from ..record.entry import Entry
from ..record.snapshot import Snapshot
from ..workload.target import Target
from .leftovers import copied_entries, managed_fields_patch

__all__ = ["give_fields_back", "give_fields_back_at_once"]


def give_fields_back(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> tuple[Snapshot, list[str]]:
    """Give the fields back to their owners.

    Args:
        target: the workload.
        snapshot: the workload as it was read.
        known: injections that the caller knows; without any, the copies of their record tell them.

    Returns:
        The workload as it was read last, and a warning when conflicts with other clients prevent it.

    Raises:
        ClusterError: the API server could not be reached, or refused.
    """
    for pause in target.cluster.timing.after_conflicts():
        patch = managed_fields_patch(snapshot, known)
        if patch is not None and not known:
            known = _copied(target, snapshot)
            patch = managed_fields_patch(snapshot, known)
        if patch is None:
            return snapshot, []
        try:
            snapshot = _patched(target, target.cluster, patch)
        except ClusterError as x:
            if x.status not in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
                raise
            time.sleep(pause)
            snapshot = Snapshot(target.get())
    always = f"the {target.kind.name} is being changed all the time"
    return snapshot, [f"managedFields still name chaosimagecorrupt, because {always}"]


def give_fields_back_at_once(target: Target, after: Snapshot, known: Collection[Entry]) -> Snapshot | None:
    """Give the fields back by one attempt, before the controller writes to the workload, so that it is not read again.

    Args:
        target: the workload.
        after: the workload as the patch that put the image back has returned it.
        known: the injections that it undid.

    Returns:
        The workload as it is then; None when that failed: who cleans up reads the workload, and reports what fails.
    """
    patch = managed_fields_patch(after, known)
    try:
        return after if patch is None else _patched(target, target.cluster.with_patience(ONE_ATTEMPT), patch)
    except ClusterError as x:
        logger.debug(f"{target}: the fields are given back once it is read again: {one_line(x)}")
        return None


def _patched(target: Target, cluster: Cluster, patch: Sequence[Mapping[str, Any]]) -> Snapshot:
    request = json_patch_request(target.kind.resource, target.namespace, target.name, patch)
    return Snapshot(cast(Deployment, cluster.send(request)))


def _copied(target: Target, snapshot: Snapshot) -> list[Entry]:
    """Return the injections of which only a copy of the record is left: whatever undid them did not clean up.

    A role may not allow to list ReplicaSets; then there are none.
    """
    try:
        return copied_entries(snapshot.with_revisions(target.revisions(snapshot.deployment)))
    except ClusterError as x:
        if x.is_transient:
            raise
        return []
