"""The conditions by which an operator is expected to report a fault."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..kube.client import Cluster
from ..workload.accepted import AcceptedCondition

__all__ = ["FollowedOperator", "Operator", "merged"]


@dataclass(frozen=True)
class Operator:
    """A resource, and the conditions by which its operator is expected to report the degradation.

    Attributes:
        api_version: of its resource.
        kind: of its resource.
        name: of its resource.
        namespace: of its resource; None for a cluster-scoped one.
        conditions: those of which any one reports the degradation.
    """

    api_version: str
    kind: str
    name: str
    namespace: str | None
    conditions: Sequence[AcceptedCondition]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def source(self) -> str:
        """The key of its resource among the `missing` of a timeline."""
        return f"Resource {self}"


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
