"""Turns the API's objects, in the order in which they arrive, into a timeline."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from ..errors import one_line
from ..kube.types import ManagedFieldsEntry, Object
from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.kinds import WORKLOADS
from ..workload.rollout import owned
from .reduce import (
    controller_revision_state,
    deployment_state,
    event_state,
    pod_state,
    replica_set_state,
    resource_state,
)
from .timeline import Timeline

__all__ = ["Chronicle", "compact", "whole"]


# A workload and its revisions are absent: their states depend on each other
_STATES = {"Pod": pod_state, "Event": event_state, "Resource": resource_state}


def compact(kind: str, found: Mapping[str, Any]) -> Object:
    """Return the part of an object that a chronicle needs, so that the rest need not stay in memory.

    Args:
        kind: one of `timeline.KINDS`.
        found: the object.

    Returns:
        `{metadata: {name, namespace}, kind, state}`. The chronicle compares the templates of a workload and its
        revisions, so of these it is `{metadata: {name, namespace, uid, ownerReferences}, kind, packed}`, for `whole`.
    """
    metadata = {k: found["metadata"].get(k, "") for k in ("name", "namespace")}
    if kind in _STATES:
        return {"metadata": metadata, "kind": one_line(found.get("kind") or kind, 80), "state": _STATES[kind](found)}
    metadata |= {k: found["metadata"][k] for k in ("uid", "ownerReferences") if k in found["metadata"]}
    return {"metadata": metadata, "kind": kind, "packed": _packed(kind, found)}


def whole(found: Mapping[str, Any]) -> Any:
    """Return a workload or a revision, without the managedFields that are not read.

    Args:
        found: from `compact`.
    """
    return json.loads(zlib.decompress(found["packed"]))


def _packed(kind: str, found: Mapping[str, Any]) -> bytes:
    # a run may follow thousands: as dicts, with a string for each key, they take over ten times as much memory
    read = {**found, "metadata": {**found["metadata"], "managedFields": _writers(kind, found)}}
    return zlib.compress(json.dumps(read).encode(), 1)


def _writers(kind: str, found: Mapping[str, Any]) -> list[ManagedFieldsEntry]:
    """Return the entries of managedFields that say who wrote a workload's spec; nobody asks that of a revision."""
    entries = (found["metadata"].get("managedFields") or []) if kind in WORKLOADS else []
    return [entry for entry in entries if entry.get("subresource") != "status"]


class Chronicle:
    """Writes a timeline of one workload, its revisions, their pods and events, and an operator's resource.

    Args:
        timeline: where it writes.
        kind: of the workload.
    """

    def __init__(self, timeline: Timeline, kind: WorkloadKind = DEPLOYMENT) -> None:
        self.timeline, self._kind = timeline, kind
        self.without_revisions = False
        self._deployment: Object | None = None
        self._revisions: dict[str, Object] = {}

    def take(self, at: float, kind: str, found: Object, *, gone: bool = False) -> None:
        """Write the state of an object from this moment on.

        Args:
            at: seconds after the timeline's beginning.
            kind: one of `timeline.KINDS`.
            found: from `compact`.
            gone: whether it was deleted.
        """
        name = found["metadata"]["name"]
        if kind == self._kind.name:
            self._take_deployment(at, name, found, gone=gone)
        elif kind == self._kind.revision_name:
            self._take_revision(at, name, found, gone=gone)
        elif kind == "Resource":
            self.timeline.add(at, kind, f"{found['kind']} {name}", None if gone else found["state"])
        elif kind == "Pod":
            self.timeline.add(at, kind, name, None if gone else found["state"])
        elif found["state"] is not None and not gone:  # the API server deletes each Event when its ttl is over
            self.timeline.add(at, kind, name, found["state"])

    def _take_deployment(self, at: float, name: str, found: Object, *, gone: bool) -> None:
        self._deployment = None if gone else found
        if gone:
            self.timeline.add(at, self._kind.name, name, None)
        self._write_deployment(at)

    def _take_revision(self, at: float, name: str, found: Object, *, gone: bool) -> None:
        kind = self._kind
        if gone:
            self._revisions.pop(name, None)
            self.timeline.add(at, kind.revision_name, name, None)
        elif self._deployment is None or owned(self._deployment, [found]):
            self._revisions[name] = found
            revision = kind.as_revision(whole(found))
            state = replica_set_state(revision) if kind.counts_pods else controller_revision_state(revision, kind)
            self.timeline.add(at, kind.revision_name, name, state)
        self._write_deployment(at)

    def _write_deployment(self, at: float) -> None:
        """Write the workload's state; whether it is complete depends on its ReplicaSets too."""
        if self._deployment is None:
            return
        kept = None if self.without_revisions else self._revisions.values()
        revisions = None if kept is None else [self._kind.as_revision(whole(found)) for found in kept]
        name = self._deployment["metadata"]["name"]
        self.timeline.add(at, self._kind.name, name, deployment_state(whole(self._deployment), revisions))
