"""Routing: the resource, object and subresource that a path names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..kinds import Kinds, Resource
from .errors import ApiError

__all__ = ["PathParts", "Target", "no_such_resource", "parts_of", "target_of"]


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


class PathParts(NamedTuple):
    """The parts of a path to a resource.

    Attributes:
        group: API group, empty for the core group.
        version: version.
        namespace: the namespace, empty for all or for none.
        plural: name of the resource.
        below: what follows: the object's name, the subresource.
    """

    group: str
    version: str
    namespace: str
    plural: str
    below: tuple[str, ...]


def no_such_resource(group: str, plural: str) -> ApiError:
    """Return 404 for a resource that the simulator does not serve.

    Args:
        group: its API group.
        plural: its name.
    """
    what = f"{plural}.{group}" if group else plural
    return ApiError.of("NotFound", f"this is the simulator: {what or 'this path'} is not simulated", {})


def target_of(kinds: Kinds, path: str) -> Target | None:
    """Return what a path names, `None` when it is not a path of a group that there is.

    Args:
        kinds: the resources that are served.
        path: the path, such as `/apis/apps/v1/namespaces/default/deployments/web/scale`.

    Raises:
        ApiError: 404, the group is one of Kubernetes' or is served, but not this resource.
    """
    found = parts_of(path)
    if found is None or not _group_exists(kinds, found.group):
        return None
    resource = kinds.find(found.group, found.version, found.plural)
    if resource is None or len(found.below) > 2 or not _is_in_scope(resource, found.namespace, found.below):
        raise no_such_resource(found.group, found.plural)
    name, subresource = (*found.below, "", "")[:2]
    return Target(resource, found.namespace, name, subresource)


def parts_of(path: str) -> PathParts | None:
    """Return the parts of a path to a resource, served or not; `None` if it is no such path.

    Args:
        path: the path.
    """
    found = _group_version(path.strip("/").split("/"))
    if found is None:
        return None
    group, version, rest = found
    namespace, (plural, *below) = _namespace(group, rest)
    return PathParts(group, version, namespace, plural, tuple(below))


def _group_version(parts: list[str]) -> tuple[str, str, list[str]] | None:
    """Return the group, the version, and the parts of a path that follow them."""
    if parts[0] == "api" and len(parts) > 2:
        return "", parts[1], parts[2:]
    if parts[0] == "apis" and len(parts) > 3:
        return parts[1], parts[2], parts[3:]
    return None


def _group_exists(kinds: Kinds, group: str) -> bool:
    """Return whether a real cluster has a group, or a CustomResourceDefinition adds it."""
    return group in KUBERNETES_GROUPS or any(resource.group == group for resource in kinds)


def _namespace(group: str, parts: list[str]) -> tuple[str, list[str]]:
    """Return the namespace that a path is in, and its other parts; a path to a Namespace itself is in none."""
    if parts[0] != "namespaces" or len(parts) < 3:
        return "", parts
    if group == "" and parts[2] in ("status", "finalize"):
        return "", parts
    return parts[1], parts[2:]


def _is_in_scope(resource: Resource, namespace: str, below: Sequence[str]) -> bool:
    """Return whether a path has a namespace where its resource needs one, and none where it has none."""
    if resource.namespaced:
        return bool(namespace) or not below
    return not namespace
