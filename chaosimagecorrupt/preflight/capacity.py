"""The preflight of capacity: which pods keep serving during the fault, and what limits the new ones."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from ..errors import one_line
from ..kube.labels import pod_labels, selects
from ..kube.quantities import parse_quantity, surge_and_unavailable
from ..kube.types import Deployment, Json
from ..workload.rollout import desired_replicas
from .model import Check, Level

__all__ = ["Capacity", "capacity_left", "check_budgets", "check_capacity", "check_quotas"]


class Capacity(NamedTuple):
    """The pods of a stuck rollout.

    Attributes:
        serving: old pods that keep serving.
        surge: new pods that are created.
    """

    serving: int
    surge: int


def capacity_left(deployment: Deployment) -> Capacity:
    """Return how many pods keep serving while the rollout is stuck, and how many surge pods are created.

    Kubernetes' defaults apply: strategy RollingUpdate, 25% surge, 25% unavailable.
    """
    replicas, strategy = desired_replicas(deployment), deployment["spec"].get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return Capacity(serving=0, surge=replicas)
    rolling = strategy.get("rollingUpdate") or {}
    surge, unavailable = surge_and_unavailable(
        replicas, rolling.get("maxSurge", "25%"), rolling.get("maxUnavailable", "25%")
    )
    return Capacity(serving=replicas - unavailable, surge=surge)


def check_capacity(deployment: Deployment) -> list[Check]:
    """Check how many pods keep serving during the fault."""
    replicas, serving = desired_replicas(deployment), capacity_left(deployment).serving
    strategy = (deployment["spec"].get("strategy") or {}).get("type", "RollingUpdate")
    text = f"{strategy}: {serving} of {replicas} pods keep serving during the fault"
    if serving == replicas:
        return [Check("capacity", Level.OK, text)]
    return [Check("capacity", Level.WARNING, text + ("; the service is down" if serving == 0 else ""))]


def check_quotas(deployment: Deployment, quotas: Iterable[Json]) -> list[Check]:
    """Check whether a ResourceQuota prevents the new pods that prove the fault."""
    capacity = capacity_left(deployment)
    # a rollout that stops old pods first frees their part of the quota
    stops_old_pods = capacity.serving < desired_replicas(deployment)
    checks = []
    for text in (text for quota in quotas for text in _exceeded(deployment, quota)):
        if stops_old_pods:
            checks.append(Check("quota", Level.WARNING, f"{text} until an old pod is stopped"))
        elif capacity.surge:
            checks.append(Check("quota", Level.BLOCKER, f"{text}: no pod would try to pull the image"))
    return checks or [Check("quota", Level.OK, "leaves room for the new pods")]


def check_budgets(deployment: Deployment, budgets: Iterable[Json]) -> list[Check]:
    """Check PodDisruptionBudgets: a rollout ignores them, but the pods that it stops count as disrupted."""
    lost = desired_replicas(deployment) - capacity_left(deployment).serving
    checks = []
    for budget in budgets:
        if not selects(budget["spec"].get("selector"), pod_labels(deployment)):
            continue
        allowed = int((budget.get("status") or {}).get("disruptionsAllowed") or 0)
        name = one_line(budget["metadata"]["name"], 80)
        if lost > allowed:
            text = f"{name} allows {allowed} disruptions and the fault stops {lost} pods: node drains hang meanwhile"
            checks.append(Check("disruption budget", Level.WARNING, text))
        else:
            text = f"{name} allows {allowed} disruptions, the fault stops {lost} pods"
            checks.append(Check("disruption budget", Level.OK, text))
    return checks or [Check("disruption budget", Level.OK, "none selects these pods")]


def _exceeded(deployment: Deployment, quota: Json) -> Iterator[str]:
    """Yield a text for each resource of which a quota leaves too little for one more pod."""
    status = quota.get("status") or {}
    hard, used = status.get("hard") or {}, status.get("used") or {}
    for resource, need in _needs(deployment).items():
        if resource in hard and parse_quantity(used.get(resource, 0)) + need > parse_quantity(hard[resource]):
            name, values = one_line(quota["metadata"]["name"], 80), f"{used.get(resource, 0)} of {hard[resource]}"
            yield f"{name} has {one_line(values, 80)} {one_line(resource, 60)} used, so no further pod can be created"


def _needs(deployment: Deployment) -> dict[str, Decimal]:
    """Return what one more pod uses of a quota, by the quota's name of the resource."""
    needs = {"pods": Decimal(1), "count/pods": Decimal(1)}
    for container in deployment["spec"]["template"]["spec"]["containers"]:
        resources = container.get("resources") or {}
        for field in ("requests", "limits"):
            for resource, quantity in (resources.get(field) or {}).items():
                # a quota on `cpu` means the same as one on `requests.cpu`
                for key in [f"{field}.{resource}"] + ([resource] if field == "requests" else []):
                    needs[key] = needs.get(key, Decimal(0)) + parse_quantity(quantity)
    return needs
