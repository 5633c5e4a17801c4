"""The state of a rollout, from a Deployment, its ReplicaSets and its pods.

All functions take the JSON of the API. Those that answer about the present spec ask `observed` first: for some
10 to 60 ms after each change, the status is still that of the spec before.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from ..kube.types import MAX_INT32, Deployment, Json, ReplicaSet

__all__ = [
    "NO_DEADLINE",
    "available",
    "condition",
    "desired_replicas",
    "newest_replica_set",
    "observed",
    "owned",
    "pods_all_ready",
    "progress_deadline_exceeded",
    "progressing",
    "recovered",
    "revision",
    "revisions",
    "rollout_complete",
    "settled_at",
]


_Owned = TypeVar("_Owned", bound=Json)

# math.MaxInt32 means "no deadline": kubernetes/pkg/controller/deployment/util: HasProgressDeadline
NO_DEADLINE = MAX_INT32

_HASH = "pod-template-hash"
_REVISION = "deployment.kubernetes.io/revision"
_HISTORY = "deployment.kubernetes.io/revision-history"


def observed(workload: Json) -> bool:
    """Return whether the status is that of the present spec: observedGeneration has reached generation."""
    return int((workload.get("status") or {}).get("observedGeneration") or 0) >= int(
        workload["metadata"].get("generation") or 0
    )


def condition(workload: Json, condition_type: str) -> dict[str, Any] | None:
    """Return the condition of that type from the status, None when there is none."""
    conditions = (workload.get("status") or {}).get("conditions") or []
    return next((c for c in conditions if c.get("type") == condition_type), None)


def available(deployment: Deployment) -> bool:
    """Return whether the condition Available is True: enough pods of whatever template serve."""
    found = condition(deployment, "Available")
    return observed(deployment) and found is not None and found["status"] == "True"


def progressing(deployment: Deployment) -> bool:
    """Return whether the condition Progressing is True: moving, or complete, and not past its deadline."""
    found = condition(deployment, "Progressing")
    return observed(deployment) and found is not None and found["status"] == "True"


def progress_deadline_exceeded(deployment: Deployment) -> bool:
    """Return whether Progressing is False because the rollout did not move for progressDeadlineSeconds."""
    found = condition(deployment, "Progressing")
    return (
        observed(deployment)
        and found is not None
        and found["status"] == "False"
        and found.get("reason") == "ProgressDeadlineExceeded"
    )


def rollout_complete(deployment: Deployment) -> bool:
    """Return whether all desired pods are of the present template and available, and no other pod is left.

    The rule of kubernetes/pkg/controller/deployment/util: DeploymentComplete. A Deployment with 0 replicas is
    complete.
    """
    status, desired = deployment.get("status") or {}, desired_replicas(deployment)
    counts = [status.get("updatedReplicas") or 0, status.get("replicas") or 0, status.get("availableReplicas") or 0]
    return observed(deployment) and counts == [desired] * 3


def pods_all_ready(deployment: Deployment, replica_sets: Iterable[ReplicaSet]) -> bool:
    """Return whether every pod is Running and Ready: as many as desired, of whatever template, and none that is not.

    Decided by the counts of the Deployment and of its ReplicaSets, because each of them lags: the Deployment's are
    from before while a ReplicaSet is scaled, and a ReplicaSet that was just scaled down has observed it some
    milliseconds before it stops counting the pods that it deletes. One that cannot create its pods has fewer than it
    wants. A pod that is being deleted is not counted by them, as in `kubectl rollout status`. With 0 replicas no pod
    proves anything, so the answer is False.

    Args:
        deployment: the Deployment.
        replica_sets: those that its selector matches, as many as there are; others' are left out.
    """
    status, desired = deployment.get("status") or {}, desired_replicas(deployment)
    counts = [status.get("replicas") or 0, status.get("readyReplicas") or 0]
    sets = owned(deployment, replica_sets)
    return (
        desired > 0
        and observed(deployment)
        and counts == [desired] * 2
        and sum(r["spec"]["replicas"] for r in sets) == desired
        and all(_all_ready(r) for r in sets)
    )


def recovered(deployment: Deployment, replica_sets: Sequence[ReplicaSet]) -> bool:
    """Return whether the rollout of the present spec is complete, all pods are Running and Ready, and Available=True.

    The ReplicaSet of the present template must be there and desired at full size: right after a quick restore under
    Recreate the Deployment's counts can still be those of pods that are being stopped.

    Args:
        deployment: the Deployment.
        replica_sets: those that its selector matches, as many as there are.
    """
    newest = newest_replica_set(deployment, replica_sets)
    return (
        newest is not None
        and newest["spec"].get("replicas") == desired_replicas(deployment)
        and rollout_complete(deployment)
        and pods_all_ready(deployment, replica_sets)
        and available(deployment)
    )


def settled_at(deployment: Deployment) -> str | None:
    """Return when the conditions Available and Progressing last changed, RFC 3339; None without them."""
    found = [condition(deployment, t) for t in ("Available", "Progressing")]
    return max((c.get("lastUpdateTime", "") for c in found if c is not None), default="") or None


def owned(workload: Json, found: Iterable[_Owned]) -> list[_Owned]:
    """Return those of the ReplicaSets, ControllerRevisions or pods that a workload controls."""
    uid = workload["metadata"]["uid"]
    return [
        r
        for r in found
        if any(o.get("controller") and o.get("uid") == uid for o in r["metadata"].get("ownerReferences") or [])
    ]


def newest_replica_set(deployment: Deployment, replica_sets: Iterable[ReplicaSet]) -> ReplicaSet | None:
    """Return the ReplicaSet of the Deployment's present template, None when the controller has not made it yet.

    Templates are compared without the label pod-template-hash; of several, the oldest counts:
    kubernetes/pkg/controller/deployment/util: FindNewReplicaSet.

    Args:
        deployment: the Deployment.
        replica_sets: those that its selector matches, as many as there are.
    """
    template = _without_empty_labels(deployment["spec"]["template"])
    same = [r for r in owned(deployment, replica_sets) if _template(r) == template]
    return min(same, key=lambda r: (r["metadata"]["creationTimestamp"], r["metadata"]["name"]), default=None)


def revision(workload: Json) -> int:
    """Return a rollout's number, as in `kubectl rollout history`; 0 when it has none.

    Args:
        workload: the ReplicaSet that was rolled out, or the Deployment for the present one.
    """
    text = (workload["metadata"].get("annotations") or {}).get(_REVISION, "0")
    return int(text) if text.isdecimal() else 0


def revisions(replica_set: ReplicaSet) -> list[int]:
    """Return the numbers of all rollouts of a ReplicaSet, the latest last; it gets a new one each time.

    kubernetes/pkg/controller/deployment/util: SetNewReplicaSetAnnotations.
    """
    before = (replica_set["metadata"].get("annotations") or {}).get(_HISTORY, "")
    return [*(int(text) for text in before.split(",") if text.isdecimal()), revision(replica_set)]


def desired_replicas(workload: Json) -> int:
    """Return how many pods a Deployment or ReplicaSet is to have; the API server's default is 1."""
    return int(workload["spec"].get("replicas", 1))


def _all_ready(replica_set: ReplicaSet) -> bool:
    status, desired = replica_set.get("status") or {}, replica_set["spec"]["replicas"]
    return observed(replica_set) and [status.get(k) or 0 for k in ("replicas", "readyReplicas")] == [desired] * 2


def _template(replica_set: ReplicaSet) -> dict[str, Any]:
    template = replica_set["spec"]["template"]
    metadata = template.get("metadata") or {}
    labels = {k: v for k, v in (metadata.get("labels") or {}).items() if k != _HASH}
    return _without_empty_labels({**template, "metadata": {**metadata, "labels": labels}})


def _without_empty_labels(template: Json) -> dict[str, Any]:
    metadata = {k: v for k, v in (template.get("metadata") or {}).items() if v or k != "labels"}
    return {**template, "metadata": metadata}
