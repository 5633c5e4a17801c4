"""The preflight of the room for new pods: reads LimitRanges, quotas, and what admission adds to a pod."""

from typing import Any

from ..errors import NotFound, one_line
from ..kube.requests import get_request, list_request
from ..kube.resources import LIMIT_RANGES, PRIORITY_CLASSES, QUOTAS, RUNTIME_CLASSES, Resource
from ..kube.types import Deployment, Object
from ..workload.target import Target
from .limit_ranges import check_limit_ranges
from .model import NOTHING_PROVEN, Check, Level
from .pod_resources import admitted
from .quota_scopes import asks_for_a_priority_class
from .quotas import check_quotas
from .reading import read

__all__ = ["check_room"]


def check_room(target: Target, deployment: Deployment) -> list[Check]:
    """Check whether LimitRanges, the RuntimeClass and quotas let new pods be created.

    A RuntimeClass is read only if the pods name one, PriorityClasses only if a quota selects by them.

    Raises:
        Unreachable: there is no API server.
    """
    ranges, checks = read("limit range", lambda: _list(target, LIMIT_RANGES))
    overhead, of_class = _overhead(target, deployment)
    quotas, no_quotas = read("quota", lambda: _list(target, QUOTAS))
    priority_class, no_classes = _default_priority_class(target, deployment, quotas or [])
    pod = admitted(deployment, ranges or [], overhead, priority_class)
    if ranges is not None:
        checks += check_limit_ranges(pod, ranges)
    checks += of_class + no_classes + no_quotas
    return checks if quotas is None else checks + check_quotas(deployment, quotas, pod)


def _overhead(target: Target, deployment: Deployment) -> tuple[dict[str, Any], list[Check]]:
    name = deployment["spec"]["template"]["spec"].get("runtimeClassName")
    if not name:
        return {}, []
    found, unknown = read("runtime class", lambda: _runtime_class(target, name))
    if found is None and not unknown:
        text = f"RuntimeClass {one_line(name, 80)} does not exist, so no pod can be created: {NOTHING_PROVEN}"
        return {}, [Check("runtime class", Level.BLOCKER, text)]
    return ((found or {}).get("overhead") or {}).get("podFixed") or {}, unknown


def _runtime_class(target: Target, name: str) -> Object | None:
    try:
        return target.cluster.send(get_request(RUNTIME_CLASSES, None, name))
    except NotFound:
        return None


def _default_priority_class(target: Target, deployment: Deployment, quotas: list[Object]) -> tuple[str, list[Check]]:
    """Return the PriorityClass that admission gives to pods that name none."""
    named = deployment["spec"]["template"]["spec"].get("priorityClassName")
    if named or not any(map(asks_for_a_priority_class, quotas)):
        return "", []
    classes, unknown = read("priority class", lambda: _list(target, PRIORITY_CLASSES))
    default = (c["metadata"]["name"] for c in classes or [] if c.get("globalDefault"))
    return next(default, ""), unknown


def _list(target: Target, resource: Resource) -> list[Object]:
    namespace = target.namespace if resource.namespaced else None
    return list(target.cluster.send(list_request(resource, namespace))["items"])
