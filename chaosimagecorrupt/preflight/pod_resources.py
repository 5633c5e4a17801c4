"""What admission makes of a pod template's requests and limits, and what such a pod uses of a quota. Pure.

As the API server does it: defaults of the API, of LimitRanges and of the RuntimeClass; then the sum that
k8s.io/component-helpers/resource computes, and kubernetes/pkg/quota/v1/evaluator/core: podComputeUsageHelper.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from ..kube.quantities import parse_quantity
from ..kube.types import Deployment, Json, PodSpec
from ..workload.containers import Located, pod_containers

__all__ = ["AdmittedPod", "Amounts", "Field", "Sized", "admitted", "is_extended", "is_huge_pages"]

Amounts = dict[str, Decimal]
Field = Literal["requests", "limits"]


@dataclass(frozen=True)
class Sized:
    """A container with its requests and limits, defaults included.

    Attributes:
        name: of the container.
        requests: by resource.
        limits: by resource.
        init: whether it is an init container; with `sidecar`, one that goes on running.
        sidecar: whether it is an init container with restartPolicy Always.
    """

    name: str
    requests: Amounts
    limits: Amounts
    init: bool = False
    sidecar: bool = False

    def amounts(self, of: Field) -> Amounts:
        """Return its requests or its limits."""
        return self.requests if of == "requests" else self.limits


@dataclass(frozen=True)
class AdmittedPod:
    """A pod of a Deployment as admission leaves it.

    Attributes:
        spec: the template's spec.
        containers: init containers first, with their defaults.
        overhead: of its RuntimeClass.
        priority_class: its PriorityClass, empty for none.
    """

    spec: PodSpec
    containers: tuple[Sized, ...]
    overhead: Amounts = field(default_factory=dict)
    priority_class: str = ""

    @cached_property
    def own_requests(self) -> Amounts:
        """What it requests without its overhead: what LimitRanges of type Pod count."""
        needed, own = _sum(self.containers, "requests"), _amounts(self.spec.get("resources"), "requests")
        limits = _pod_level(_amounts(self.spec.get("resources"), "limits"))
        # the pod's own requests default to those of its containers, else to its limits
        defaults = {resource: needed.get(resource, limit) for resource, limit in limits.items()}
        return {**needed, **defaults, **_pod_level(own)}

    @cached_property
    def own_limits(self) -> Amounts:
        """Its limits without its overhead."""
        return {**_sum(self.containers, "limits"), **_pod_level(_amounts(self.spec.get("resources"), "limits"))}

    @property
    def sized_as_a_whole(self) -> bool:
        """Whether the pod itself has requests or limits, so that its containers need none."""
        own = self.spec.get("resources")
        return bool(_pod_level(_amounts(own, "requests")) or _pod_level(_amounts(own, "limits")))

    @property
    def best_effort(self) -> bool:
        """Whether its quality of service is BestEffort: no CPU or memory is requested or limited."""
        amounts = [a for c in self.containers for a in (c.requests, c.limits)] + [self.own_requests, self.own_limits]
        return not any(found.get(resource) for found in amounts for resource in ("cpu", "memory"))

    @property
    def usage(self) -> Amounts:
        """What it uses of quotas, by their names of the resources."""
        requests, limits = dict(self.own_requests), dict(self.own_limits)
        for resource, amount in self.overhead.items():
            requests[resource] = requests.get(resource, Decimal(0)) + amount
            if resource in limits:
                limits[resource] += amount
        used = {"pods": Decimal(1), "count/pods": Decimal(1)}
        used |= _named(requests, limits)
        return used


def admitted(
    deployment: Deployment,
    limit_ranges: Iterable[Json] = (),
    overhead: Mapping[str, Any] | None = None,
    default_priority_class: str = "",
) -> AdmittedPod:
    """Return what admission makes of a pod of a Deployment.

    Args:
        deployment: the Deployment.
        limit_ranges: the LimitRanges of its namespace.
        overhead: `overhead.podFixed` of the template's RuntimeClass; None for none.
        default_priority_class: the PriorityClass with `globalDefault`; empty for none.
    """
    spec, ranges = deployment["spec"]["template"]["spec"], list(limit_ranges)
    return AdmittedPod(
        spec,
        tuple(_sized(found, ranges) for found in pod_containers(spec)),
        {resource: parse_quantity(quantity) for resource, quantity in (overhead or {}).items()},
        spec.get("priorityClassName") or default_priority_class,
    )


def is_huge_pages(resource: str) -> bool:
    """Return whether a resource is a size of huge pages."""
    return resource.startswith("hugepages-")


def is_extended(resource: str) -> bool:
    """Return whether a resource is an extended one, such as `nvidia.com/gpu`."""
    return "/" in resource and "kubernetes.io/" not in resource and not resource.startswith("requests.")


def _sized(found: Located, limit_ranges: Iterable[Json]) -> Sized:
    container = found.container
    requests, limits = (_amounts(container.get("resources"), of) for of in ("requests", "limits"))
    requests = {**limits, **requests}
    for limit_range in limit_ranges:
        limits = {**_defaults(limit_range, "default"), **limits}
        requests = {**_defaults(limit_range, "defaultRequest"), **requests}
    init = found.field == "initContainers"
    return Sized(container["name"], requests, limits, init, init and container.get("restartPolicy") == "Always")


def _defaults(limit_range: Json, key: str) -> Amounts:
    items = [item for item in limit_range["spec"].get("limits") or [] if item.get("type") == "Container"]
    return {resource: amount for item in items for resource, amount in _amounts(item, key).items()}


def _sum(containers: Iterable[Sized], of: Field) -> Amounts:
    """Add up: containers and sidecars run together; an init container runs with the sidecars before it.

    https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers
    """
    running: Amounts = {}
    sidecars: Amounts = {}
    starting: Amounts = {}
    for container in containers:
        amounts = container.amounts(of)
        if container.init and not container.sidecar:
            starting = _most(starting, _plus(sidecars, amounts))
            continue
        running = _plus(running, amounts)
        if container.sidecar:
            sidecars = _plus(sidecars, amounts)
    return _most(running, starting)


def _named(requests: Amounts, limits: Amounts) -> Amounts:
    used: Amounts = {}
    for resource, amount in requests.items():
        if resource in ("cpu", "memory", "ephemeral-storage") or is_huge_pages(resource):
            used |= {resource: amount, f"requests.{resource}": amount}
        elif is_extended(resource):
            used[f"requests.{resource}"] = amount
    limited = (r for r in ("cpu", "memory", "ephemeral-storage") if r in limits)
    return used | {f"limits.{resource}": limits[resource] for resource in limited}


def _amounts(resources: Mapping[str, Any] | None, of: str) -> Amounts:
    return {resource: parse_quantity(q) for resource, q in ((resources or {}).get(of) or {}).items()}


def _pod_level(amounts: Amounts) -> Amounts:
    """Return what a pod as a whole can request or limit."""
    return {r: amount for r, amount in amounts.items() if r in ("cpu", "memory") or is_huge_pages(r)}


def _plus(one: Amounts, other: Amounts) -> Amounts:
    return {r: one.get(r, Decimal(0)) + other.get(r, Decimal(0)) for r in one | other}


def _most(one: Amounts, other: Amounts) -> Amounts:
    return {r: max(one.get(r, Decimal(0)), other.get(r, Decimal(0))) for r in one | other}
