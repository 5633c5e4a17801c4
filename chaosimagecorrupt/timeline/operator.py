"""The conditions by which an operator is expected to report a fault."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..workload.accepted import AcceptedCondition

__all__ = ["Operator"]


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
