"""The conditions of any resource, such as an operator's custom resource."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from ..duration import duration_text
from ..errors import ImageCorruptError, NotFound, Refused, one_line
from ..kube.client import Cluster, connect
from ..kube.requests import Request
from ..kube.resources import Resource
from ..kube.waiting import Seen, WatchSet
from .accepted import AcceptedCondition

__all__ = ["Conditions", "connected", "find_resource", "matches"]

_API_VERSION = re.compile(r"(?:(?P<group>[a-z0-9]([-a-z0-9.]*[a-z0-9])?)/)?(?P<version>v[a-z0-9]+)", re.ASCII)


class Conditions:
    """One object with conditions.

    Args:
        watch_set: follows the object.
        resource: its kind.
        namespace: None for an object without one.
        name: its name.
        types: of the conditions that are described in words.

    Raises:
        NotFound: the object does not exist.
    """

    def __init__(
        self, watch_set: WatchSet, resource: Resource, namespace: str | None, name: str, types: Collection[str]
    ) -> None:
        self._types = types
        place = f' in namespace "{one_line(namespace, 80)}"' if namespace else ""
        self._called = f'{resource.full_name} "{one_line(name, 80)}"{place}'
        self._informer = watch_set.add(resource, namespace, {"fieldSelector": f"metadata.name={name}"})
        if self._object() is None:
            raise NotFound(f"{self._called} is not there")

    def look(self) -> Seen[dict[str, Any]]:
        """Return the object, None while its status is older than its spec, and its conditions in words."""
        found = self._object()
        if found is None:
            return Seen(None, "gone")
        if _stale(found):
            return Seen(None, "its status is older than its spec")
        found_types = [c for c in _conditions(found) if c.get("type") in self._types]
        texts = [f"{one_line(c.get('type'), 60)}={one_line(c.get('status'), 20)}" for c in found_types]
        return Seen(found, ", ".join(texts) or f"no condition {one_line(' or '.join(self._types), 200)}")

    def no_answer(self, waited: float) -> ImageCorruptError:
        """Return the error for an object that is gone, or whose status stays older than its spec."""
        if self._object() is None:
            return NotFound(f"{self._called} is gone")
        seconds = duration_text(round(waited))
        return ImageCorruptError(
            f"{self._called}: its status is older than its spec, {seconds} long; does its operator run?"
        )

    def _object(self) -> dict[str, Any] | None:
        return next(iter(self._informer.objects.values()), None)


def connected(
    name: object, ns: object, secrets: Mapping[str, Any] | None, configuration: Mapping[str, Any] | None = None
) -> Cluster:
    """Return the connection, if the names can be part of a URL.

    Args:
        name: of the object.
        ns: its namespace; None for an object that has none.
        secrets: how to reach the cluster.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.

    Raises:
        Refused: they cannot; k8s.io/apimachinery/pkg/api/validation/path: IsValidPathSegmentName.
    """
    for key, value in (("name", name), ("ns", ns)):
        if value is None and key == "ns":
            continue
        if not isinstance(value, str) or value in ("", ".", "..") or "/" in value or "%" in value or "," in value:
            raise Refused(f"{key}: '{one_line(value, 80)}' cannot be a name")
    return connect(secrets, configuration)


def find_resource(cluster: Cluster, api_version: object, kind: object) -> Resource:
    """Find how URLs name a kind.

    Args:
        cluster: the connection to the cluster.
        api_version: such as `apps/v1`.
        kind: such as `Deployment`.

    Raises:
        Refused: this is not an API version, or the cluster does not serve the kind in it.
    """
    match = _API_VERSION.fullmatch(api_version) if isinstance(api_version, str) else None
    if match is None:
        raise Refused(f"api_version: '{one_line(api_version, 80)}' is not of the form group/version, such as apps/v1")
    group, version = match["group"] or "", match["version"]
    known = _resources(cluster, group, version, one_line(api_version, 80))
    for resource in known:
        if resource["kind"] == kind:
            return Resource(group, version, resource["name"], resource["namespaced"])
    kinds = ", ".join(sorted({r["kind"] for r in known}))
    raise Refused(f"kind: {one_line(api_version, 80)} has no '{one_line(kind, 80)}'; it has {one_line(kinds)}")


def _resources(cluster: Cluster, group: str, version: str, called: str) -> list[Mapping[str, Any]]:
    """Return what the API server serves in a group and version, without subresources such as deployments/scale."""
    path = f"/apis/{group}/{version}" if group else f"/api/{version}"
    try:
        known = cluster.send(Request("GET", path, f"discover what {called} has"))["resources"]
    except NotFound as x:
        raise Refused(f"api_version: {cluster.address} does not serve {called}; is its CRD installed?") from x
    return [r for r in known if "/" not in r["name"]]


def matches(found: Mapping[str, Any], accepted: AcceptedCondition) -> bool:
    """Return whether the object has this condition with this status, and this reason if one is given.

    A condition whose observedGeneration is older than the spec does not count.

    Args:
        found: the object as it was read.
        accepted: type, status and reason of the condition.
    """
    condition = next((c for c in _conditions(found) if c.get("type") == accepted.type), None)
    if condition is None or _older(condition, found):
        return False
    return condition.get("status") == accepted.status and accepted.reason in (None, condition.get("reason"))


def _stale(found: Mapping[str, Any]) -> bool:
    """Return whether observedGeneration says that the status is older than the spec; many operators do not set it.

    One old condition is not enough: some conditions are only written when they change (cert-manager: Issuing).
    """
    aged = [c for c in _conditions(found) if isinstance(c.get("observedGeneration"), int)]
    return _older(_status(found), found) or (bool(aged) and all(_older(c, found) for c in aged))


def _older(part: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    generation = part.get("observedGeneration")
    return isinstance(generation, int) and generation < (found["metadata"].get("generation") or 0)


def _status(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the status, empty if it is not a map: without a structural schema it may be anything."""
    status = found.get("status")
    return status if isinstance(status, Mapping) else {}


def _conditions(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = _status(found).get("conditions")
    return [c for c in listed if isinstance(c, Mapping)] if isinstance(listed, list) else []
