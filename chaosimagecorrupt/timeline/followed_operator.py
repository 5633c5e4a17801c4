"""The operators that a run follows, each on the cluster that has its resource."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ..kube.client import Cluster
from .operator import Operator

__all__ = ["FollowedOperator", "merged"]


class FollowedOperator(NamedTuple):
    """An operator, and the cluster that has its resource."""

    operator: Operator
    cluster: Cluster


def merged(operators: Sequence[FollowedOperator]) -> list[FollowedOperator]:
    """Return one operator for each resource, with the conditions of all that name it.

    A resource is followed and judged by kind and name; of two that differ only in namespace or API group, the first
    counts.
    """
    found: dict[str, FollowedOperator] = {}
    for each in operators:
        key, operator = str(each.operator), each.operator
        if key not in found:
            found[key] = each
            continue
        first = found[key]
        if (first.operator.api_version, first.operator.namespace) == (operator.api_version, operator.namespace):
            conditions = tuple(dict.fromkeys([*first.operator.conditions, *operator.conditions]))
            found[key] = FollowedOperator(replace(first.operator, conditions=conditions), first.cluster)
    return list(found.values())
