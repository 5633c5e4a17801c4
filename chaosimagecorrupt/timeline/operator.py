"""The condition by which an operator is expected to report a fault."""

from dataclasses import dataclass

__all__ = ["Operator"]


@dataclass(frozen=True)
class Operator:
    """The condition by which an operator is expected to report the degradation.

    Attributes:
        api_version: of its resource.
        kind: of its resource.
        name: of its resource.
        namespace: of its resource; None for a cluster-scoped one.
        condition_type: of the condition.
        status: that the condition is expected to have during the fault.
        reason: that the condition is expected to have; None for any.
    """

    api_version: str
    kind: str
    name: str
    namespace: str | None
    condition_type: str
    status: str
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
