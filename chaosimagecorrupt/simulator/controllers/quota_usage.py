"""What objects use of ResourceQuotas (kubernetes/pkg/quota/v1: evaluator/core, generic)."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..kinds import Kinds
from ..quantities import ZERO, Quantity, parse_quantity
from ..store import Store
from ..types import Object
from .pod_resources import Amounts, is_pod_resource, pod_usage
from .quota_scopes import has_scopes, in_scopes

__all__ = ["counted_resources", "total_usage", "usage_of", "written"]

# Resources that quotas count under their plain name, too
_PLAIN = frozenset(("configmaps", "persistentvolumeclaims", "resourcequotas", "secrets", "services"))


def counted_resources(quota: Object, resource: str, obj: Object, hard: Iterable[str]) -> list[str]:
    """Return which resources of a quota an object counts for; none if it is not in the quota's scopes.

    Args:
        quota: the ResourceQuota.
        resource: the object's resource, such as `pods`.
        obj: the object.
        hard: the resources that the quota limits.
    """
    if resource == "pods":
        return [name for name in hard if is_pod_resource(name)] if in_scopes(quota, obj) else []
    return [] if has_scopes(quota) else [name for name in hard if name in _names(resource)]


def usage_of(resource: str, obj: Object, now: float) -> Amounts:
    """Return what an object uses.

    Args:
        resource: its resource.
        obj: the object.
        now: seconds since 1970.
    """
    if resource == "pods":
        return pod_usage(obj, now)
    return dict.fromkeys(_names(resource), parse_quantity(1))


def total_usage(store: Store, quota: Object, now: float) -> Amounts:
    """Return what all objects of its namespace use of a quota, by the resources that it limits and can count.

    Args:
        store: the objects.
        quota: the ResourceQuota.
        now: seconds since 1970.
    """
    hard = (quota.get("spec") or {}).get("hard") or {}
    total: Amounts = {}
    for resource in _counted_kinds(store.kinds, hard):
        names = [name for name in hard if name in _names(resource) or (resource == "pods" and is_pod_resource(name))]
        total.update(dict.fromkeys(names, ZERO))
        for obj in store.list(resource, quota["metadata"]["namespace"]):
            used = usage_of(resource, obj, now)
            for name in counted_resources(quota, resource, obj, names):
                total[name] = total[name].plus(used.get(name, ZERO))
    return total


def written(amounts: Mapping[str, Quantity]) -> dict[str, Any]:
    """Return quantities as they are stored.

    Args:
        amounts: the quantities by resource.
    """
    return {name: str(quantity) for name, quantity in amounts.items()}


def _counted_kinds(kinds: Kinds, hard: Iterable[str]) -> list[str]:
    """Return the resources of whose objects a quota counts something."""
    names = set(hard)
    counted = [kind.name for kind in kinds if kind.namespaced and names.intersection(_names(kind.name))]
    return ["pods", *counted] if any(map(is_pod_resource, names)) and "pods" not in counted else counted


def _names(resource: str) -> tuple[str, ...]:
    return (f"count/{resource}", resource) if resource in _PLAIN else (f"count/{resource}",)
