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
COUNTS = ("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "terminatingReplicas")


def state_of(kind: str, obj: Object) -> State:
    """Return what of an object is compared.

    Args:
        kind: its kind.
        obj: the object.
    """
    states = {"Deployment": _deployment, "ReplicaSet": _replica_set, "Pod": _pod}
    state: Object = states[kind](obj)
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


def _pod(obj: Object) -> Object:
    status = obj.get("status", {})
    ready = [each["status"] for each in status.get("conditions", ()) if each["type"] == "Ready"]
    state: Object = {"phase": status.get("phase"), "ready": ready == ["True"]}
    state["scheduled"] = bool(obj["spec"].get("nodeName"))
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
