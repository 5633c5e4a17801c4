"""The preflight of capacity: which pods keep serving during the fault. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from ..errors import one_line
from ..kube.labels import pod_labels, selects
from ..kube.quantities import surge_and_unavailable
from ..kube.types import Deployment, Json
from ..workload.kinds import kind_of
from .model import Check, Level

__all__ = ["Capacity", "capacity_left", "check_budgets", "check_capacity"]


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
    kind = kind_of(deployment)
    replicas, settings = kind.counts(deployment).desired, kind.settings(deployment)
    if settings.strategy == "Recreate":
        return Capacity(serving=0, surge=replicas)
    if settings.strategy == "OnDelete":
        return Capacity(serving=replicas, surge=0)
    bounds = ("25%" if each is None else each for each in (settings.max_surge, settings.max_unavailable))
    surge, unavailable = surge_and_unavailable(replicas, *bounds)
    return Capacity(serving=replicas - unavailable, surge=surge)


def check_capacity(deployment: Deployment) -> list[Check]:
    """Check how many pods keep serving during the fault."""
    kind, serving = kind_of(deployment), capacity_left(deployment).serving
    replicas = kind.counts(deployment).desired
    text = f"{kind.settings(deployment).strategy}: {serving} of {replicas} pods keep serving during the fault"
    if serving == replicas:
        return [Check("capacity", Level.OK, text)]
    return [Check("capacity", Level.WARNING, text + ("; the service is down" if serving == 0 else ""))]


def check_budgets(deployment: Deployment, budgets: Iterable[Json]) -> list[Check]:
    """Check PodDisruptionBudgets: a rollout ignores them, but the pods that it stops count as disrupted."""
    lost = kind_of(deployment).counts(deployment).desired - capacity_left(deployment).serving
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
