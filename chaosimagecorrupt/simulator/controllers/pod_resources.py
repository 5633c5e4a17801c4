"""What a Pod requests and is limited to, and what it uses of a quota.

Source: k8s.io/component-helpers/resource, and kubernetes/pkg/quota/v1/evaluator/core/pods.go.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from ..quantities import ZERO, Quantity, parse_quantity
from ..timestamps import seconds_of
from ..types import Object

__all__ = [
    "Amounts",
    "Field",
    "amounts",
    "containers_of",
    "default_requests",
    "is_pod_resource",
    "missing_resources",
    "pod_amounts",
    "pod_usage",
    "quality_of_service",
]

Amounts = dict[str, Quantity]
Field = Literal["requests", "limits"]

_HUGE_PAGES = "hugepages-"
_COMPUTE = ("cpu", "memory")
_LOCAL = (*_COMPUTE, "ephemeral-storage")

# What a quota counts of Pods, besides huge pages and extended resources
_COUNTED = frozenset(
    ("pods", "count/pods", *_LOCAL, *(f"{of}.{name}" for of in ("requests", "limits") for name in _LOCAL))
)

# What all containers must request or limit when a quota counts it
_REQUIRED = frozenset((*_COMPUTE, *(f"{of}.{name}" for of in ("requests", "limits") for name in _COMPUTE)))


def containers_of(spec: Object) -> list[Object]:
    """Return the containers of a Pod, those that init it last.

    Args:
        spec: the Pod's spec.
    """
    return [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]


def amounts(resources: Mapping[str, Any] | None, of: Field) -> Amounts:
    """Return the requests or the limits that are written somewhere.

    Args:
        resources: the `resources` of a container or of a Pod.
        of: which of the two.
    """
    return {name: parse_quantity(value) for name, value in ((resources or {}).get(of) or {}).items()}


def default_requests(spec: Object) -> Object:
    """Return a Pod's spec in which each container requests what it is limited to, if it says nothing (SetDefaults_Pod).

    Args:
        spec: the spec; not changed.
    """
    filled = {
        field: [_with_requests(container) for container in spec[field]]
        for field in ("initContainers", "containers")
        if spec.get(field)
    }
    return {**spec, **filled}


def _with_requests(container: Object) -> Object:
    resources = container.get("resources") or {}
    if not resources.get("limits"):
        return container
    requests = {**resources["limits"], **(resources.get("requests") or {})}
    return {**container, "resources": {**resources, "requests": requests}}


def pod_amounts(spec: Object, of: Field, *, overhead: bool = True) -> Amounts:
    """Return what a Pod requests, or is limited to, as a whole (PodRequests, PodLimits).

    Args:
        spec: its spec, with the defaults.
        of: which of the two.
        overhead: whether to add the overhead of its RuntimeClass.
    """
    found = {**_aggregate(spec, of), **_of_the_pod(spec, of)}
    if overhead:
        for name, value in (spec.get("overhead") or {}).items():
            if of == "requests" or name in found:
                found[name] = found.get(name, ZERO).plus(parse_quantity(value))
    return found


def _aggregate(spec: Object, of: Field) -> Amounts:
    """Add up containers and sidecars, which run together; an init container runs with the sidecars before it."""
    running: Amounts = {}
    for container in spec.get("containers") or ():
        running = _sum(running, amounts(container.get("resources"), of))
    sidecars: Amounts = {}
    starting: Amounts = {}
    for container in spec.get("initContainers") or ():
        own = amounts(container.get("resources"), of)
        if container.get("restartPolicy") == "Always":
            running, sidecars = _sum(running, own), _sum(sidecars, own)
            own = {}
        starting = _greatest(starting, _sum(sidecars, own))
    return _greatest(running, starting)


def _of_the_pod(spec: Object, of: Field) -> Amounts:
    """Return what is written for the Pod as a whole; its requests default to its containers', else to its limits."""
    resources = spec.get("resources")
    own = {name: value for name, value in amounts(resources, of).items() if _is_for_pods(name)}
    if of == "limits":
        return own
    needed = _aggregate(spec, "requests")
    limits = {name: value for name, value in amounts(resources, "limits").items() if _is_for_pods(name)}
    return {**{name: needed.get(name, value) for name, value in limits.items()}, **own}


def _is_for_pods(name: str) -> bool:
    return name in _COMPUTE or name.startswith(_HUGE_PAGES)


