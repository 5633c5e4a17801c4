"""Is it safe to corrupt this Deployment's image, and would it say something? Pure checks over what was read.

Each check gives lines that are `ok`, `warning` or `blocker`; with a blocker the experiment must not, or cannot, run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from ..errors import one_line
from ..kube.labels import pod_labels, selects
from ..kube.quantities import parse_quantity, surge_and_unavailable
from ..workload.collateral import owners
from ..workload.webhooks import webhooks_served
from .rights import Right

__all__ = [
    "BLOCKER",
    "OK",
    "WARNING",
    "Check",
    "capacity_left",
    "check_access",
    "check_admission",
    "check_autoscalers",
    "check_budgets",
    "check_capacity",
    "check_difference",
    "check_owners",
    "check_quotas",
]

Json = Mapping[str, Any]
OK, WARNING, BLOCKER = "ok", "warning", "blocker"


@dataclass(frozen=True)
class Check:
    """One line of the preflight.

    Attributes:
        name: what was looked at.
        level: `ok`, `warning` or `blocker`.
        text: what was found, and what to do about it.
    """

    name: str
    level: str
    text: str

    def to_json(self) -> dict[str, str]:
        """Return it as a mapping."""
        return asdict(self)


def check_access(allowed: Mapping[Right, bool]) -> list[Check]:
    """Check the rights; each missing one is named with the rule that would grant it.

    Args:
        allowed: what the API server says of each right.
    """
    lines = []
    for right in (r for r, is_allowed in allowed.items() if not is_allowed):
        kind = "Role" if right.namespaced else "ClusterRole"
        rule = f'apiGroups: ["{right.group}"], resources: ["{right.resource}"], verbs: ["{right.verb}"]'
        text = f"may not {right.verb} {right.resource}: {right.lost}; {kind} rule: {rule}"
        lines.append(Check("rights", BLOCKER if right.required else WARNING, text))
    return lines or [Check("rights", OK, f"all {len(allowed)} that are used")]


def capacity_left(deployment: Json) -> tuple[int, int]:
    """Return how many pods go on serving while the rollout is stuck, and how many surge pods are tried."""
    spec = deployment["spec"]
    replicas, strategy = int(spec.get("replicas", 1)), spec.get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return 0, replicas
    rolling = strategy.get("rollingUpdate") or {}
    surge, unavailable = surge_and_unavailable(
        replicas, rolling.get("maxSurge", "25%"), rolling.get("maxUnavailable", "25%")
    )
    return replicas - unavailable, surge


def check_capacity(deployment: Json) -> list[Check]:
    """Check the strategy: what goes on serving during the fault."""
    replicas = int(deployment["spec"].get("replicas", 1))
    kind = (deployment["spec"].get("strategy") or {}).get("type", "RollingUpdate")
    left, _ = capacity_left(deployment)
    text = f"{kind}: {left} of {replicas} pods go on serving during the fault"
    if left == replicas:
        return [Check("capacity", OK, text)]
    return [Check("capacity", WARNING, text + ("; the service is down" if left == 0 else ""))]


def check_quotas(deployment: Json, quotas: Iterable[Json]) -> list[Check]:
    """Check whether a ResourceQuota would stop the pods that are to prove the fault."""
    left, surge = capacity_left(deployment)
    replaced = left < int(deployment["spec"].get("replicas", 1))
    lines = []
    for quota in quotas:
        status = quota.get("status") or {}
        hard, used = status.get("hard") or {}, status.get("used") or {}
        for resource, need in _needs(deployment).items():
            if resource in hard and parse_quantity(used.get(resource, 0)) + need > parse_quantity(hard[resource]):
                name, values = one_line(quota["metadata"]["name"], 80), f"{used.get(resource, 0)} of {hard[resource]}"
                text = (
                    f"{name} has {one_line(values, 80)} {one_line(resource, 60)} used, so no further pod can be created"
                )
                if replaced:
                    lines.append(Check("quota", WARNING, f"{text} until one of the old ones is stopped"))
                elif surge:
                    lines.append(Check("quota", BLOCKER, f"{text}: nothing would be pulled and nothing proven"))
    return lines or [Check("quota", OK, "leaves room for the new pods")]


def check_admission(
    deployment: Json, services: Iterable[Json], configurations: Iterable[tuple[str, Json]]
) -> list[Check]:
    """Check which admission webhooks these pods serve."""
    served = webhooks_served(deployment, services, configurations)
    left, _ = capacity_left(deployment)
    lines = []
    for webhook in served:
        called = (
            f"{webhook['kind']} {one_line(webhook['configuration'], 80)}, webhook {one_line(webhook['webhook'], 80)}"
        )
        text = f"these pods serve {called} (failurePolicy {webhook['failure_policy']})"
        if left > 0:
            lines.append(Check("webhooks", WARNING, f"{text}; {left} of them go on serving"))
        elif webhook["failure_policy"] == "Fail":
            lines.append(Check("webhooks", WARNING, f"{text}; none is left, so what matches is refused"))
        else:
            lines.append(Check("webhooks", WARNING, f"{text}; none is left, so what matches is let through unchecked"))
    return lines or [Check("webhooks", OK, "these pods serve none")]


def check_budgets(deployment: Json, budgets: Iterable[Json]) -> list[Check]:
    """Check PodDisruptionBudgets: a rollout does not respect them, but the pods that it loses count."""
    left, _ = capacity_left(deployment)
    lost = int(deployment["spec"].get("replicas", 1)) - left
    lines = []
    for budget in budgets:
        if not selects(budget["spec"].get("selector"), pod_labels(deployment)):
            continue
        allowed = int((budget.get("status") or {}).get("disruptionsAllowed") or 0)
        name = one_line(budget["metadata"]["name"], 80)
        if lost > allowed:
            text = f"{name} allows {allowed} disruptions and the fault takes {lost} pods: node drains hang meanwhile"
            lines.append(Check("disruption budget", WARNING, text))
        else:
            lines.append(Check("disruption budget", OK, f"{name} allows {allowed} disruptions, the fault takes {lost}"))
    return lines or [Check("disruption budget", OK, "there is none for these pods")]


def check_autoscalers(deployment: Json, autoscalers: Iterable[Json]) -> list[Check]:
    """Check HorizontalPodAutoscalers, which may change the number of pods in the middle."""
    name = deployment["metadata"]["name"]
    found = [
        a
        for a in autoscalers
        if (target := a["spec"]["scaleTargetRef"]).get("kind") == "Deployment" and target.get("name") == name
    ]
    if not found:
        return [Check("autoscaler", OK, "there is none")]
    return [
        Check("autoscaler", WARNING, f"{one_line(a['metadata']['name'], 80)} may scale the Deployment during the fault")
        for a in found
    ]


def check_owners(deployment: Json) -> list[Check]:
    """Check who owns the Deployment, and may put the image back."""
    found = owners(deployment)
    if not found:
        return [Check("owners", OK, "nobody reconciles it, as far as it says")]
    return [Check("owners", WARNING, f"{one_line(owner, 160)}: may put the image back, or undo it") for owner in found]


def check_difference(before: Json, after: Json) -> list[Check]:
    """Say what the server-side dry run would change, apart from what the API server counts itself."""
    changes = _differences(before, after, "")
    return [Check("dry run", OK, f"accepted; would change {one_line(', '.join(changes), 900)}")]


_COUNTED = ("metadata.generation", "metadata.resourceVersion", "metadata.managedFields", "status")


def _differences(before: Any, after: Any, path: str) -> list[str]:
    if path in _COUNTED:
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [*before, *(k for k in after if k not in before)]
        return [d for k in keys for d in _differences(before.get(k), after.get(k), f"{path}.{k}".lstrip("."))]
    if _named(before) and _named(after):
        first, second = ({i["name"]: i for i in side} for side in (before, after))
        return [d for name in second for d in _differences(first.get(name), second[name], f"{path}[{name}]")]
    return [] if before == after else [f"{path}: {before} -> {after}" if before is not None else f"{path} (new)"]


def _named(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(i, Mapping) and "name" in i for i in value)


def _needs(deployment: Json) -> dict[str, Decimal]:
    """What one more pod takes from a quota."""
    needs = {"pods": Decimal(1), "count/pods": Decimal(1)}
    for container in deployment["spec"]["template"]["spec"]["containers"]:
        resources = container.get("resources") or {}
        for field in ("requests", "limits"):
            for resource, quantity in (resources.get(field) or {}).items():
                for key in [f"{field}.{resource}"] + ([resource] if field == "requests" else []):
                    needs[key] = needs.get(key, Decimal(0)) + parse_quantity(quantity)
    return needs
