"""Which workload of a namespace an object belongs to."""

from collections.abc import Mapping
from typing import Any

from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind

__all__ = ["deployment_of"]

# A pod is named <Deployment>-<10 characters>-<5>, but k8s.io/apiserver/pkg/storage/names cuts what precedes the last
# part to 58 characters. Of a Deployment's name that is longer than this, only a prefix is compared
_LONGEST_WHOLE_NAME = 46
_PREFIX_LENGTH = 40


def deployment_of(
    kind: str, found: Mapping[str, Any], names: Mapping[str, object], workload: WorkloadKind = DEPLOYMENT
) -> str | None:
    """Return the workload that an object belongs to, None when it is none of those.

    Args:
        kind: of the object, one of `timeline.KINDS`.
        found: from `chronicle.compact`.
        names: of the workloads.
        workload: the kind of these.
    """
    if kind == workload.name:
        name = found["metadata"]["name"]
    elif kind == workload.revision_name:
        name = _controller_of(found, workload)
    elif kind == "Pod":
        # kubernetes/pkg/controller/deployment/sync.go: getNewReplicaSet; a ControllerRevision is named so, too
        state = found["state"]
        name = (state.get("replicaSet") or state.get("controllerRevision") or "").rpartition("-")[0]
    else:
        name = _named_by_event(found["state"] or {}, names, workload)
    return name if name in names else None


def _controller_of(revision: Mapping[str, Any], workload: WorkloadKind) -> str | None:
    owners = revision["metadata"].get("ownerReferences") or []
    return next((o["name"] for o in owners if o.get("controller") and o.get("kind") == workload.name), None)


def _named_by_event(state: Mapping[str, Any], names: Mapping[str, object], workload: WorkloadKind) -> str | None:
    if "workload" in state:
        return str(state["workload"])
    if "replicaSet" in state:
        return str(state["replicaSet"]).rpartition("-")[0]
    pod = state.get("pod") or ""
    # what makes pods by itself names them after itself: <name>-<ordinal>, or <name>-<5 characters>
    return _named_by_pod(pod, names) if workload.counts_pods else pod.rpartition("-")[0]


def _named_by_pod(pod: str, names: Mapping[str, object]) -> str | None:
    name = pod.rpartition("-")[0].rpartition("-")[0]
    if name in names:
        return name
    return next((n for n in names if len(n) > _LONGEST_WHOLE_NAME and pod.startswith(n[:_PREFIX_LENGTH])), None)
