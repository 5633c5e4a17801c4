"""Gives the fields that a fault changed back to their owners, in managedFields."""

import time
from collections.abc import Collection
from http import HTTPStatus
from typing import cast

from ..errors import ClusterError
from ..kube.requests import json_patch_request
from ..kube.types import Deployment
from ..record.entry import Entry
from ..record.snapshot import Snapshot
from ..workload.target import Target
from .leftovers import copied_entries, managed_fields_patch

__all__ = ["give_fields_back"]


def give_fields_back(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> list[str]:
    """Give the fields back to their owners; return a warning when conflicts with other clients prevent it.

    Args:
        target: the workload.
        snapshot: the workload as it was read.
        known: injections that the caller knows; without any, the copies of their record tell them.

    Raises:
        ClusterError: the API server could not be reached, or refused.
    """
    for pause in target.cluster.timing.after_conflicts():
        patch = managed_fields_patch(snapshot, known)
        if patch is not None and not known:
            known = _copied(target, snapshot)
            patch = managed_fields_patch(snapshot, known)
        if patch is None:
            return []
        try:
            request = json_patch_request(target.kind.resource, target.namespace, target.name, patch)
            snapshot = Snapshot(cast(Deployment, target.cluster.send(request)))
        except ClusterError as x:
            if x.status not in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
                raise
            time.sleep(pause)
            snapshot = Snapshot(target.get())
    return [f"managedFields still name chaosimagecorrupt, because the {target.kind.name} is being changed all the time"]


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
