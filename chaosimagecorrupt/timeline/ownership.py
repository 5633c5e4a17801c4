"""Which Deployment of a namespace an object belongs to."""

from collections.abc import Mapping
from typing import Any

__all__ = ["deployment_of"]

# A pod is named <Deployment>-<10 characters>-<5>, but k8s.io/apiserver/pkg/storage/names cuts what precedes the last
# part to 58 characters. Of a Deployment's name that is longer than this, only a prefix is compared
_LONGEST_WHOLE_NAME = 46
_PREFIX_LENGTH = 40


def deployment_of(kind: str, found: Mapping[str, Any], names: Mapping[str, object]) -> str | None:
    """Return the Deployment that an object belongs to, None when it is none of those.

    Args:
        kind: Deployment, ReplicaSet, Pod or Event.
        found: from `chronicle.compact`.
        names: of the Deployments.
    """
    if kind == "Deployment":
        name = found["metadata"]["name"]
    elif kind == "ReplicaSet":
        name = _controller_of(found)
    elif kind == "Pod":
        # kubernetes/pkg/controller/deployment/sync.go: getNewReplicaSet
        name = (found["state"].get("replicaSet") or "").rpartition("-")[0]
    else:
        name = _named_by_event(found["state"] or {}, names)
    return name if name in names else None


def _controller_of(replica_set: Mapping[str, Any]) -> str | None:
    owners = replica_set["metadata"].get("ownerReferences") or []
    return next((o["name"] for o in owners if o.get("controller") and o.get("kind") == "Deployment"), None)


def _named_by_event(state: Mapping[str, Any], names: Mapping[str, object]) -> str | None:
    if "replicaSet" in state:
        return str(state["replicaSet"]).rpartition("-")[0]
    return _named_by_pod(state.get("pod") or "", names)


def _named_by_pod(pod: str, names: Mapping[str, object]) -> str | None:
    name = pod.rpartition("-")[0].rpartition("-")[0]
    if name in names:
        return name
    return next((n for n in names if len(n) > _LONGEST_WHOLE_NAME and pod.startswith(n[:_PREFIX_LENGTH])), None)
