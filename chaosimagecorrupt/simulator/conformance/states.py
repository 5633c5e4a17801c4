"""The state of an object: the parts of it that are compared."""

from collections.abc import Mapping
from typing import Any

from ..types import Object

__all__ = ["COUNTS", "GONE", "State", "Timed", "state_of"]

# What is compared of an object, by name
State = Mapping[str, Any]

# When a state began, in seconds, and the state
Timed = tuple[float, State]

# The state of an object that was removed
GONE: State = {"gone": True}

REVISIONS = ("revision", "revision-history", "desired-replicas", "max-replicas")
# What of a state names a ControllerRevision
REVISION_NAMES = ("currentRevision", "updateRevision", "ofRevision")
COUNTS = ("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "terminatingReplicas")

DAEMON_SET_COUNTS = (
    "currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady", "numberAvailable",
    "numberUnavailable", "updatedNumberScheduled",
)  # fmt: skip


def state_of(kind: str, obj: Object, revisions: Mapping[str, int]) -> State:
    """Return what of an object is compared.

    Args:
        kind: its kind.
        obj: the object.
        revisions: by name or hash of a ControllerRevision, the how manyth it was.
    """
    states = {
        "ControllerRevision": _controller_revision,
        "DaemonSet": _daemon_set,
        "Deployment": _deployment,
        "Pod": _pod,
        "ReplicaSet": _replica_set,
        "StatefulSet": _stateful_set,
    }
    state: Object = states[kind](obj)
    for name in REVISION_NAMES:
        if name in state:
            state[name] = revisions.get(state[name], state[name])
    if "deletionTimestamp" in obj["metadata"]:
        state["deleted"] = True
    return state


def _deployment(obj: Object) -> Object:
    status = obj.get("status", {})
    counts = {name: status.get(name, 0) for name in (*COUNTS, "updatedReplicas", "unavailableReplicas")}
    del counts["fullyLabeledReplicas"]
    return {
        "generation": obj["metadata"].get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "spec.replicas": obj["spec"].get("replicas"),
        **counts,
        "revision": _annotation(obj, "revision"),
        **_conditions(status),
    }


def _replica_set(obj: Object) -> Object:
    status = obj.get("status", {})
    return {
        "generation": obj["metadata"].get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "spec.replicas": obj["spec"].get("replicas"),
        **{name: status.get(name, 0) for name in COUNTS},
        **{name: _annotation(obj, name) for name in REVISIONS},
        **_conditions(status),
    }


def _stateful_set(obj: Object) -> Object:
    status = obj.get("status", {})
    counts = ("replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas", "collisionCount")
    return {
        "generation": obj["metadata"].get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "spec.replicas": obj["spec"].get("replicas"),
        **{name: status.get(name, 0) for name in counts},
        **{name: status.get(name) for name in ("currentRevision", "updateRevision")},
    }


def _daemon_set(obj: Object) -> Object:
    status = obj.get("status", {})
    return {
        "generation": obj["metadata"].get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        **{name: status.get(name, 0) for name in DAEMON_SET_COUNTS},
    }


def _controller_revision(obj: Object) -> Object:
    return {"revision": obj["revision"]}


def _pod(obj: Object) -> Object:
    status = obj.get("status", {})
    ready = [each["status"] for each in status.get("conditions", ()) if each["type"] == "Ready"]
    state: Object = {"phase": status.get("phase"), "ready": ready == ["True"]}
    state["scheduled"] = bool(obj["spec"].get("nodeName"))
    if revision := (obj["metadata"].get("labels") or {}).get("controller-revision-hash"):
        state["ofRevision"] = revision
    for each in [*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())]:
        # a container that has not been looked at yet says nothing
        what = next(iter(each["state"]), "waiting")
        reason = (each["state"].get(what) or {}).get("reason")
        state[each["name"]] = " ".join(filter(None, (what, reason, "ready" if each["ready"] else None)))
    return state


def _conditions(status: Object) -> dict[str, str]:
    return {each["type"]: f"{each['status']}/{each.get('reason', '')}" for each in status.get("conditions", ())}


def _annotation(obj: Object, name: str) -> str | None:
    annotations = obj["metadata"].get("annotations") or {}
    value = annotations.get(f"deployment.kubernetes.io/{name}")
    return None if value is None else str(value)
