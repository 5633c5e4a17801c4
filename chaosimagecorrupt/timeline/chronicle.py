"""From the API's objects, as they come, to a timeline."""

from collections.abc import Mapping
from typing import Any

from ..errors import one_line
from ..workload.rollout import owned
from .states import deployment_state, event_state, pod_state, replica_set_state, resource_state
from .timeline import Timeline

__all__ = ["Chronicle", "folded"]

Object = dict[str, Any]

_FOLDS = {"Pod": pod_state, "Event": event_state, "Resource": resource_state}


def folded(kind: str, found: Mapping[str, Any]) -> Object:
    """Return what a chronicle takes of an object: the rest need not be held in memory.

    Args:
        kind: one of `timeline.KINDS`.
        found: the object.

    Returns:
        `{metadata: {name, namespace}, state}`; a Deployment and its ReplicaSets, whose templates are compared with
        each other, as they are.
    """
    if kind not in _FOLDS:
        return dict(found)
    metadata = {k: found["metadata"].get(k, "") for k in ("name", "namespace")}
    return {"metadata": metadata, "kind": one_line(found.get("kind") or kind, 80), "state": _FOLDS[kind](found)}


class Chronicle:
    """Writes a timeline of one Deployment, its ReplicaSets, their pods and events, and an operator's resource.

    Args:
        timeline: is written to.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.without_replica_sets = False
        self._deployment: Object | None = None
        self._replica_sets: dict[str, Object] = {}

    def take(self, at: float, kind: str, found: Object, *, gone: bool = False) -> None:
        """Take an object as it is from now on.

        Args:
            at: seconds after the timeline's beginning.
            kind: one of `timeline.KINDS`.
            found: from `folded`.
            gone: whether it was deleted.
        """
        name = found["metadata"]["name"]
        if kind == "Deployment":
            self._deployment = None if gone else found
            if gone:
                self.timeline.seen(at, kind, name, None)
        elif kind == "ReplicaSet":
            self._take_replica_set(at, name, found, gone=gone)
        elif kind == "Resource":
            self.timeline.seen(at, kind, f"{found['kind']} {name}", None if gone else found["state"])
        elif kind == "Pod":
            self.timeline.seen(at, kind, name, None if gone else found["state"])
        elif found["state"] is not None and not gone:  # an event goes when its time is over, which says nothing
            self.timeline.seen(at, kind, name, found["state"])
        if kind in ("Deployment", "ReplicaSet"):
            self._write_deployment(at)

    def _take_replica_set(self, at: float, name: str, found: Object, *, gone: bool) -> None:
        if gone:
            self._replica_sets.pop(name, None)
            self.timeline.seen(at, "ReplicaSet", name, None)
        elif self._deployment is None or owned(self._deployment, [found]):
            self._replica_sets[name] = found
            self.timeline.seen(at, "ReplicaSet", name, replica_set_state(found))

    def _write_deployment(self, at: float) -> None:
        """Write the Deployment's state; whether it is complete is decided by its ReplicaSets too."""
        if self._deployment is None:
            return
        sets = None if self.without_replica_sets else list(self._replica_sets.values())
        name = self._deployment["metadata"]["name"]
        self.timeline.seen(at, "Deployment", name, deployment_state(self._deployment, sets))
