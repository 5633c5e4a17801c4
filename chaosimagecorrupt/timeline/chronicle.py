"""Turns the API's objects, in the order in which they arrive, into a timeline."""

from collections.abc import Mapping
from typing import Any, cast

from ..errors import one_line
from ..kube.types import Deployment, Object, ReplicaSet
from ..workload.rollout import owned
from .reduce import deployment_state, event_state, pod_state, replica_set_state, resource_state
from .timeline import Timeline

__all__ = ["Chronicle", "compact"]


# A Deployment and its ReplicaSets are absent: their states depend on each other
_STATES = {"Pod": pod_state, "Event": event_state, "Resource": resource_state}


def compact(kind: str, found: Mapping[str, Any]) -> Object:
    """Return the part of an object that a chronicle needs, so that the rest need not stay in memory.

    Args:
        kind: one of `timeline.KINDS`.
        found: the object.

    Returns:
        `{metadata: {name, namespace}, kind, state}`; a Deployment or ReplicaSet in full, because the chronicle compares
        their templates.
    """
    if kind not in _STATES:
        return dict(found)
    metadata = {k: found["metadata"].get(k, "") for k in ("name", "namespace")}
    return {"metadata": metadata, "kind": one_line(found.get("kind") or kind, 80), "state": _STATES[kind](found)}


class Chronicle:
    """Writes a timeline of one Deployment, its ReplicaSets, their pods and events, and an operator's resource.

    Args:
        timeline: where it writes.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.without_replica_sets = False
        self._deployment: Deployment | None = None
        self._replica_sets: dict[str, ReplicaSet] = {}

    def take(self, at: float, kind: str, found: Object, *, gone: bool = False) -> None:
        """Write the state of an object from this moment on.

        Args:
            at: seconds after the timeline's beginning.
            kind: one of `timeline.KINDS`.
            found: from `compact`.
            gone: whether it was deleted.
        """
        name = found["metadata"]["name"]
        if kind == "Deployment":
            self._take_deployment(at, name, cast(Deployment, found), gone=gone)
        elif kind == "ReplicaSet":
            self._take_replica_set(at, name, cast(ReplicaSet, found), gone=gone)
        elif kind == "Resource":
            self.timeline.add(at, kind, f"{found['kind']} {name}", None if gone else found["state"])
        elif kind == "Pod":
            self.timeline.add(at, kind, name, None if gone else found["state"])
        elif found["state"] is not None and not gone:  # the API server deletes each Event when its ttl is over
            self.timeline.add(at, kind, name, found["state"])

    def _take_deployment(self, at: float, name: str, found: Deployment, *, gone: bool) -> None:
        self._deployment = None if gone else found
        if gone:
            self.timeline.add(at, "Deployment", name, None)
        self._write_deployment(at)

    def _take_replica_set(self, at: float, name: str, found: ReplicaSet, *, gone: bool) -> None:
        if gone:
            self._replica_sets.pop(name, None)
            self.timeline.add(at, "ReplicaSet", name, None)
        elif self._deployment is None or owned(self._deployment, [found]):
            self._replica_sets[name] = found
            self.timeline.add(at, "ReplicaSet", name, replica_set_state(found))
        self._write_deployment(at)

    def _write_deployment(self, at: float) -> None:
        """Write the Deployment's state; whether it is complete depends on its ReplicaSets too."""
        if self._deployment is None:
            return
        sets = None if self.without_replica_sets else list(self._replica_sets.values())
        name = self._deployment["metadata"]["name"]
        self.timeline.add(at, "Deployment", name, deployment_state(self._deployment, sets))