def _sum(one: Amounts, other: Amounts) -> Amounts:
    return {name: one.get(name, ZERO).plus(other.get(name, ZERO)) for name in {**one, **other}}


def _greatest(one: Amounts, other: Amounts) -> Amounts:
    return {name: max(one.get(name, ZERO), other.get(name, ZERO), key=_amount) for name in {**one, **other}}


def _amount(quantity: Quantity) -> Any:
    return quantity.amount


def pod_usage(pod: Object, now: float) -> Amounts:
    """Return what a Pod uses of quotas (PodUsageFunc).

    Args:
        pod: the Pod.
        now: seconds since 1970; a Pod whose grace period is over uses nothing.
    """
    one = parse_quantity(1)
    if _is_at_its_end(pod, now):
        return {"count/pods": one}
    counted = dict(_counted(*(pod_amounts(pod["spec"], of) for of in ("requests", "limits"))))
    return {"count/pods": one, "pods": one, **counted}


def _is_at_its_end(pod: Object, now: float) -> bool:
    if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
        return True
    metadata = pod["metadata"]
    if "deletionTimestamp" not in metadata:
        return False
    return now > seconds_of(metadata["deletionTimestamp"]) + int(metadata.get("deletionGracePeriodSeconds") or 0)


def _counted(requests: Amounts, limits: Amounts) -> Iterator[tuple[str, Quantity]]:
    """Yield requests and limits under the names that quotas have for them (podComputeUsageHelper)."""
    for name, value in requests.items():
        if name in _LOCAL or name.startswith(_HUGE_PAGES):
            yield name, value
            yield f"requests.{name}", value
        elif _is_extended(name):
            yield f"requests.{name}", value
    yield from ((f"limits.{name}", value) for name, value in limits.items() if name in _LOCAL)


def _is_extended(name: str) -> bool:
    return "/" in name and "kubernetes.io/" not in name and not name.startswith("requests.")


def is_pod_resource(name: str) -> bool:
    """Return whether a resource of a quota is about Pods (MatchingResources).

    Args:
        name: the resource, such as `requests.cpu`.
    """
    plain = name.removeprefix("requests.")
    return name in _COUNTED or plain.startswith(_HUGE_PAGES) or (plain != name and _is_extended(plain))


def missing_resources(spec: Object, tracked: Iterable[str]) -> str:
    """Return what a quota demands of all containers and some lack; empty when nothing is missing (Constraints).

    Args:
        spec: the Pod's spec.
        tracked: the resources of the quota.
    """
    if any(_is_for_pods(name) for of in ("requests", "limits") for name in amounts(spec.get("resources"), of)):
        return ""
    texts = []
    for name in sorted(_REQUIRED.intersection(tracked)):
        lacking = [each["name"] for each in containers_of(spec) if name not in _names_counted(each.get("resources"))]
        if lacking:
            texts.append(f"{name} for: {','.join(sorted(lacking))}")
    return f"must specify {'; '.join(texts)}" if texts else ""


def _names_counted(resources: Mapping[str, Any] | None) -> set[str]:
    return {name for name, _ in _counted(amounts(resources, "requests"), amounts(resources, "limits"))}


def quality_of_service(spec: Object) -> str:
    """Return the quality of service of a Pod (kubernetes/pkg/apis/core/v1/helper/qos: ComputePodQOS).

    Args:
        spec: the Pod's spec.
    """
    own = spec.get("resources") or {}
    measured = [own] if _says_something(own) else [each.get("resources") or {} for each in containers_of(spec)]
    if not any(_of_compute(each, "requests") or _of_compute(each, "limits") for each in measured):
        return "BestEffort"
    return "Guaranteed" if all(map(_is_guaranteed, measured)) else "Burstable"


def _says_something(resources: Object) -> bool:
    return bool(resources.get("requests") or resources.get("limits"))


def _of_compute(resources: Object, of: Field) -> Amounts:
    return {name: value for name, value in amounts(resources, of).items() if name in _COMPUTE and value.amount}


def _is_guaranteed(resources: Object) -> bool:
    """Return whether something is limited to what it requests, of both CPU and memory."""
    limits, requests = (_of_compute(resources, of) for of in ("limits", "requests"))
    requests = requests or limits
    return all(
        name in limits and name in requests and requests[name].amount == limits[name].amount for name in _COMPUTE
    )
