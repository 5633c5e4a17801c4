"""What has the name that a user gave, when it is no Deployment: another workload, or what one has made."""

from collections.abc import Iterable
from typing import Any

from logzero import logger

from ..errors import ClusterError, NotFound, Refused, one_line
from ..kube.requests import PAGE, get_request, list_request
from ..kube.resources import REPLICA_SETS, Resource
from ..kube.types import Deployment
from .other_workloads import OTHER_WORKLOADS, owner_in, why_not
from .target import Target

__all__ = ["get_deployment", "refusal_behind"]

_REPLICATION_CONTROLLERS = Resource("", "v1", "replicationcontrollers")
_SETS = {"ReplicaSet": REPLICA_SETS, "ReplicationController": _REPLICATION_CONTROLLERS}


def get_deployment(target: Target) -> Deployment:
    """Read a Deployment that is to be corrupted.

    Raises:
        Refused: the name is that of another workload, or of what one has made.
        NotFound: nothing has this name.
    """
    try:
        return target.get()
    except NotFound as x:
        raise (refusal_behind(target) or x) from x


def refusal_behind(target: Target) -> Refused | None:
    """Return the refusal of a name that no Deployment has: with what to corrupt instead, or why it cannot be.

    Args:
        target: the name.

    Returns:
        None when nothing that is known has this name. What cannot be read, as without the right to it, is not known.
    """
    for workload in OTHER_WORKLOADS:
        if _exists(target, workload.resource):
            return Refused(f"{target} does not exist: {why_not(workload, target.namespace, target.name)}")
    for kind, resource in _SETS.items():
        for found in _listed(target, resource):
            refusal = _refusal_by_owner(target, kind, found["metadata"])
            if refusal is not None:
                return refusal
    return None


def _refusal_by_owner(target: Target, kind: str, metadata: Any) -> Refused | None:
    """Return the refusal of the name of a set, or of the owner of one."""
    references = metadata.get("ownerReferences") or []
    if target.name not in (metadata["name"], *(r["name"] for r in references)):
        return None
    other = owner_in(references)
    if other is not None:
        return Refused(f"{target} does not exist: {why_not(other[0], target.namespace, other[1])}")
    owner = next((r["name"] for r in references if r["kind"] == "Deployment"), None)
    if owner is None or metadata["name"] != target.name:
        return None
    instead = f"{kind} {target.name} belongs to Deployment {one_line(owner, 253)}; name that one"
    return Refused(f"{target} does not exist: {instead}")


def _exists(target: Target, resource: Resource) -> bool:
    try:
        target.cluster.send(get_request(resource, target.namespace, target.name))
    except ClusterError as x:
        logger.debug(f"{target}: {resource.full_name}: {one_line(x)}")
        return False
    return True


def _listed(target: Target, resource: Resource) -> Iterable[Any]:
    try:
        return list(target.cluster.send(list_request(resource, target.namespace, {"limit": PAGE}))["items"])
    except ClusterError as x:
        logger.debug(f"{target}: {resource.full_name}: {one_line(x)}")
        return []
