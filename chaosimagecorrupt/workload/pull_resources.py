"""The smallest requests and limits with which LimitRanges and ResourceQuotas admit a pod. Pure."""

from collections.abc import Iterable, Iterator, Set
from decimal import Decimal

from ..kube.quantities import parse_quantity, quantity_text
from ..kube.types import Json

__all__ = ["smallest_resources"]

# What a sandbox and a container can be made with; of other resources, none is needed
_LEAST = {"cpu": Decimal("0.01"), "memory": Decimal(32 * 1024**2), "ephemeral-storage": Decimal(32 * 1024**2)}
# What the keys of a LimitRange make a container have, by default or by demand
_WITH_REQUEST = ("min", "default", "defaultRequest", "maxLimitRequestRatio")
_WITH_LIMIT = ("max", "default", "maxLimitRequestRatio")
# kubernetes/pkg/quota/v1/evaluator/core: validationSet
_DEMANDED = ("cpu", "memory")
# These count no pod that has a deadline, or demand no resources
_SCOPES_LEFT_OUT = ("NotTerminating", "BestEffort")


def smallest_resources(limit_ranges: Iterable[Json], quotas: Iterable[Json]) -> dict[str, dict[str, str]]:
    """Return the requests and limits of a pod with one container and a deadline.

    What a LimitRange would set by default is set to less here, and nothing is requested that nobody asks for.

    Args:
        limit_ranges: of the namespace.
        quotas: its ResourceQuotas.

    Returns:
        `{"requests": {...}, "limits": {...}}`; empty when nothing is asked for.
    """
    items = [item for limit_range in limit_ranges for item in _items(limit_range)]
    hard = {name for quota in quotas for name in _hard(quota)}
    limited = _named(items, _WITH_LIMIT) | _demanded(hard, "limits.")
    # a request that is missing would become as large as the limit
    requested = limited | _named(items, _WITH_REQUEST) | _demanded(hard, "requests.", "")
    found = {"requests": requested, "limits": limited}
    return {of: {r: _amount(r, items) for r in sorted(names)} for of, names in found.items() if names}


def _named(items: Iterable[Json], keys: Iterable[str]) -> set[str]:
    """Return the resources that LimitRanges name under some keys."""
    return {resource for item in items for key in keys for resource in item.get(key) or {}}


def _items(limit_range: Json) -> Iterator[Json]:
    for item in (limit_range.get("spec") or {}).get("limits") or []:
        if item.get("type") in ("Container", "Pod"):
            yield item


def _demanded(hard: Set[str], *prefixes: str) -> set[str]:
    """Return the resources that quotas demand; a quota names a request with or without a prefix."""
    return {resource for resource in _DEMANDED for prefix in prefixes if f"{prefix}{resource}" in hard}


def _hard(quota: Json) -> Iterable[str]:
    """Return what a quota bounds, nothing when it does not count the pod, or demands nothing of it."""
    spec = quota.get("spec") or {}
    left_out = any(scope in _SCOPES_LEFT_OUT for scope in spec.get("scopes") or [])
    return () if left_out else spec.get("hard") or {}


def _amount(resource: str, items: Iterable[Json]) -> str:
    """Return the least amount of a resource within the bounds; bounds that contradict each other admit none."""
    amount = _LEAST.get(resource, Decimal(0))
    for item in items:
        if resource in (item.get("max") or {}):
            amount = min(amount, parse_quantity(item["max"][resource]))
    for item in items:
        if resource in (item.get("min") or {}):
            amount = max(amount, parse_quantity(item["min"][resource]))
    return quantity_text(amount)
