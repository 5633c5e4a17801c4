"""A Pod from a ReplicaSet's template, and the status of a ReplicaSet."""

from collections.abc import Sequence

from ...timestamps import timestamp
from ...types import Object
from ..controller_ref import owner_reference
from ..errors import StatusError
from .active_pods import is_available, is_ready

__all__ = ["FAILED_CREATE", "pod_from_template", "status_of"]

# Why a ReplicaSet fails, in its condition and in its Events (kubernetes/pkg/controller: FailedCreatePodReason)
FAILED_CREATE = "FailedCreate"


def pod_from_template(replica_set: Object, suffix: str) -> Object:
    """Return a Pod of the ReplicaSet's template (controller.GetPodFromTemplate).

    Args:
        replica_set: the ReplicaSet.
        suffix: what the Pod's name ends in.
    """
    metadata, template = replica_set["metadata"], replica_set["spec"]["template"]
    prefix = f"{metadata['name']}-"
    given = template.get("metadata") or {}
    pod_metadata: Object = {
        "name": prefix + suffix,
        "generateName": prefix,
        "namespace": metadata["namespace"],
        "labels": dict(given.get("labels") or {}),
        "ownerReferences": [owner_reference("ReplicaSet", metadata)],
    }
    if given.get("annotations"):
        pod_metadata["annotations"] = dict(given["annotations"])
    if given.get("finalizers"):
        pod_metadata["finalizers"] = list(given["finalizers"])
    return {"metadata": pod_metadata, "spec": template["spec"]}


def status_of(
    replica_set: Object, pods: Sequence[Object], terminating: int, failure: StatusError | None, now: float
) -> Object:
    """Return the status, without the generation that it is of (calculateStatus).

    Args:
        replica_set: the ReplicaSet as read.
        pods: its active Pods.
        terminating: how many others are being deleted.
        failure: why Pods could not be created or deleted.
        now: seconds since 1970.
    """
    status: Object = {
        "replicas": len(pods),
        **_counts(replica_set["spec"], pods, now),
        "terminatingReplicas": terminating,
    }
    conditions = _conditions(replica_set, len(pods), failure, now)
    if conditions:
        status["conditions"] = conditions
    return status


def _counts(spec: Object, pods: Sequence[Object], now: float) -> dict[str, int]:
    """Return how many Pods have the template's labels, are ready, are available; numbers of 0 are left out."""
    labels = (spec["template"].get("metadata") or {}).get("labels") or {}
    seconds = spec.get("minReadySeconds", 0)
    numbers = {
        "fullyLabeledReplicas": sum(labels.items() <= pod["metadata"].get("labels", {}).items() for pod in pods),
        "readyReplicas": sum(map(is_ready, pods)),
        "availableReplicas": sum(is_available(pod, seconds, now) for pod in pods),
    }
    return {name: number for name, number in numbers.items() if number}


def _conditions(replica_set: Object, count: int, failure: StatusError | None, now: float) -> list[Object]:
    """Return the conditions: ReplicaFailure appears with the first failure, and goes with the first success."""
    present = list(replica_set.get("status", {}).get("conditions", ()))
    others = [each for each in present if each["type"] != "ReplicaFailure"]
    if failure is None:
        return others
    if len(others) < len(present):
        return present
    missing = count < int(replica_set["spec"].get("replicas", 1))
    condition = {
        "type": "ReplicaFailure",
        "status": "True",
        "lastTransitionTime": timestamp(now),
        "reason": FAILED_CREATE if missing else "FailedDelete",
        "message": str(failure),
    }
    return [*present, condition]
