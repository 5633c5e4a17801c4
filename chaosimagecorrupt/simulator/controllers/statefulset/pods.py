"""The Pods of a StatefulSet: their names and ordinals, and how far each one is (stateful_set_utils.go)."""

import re
from typing import Any

from ...types import Object
from ..controller_ref import owner_reference
from ..controller_revisions import REVISION_HASH
from ..replicaset.active_pods import is_available, is_ready

__all__ = [
    "claims_of",
    "is_created",
    "is_running_and_available",
    "is_running_and_ready",
    "is_terminating",
    "is_unavailable",
    "new_pod",
    "ordinal_of",
    "revision_of",
    "start_of",
]


def start_of(stateful_set: Object) -> int:
    """Return the first ordinal.

    Args:
        stateful_set: the StatefulSet.
    """
    return int((stateful_set["spec"].get("ordinals") or {}).get("start", 0))


def ordinal_of(stateful_set: Object, pod: Object) -> int | None:
    """Return the ordinal that a Pod's name ends in, `None` when the name is not one of the StatefulSet's.

    Args:
        stateful_set: the StatefulSet.
        pod: the Pod.
    """
    found = re.fullmatch(r"(.*)-([0-9]+)", pod["metadata"]["name"])
    return int(found[2]) if found and found[1] == stateful_set["metadata"]["name"] else None


def new_pod(stateful_set: Object, template: Object, revision: str, ordinal: int) -> Object:
    """Return the Pod of an ordinal (newStatefulSetPod).

    Args:
        stateful_set: the StatefulSet.
        template: the template of the revision.
        revision: the name of the ControllerRevision.
        ordinal: the ordinal.
    """
    metadata, given = stateful_set["metadata"], template.get("metadata") or {}
    name = f"{metadata['name']}-{ordinal}"
    made: Object = {
        "name": name,
        "generateName": f"{metadata['name']}-",
        "namespace": metadata["namespace"],
        "labels": {
            **(given.get("labels") or {}),
            "apps.kubernetes.io/pod-index": str(ordinal),
            REVISION_HASH: revision,
            "statefulset.kubernetes.io/pod-name": name,
        },
        "ownerReferences": [owner_reference("StatefulSet", metadata)],
    }
    made |= {member: given[member] for member in ("annotations", "finalizers") if given.get(member)}
    spec: Object = {**template["spec"], "hostname": name}
    if stateful_set["spec"].get("serviceName"):
        spec["subdomain"] = stateful_set["spec"]["serviceName"]
    if stateful_set["spec"].get("volumeClaimTemplates"):
        spec["volumes"] = _volumes(stateful_set, spec, name)
    return {"metadata": made, "spec": spec}


def _volumes(stateful_set: Object, spec: Object, pod: str) -> list[Object]:
    """Return the volumes of a Pod: those of its claims, then the template's others (updateStorage)."""
    claims = [claim["metadata"]["name"] for claim in stateful_set["spec"]["volumeClaimTemplates"]]
    others = [volume for volume in spec.get("volumes") or () if volume["name"] not in claims]
    return [*({"name": each, "persistentVolumeClaim": {"claimName": f"{each}-{pod}"}} for each in claims), *others]


def claims_of(stateful_set: Object, pod: Object) -> list[Object]:
    """Return the PersistentVolumeClaims of a Pod (getPersistentVolumeClaims).

    Args:
        stateful_set: the StatefulSet.
        pod: the Pod.
    """
    labels = (stateful_set["spec"]["selector"].get("matchLabels") or {}).items()
    claims = []
    for template in stateful_set["spec"].get("volumeClaimTemplates") or ():
        metadata: dict[str, Any] = {
            **template["metadata"],
            "name": f"{template['metadata']['name']}-{pod['metadata']['name']}",
            "namespace": pod["metadata"]["namespace"],
            "labels": {**(template["metadata"].get("labels") or {}), **dict(labels)},
        }
        claims.append({"metadata": metadata, "spec": template["spec"], "status": {"phase": "Pending"}})
    return claims


def revision_of(pod: Object) -> str:
    """Return the name of the ControllerRevision that a Pod is of.

    Args:
        pod: the Pod.
    """
    return str((pod["metadata"].get("labels") or {}).get(REVISION_HASH, ""))


def is_created(pod: Object) -> bool:
    """Return whether a Pod is there, and not only to be created.

    Args:
        pod: the Pod.
    """
    return bool(pod.get("status", {}).get("phase"))


def is_terminating(pod: Object) -> bool:
    """Return whether a Pod is being deleted.

    Args:
        pod: the Pod.
    """
    return "deletionTimestamp" in pod["metadata"]


def is_running_and_ready(pod: Object) -> bool:
    """Return whether a Pod runs and is ready.

    Args:
        pod: the Pod.
    """
    return pod.get("status", {}).get("phase") == "Running" and is_ready(pod)


def is_running_and_available(pod: Object, min_ready_seconds: int, now: float) -> bool:
    """Return whether a Pod runs and has been ready for long enough.

    Args:
        pod: the Pod.
        min_ready_seconds: how long it has to be.
        now: seconds since 1970.
    """
    return is_running_and_ready(pod) and is_available(pod, min_ready_seconds, now)


def is_unavailable(pod: Object, min_ready_seconds: int, now: float) -> bool:
    """Return whether a Pod is one that an update has to wait for.

    Args:
        pod: the Pod.
        min_ready_seconds: how long it has to be ready.
        now: seconds since 1970.
    """
    return is_terminating(pod) or not is_running_and_available(pod, min_ready_seconds, now)
