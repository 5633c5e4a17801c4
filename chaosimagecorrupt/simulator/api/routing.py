"""Routing: the resource, object and subresource that a path names."""

from dataclasses import dataclass

from ..kinds import Kinds, Resource
from .errors import ApiError

__all__ = ["Target", "no_such_resource", "target_of"]


# Groups of a real cluster: the answer to a resource of theirs that is not simulated says so
KUBERNETES_GROUPS = frozenset((
    "admissionregistration.k8s.io", "apiregistration.k8s.io", "apps", "authentication.k8s.io",
    "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io",
    "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io", "metrics.k8s.io", "networking.k8s.io",
    "node.k8s.io", "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io",
    "storage.k8s.io",
))  # fmt: skip


@dataclass(frozen=True)
class Target:
    """What a path names.

    Attributes:
        resource: the resource.
        namespace: the namespace, empty for all or for none.
        name: the object's name, empty for the collection.
        subresource: the subresource, empty for the object itself.
    """

    resource: Resource
    namespace: str
    name: str
    subresource: str


def no_such_resource(group: str, plural: str) -> ApiError:
    """Return 404 for a resource that the simulator does not serve.

    Args:
        group: its API group.
        plural: its name.
    """
    what = f"{plural}.{group}" if group else plural
    return ApiError(404, "NotFound", f"this is the simulator: {what or 'this path'} is not simulated", {})


def target_of(kinds: Kinds, path: str) -> Target | None:
    """Return what a path names, `None` when it is not a path of a group that there is.

    Args:
        kinds: the resources that are served.
        path: the path, such as `/apis/apps/v1/namespaces/default/deployments/web/scale`.

    Raises:
        ApiError: 404, the group is one of Kubernetes' or is served, but not this resource.
    """
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    known = group in KUBERNETES_GROUPS or any(resource.group == group for resource in kinds)
    if not known:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and not (group == "" and rest[2] in ("status", "finalize")):
        namespace, rest = rest[1], rest[2:]
    resource = kinds.find(group, version, rest[0])
    if resource is None or len(rest) > 3 or (namespace and not resource.namespaced):
        raise no_such_resource(group, rest[0])
    if resource.namespaced and not namespace and len(rest) > 1:
        raise no_such_resource(group, rest[0])
    name, subresource = (*rest[1:], "", "")[:2]
    return Target(resource, namespace, name, subresource)
