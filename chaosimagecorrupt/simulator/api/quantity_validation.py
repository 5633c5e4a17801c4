"""Validation of quantities, and of the objects that consist of them (kubernetes/pkg/apis/core/validation)."""

from collections.abc import Iterator
from typing import Any

from ..quantities import parse_quantity
from ..types import Object
from .errors import Cause, invalid_value

__all__ = ["invalid_limit_range", "invalid_quantity", "invalid_resource_quota", "invalid_resources"]

RULE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


def invalid_quantity(field: str, value: Any) -> Iterator[Cause]:
    """Yield what is wrong with a quantity.

    Args:
        field: where it is.
        value: the quantity.
    """
    try:
        parse_quantity(value)
    except ValueError:
        yield invalid_value(field, value, RULE)


def invalid_resources(resources: Object, where: str) -> Iterator[Cause]:
    """Yield what is wrong with requests and limits (ValidateContainerResourceRequirements).

    Args:
        resources: the requests and limits.
        where: where they are.
    """
    found = list(_invalid_amounts(resources, ("limits", "requests"), where))
    yield from found
    limits = resources.get("limits") or {}
    for name, request in (resources.get("requests") or {}).items() if not found else ():
        if name in limits and parse_quantity(request).amount > parse_quantity(limits[name]).amount:
            text = f"must be less than or equal to {name} limit of {parse_quantity(limits[name])}"
            yield invalid_value(f"{where}.requests", str(parse_quantity(request)), text)


def invalid_resource_quota(obj: Object) -> list[Cause]:
    """Return what is wrong with a ResourceQuota.

    Args:
        obj: the ResourceQuota.
    """
    found = _invalid_amounts(obj.get("spec") or {}, ("hard",), "spec")
    return [*found, *_invalid_amounts(obj.get("status") or {}, ("hard", "used"), "status")]


def invalid_limit_range(obj: Object) -> list[Cause]:
    """Return what is wrong with a LimitRange.

    Args:
        obj: the LimitRange.
    """
    members = ("default", "defaultRequest", "max", "maxLimitRequestRatio", "min")
    items = enumerate((obj.get("spec") or {}).get("limits") or ())
    return [cause for index, item in items for cause in _invalid_amounts(item, members, f"spec.limits[{index}]")]


def _invalid_amounts(holder: Object, members: tuple[str, ...], where: str) -> Iterator[Cause]:
    for member in members:
        for name, amount in (holder.get(member) or {}).items():
            yield from invalid_quantity(f"{where}.{member}[{name}]", amount)
