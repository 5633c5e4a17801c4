"""The conditions of a resource that an experiment accepts as a report: one, or several of which any counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import Refused, one_line

__all__ = ["AcceptedCondition", "accepted_conditions"]

_KEYS = ("type", "status", "reason")
_MOST_TYPE, _MOST_STATUS = 80, 20


@dataclass(frozen=True)
class AcceptedCondition:
    """A condition that is accepted as a report.

    Attributes:
        type: of the condition.
        status: True, False or Unknown, as text.
        reason: of the condition; None for any.
    """

    type: str
    status: str
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.type}={self.status}" + (f" ({self.reason})" if self.reason else "")


def accepted_conditions(
    condition_type: object, status: object, reason: object, conditions: object
) -> tuple[AcceptedCondition, ...]:
    """Return the conditions that the arguments of `resource_condition` name.

    Args:
        condition_type: the type of one condition; None or empty without one.
        status: its status.
        reason: its reason; None or empty for any.
        conditions: several conditions instead: a list of `{type, status, reason}`; None or empty without one.

    Raises:
        Refused: they name no condition, name one in both ways, or one is not of that form.
    """
    if bool(condition_type) == bool(conditions):
        raise Refused("condition_type, conditions: name one condition, or a list of conditions, but not both")
    if condition_type:
        return (_accepted({"type": condition_type, "status": status, "reason": reason}),)
    if isinstance(conditions, str) or not isinstance(conditions, Iterable):
        raise Refused(f"conditions: {one_line(repr(conditions), 80)} is not a list of {{type, status, reason}}")
    return tuple(dict.fromkeys(map(_accepted, conditions)))


def _accepted(condition: Any) -> AcceptedCondition:
    if not isinstance(condition, Mapping) or not condition.get("type") or set(condition) - set(_KEYS):
        raise Refused(f"conditions: {one_line(repr(condition), 80)} is not of the form {{type, status, reason}}")
    status = condition.get("status")
    return AcceptedCondition(
        one_line(condition["type"], _MOST_TYPE),
        "True" if status is None or status == "" else one_line(status, _MOST_STATUS),
        one_line(condition["reason"], _MOST_TYPE) if condition.get("reason") else None,
    )
