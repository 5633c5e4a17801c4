"""What to corrupt, and how: the arguments of the activities, checked. Pure."""

from dataclasses import dataclass
from typing import Any

from ..duration import parse_duration, seconds_of
from ..errors import Refused, one_line
from ..workload.stop_condition import parse_stop_below
from .refusals import check_image

__all__ = ["FaultSpec", "check_fault_spec"]


@dataclass(frozen=True)
class FaultSpec:
    """What to corrupt, and how.

    Attributes:
        container_name: a container or init container; None for the first container.
        image: the corrupt image.
        ttl: seconds until the guard undoes the fault.
        progress_deadline: progressDeadlineSeconds while the fault is in place; None leaves it unchanged.
        stop_below: how many pods must stay ready, see `stop_condition.parse_stop_below`; empty for no such condition.
        allow_on_delete: corrupt it also with the update strategy OnDelete, where nothing happens to a running pod.
    """

    container_name: str | None
    image: str
    ttl: float
    progress_deadline: int | None = None
    stop_below: str = ""
    allow_on_delete: bool = False


def check_fault_spec(
    container_name: str | None,
    image: object,
    ttl: object,
    progress_deadline: object,
    stop_below: object,
    *,
    guard: bool,
    allow_on_delete: object = False,
) -> FaultSpec:
    """Check the arguments of an activity, and return them; see `FaultSpec`.

    Args:
        container_name: the container's name; None or empty for the first container.
        image: the corrupt image.
        ttl: a Go duration or a number of seconds.
        progress_deadline: whole seconds, which may be text, as environment variables are; None leaves it unchanged.
        stop_below: a number of pods or a percentage; None for no such condition.
        guard: whether there will be a guard, which alone watches `stop_below`.
        allow_on_delete: true or false.

    Raises:
        Refused: with the argument that is not as above.
    """
    condition = parse_stop_below(stop_below)
    if condition and not guard:
        raise Refused("stop_below: the guard watches it, so it needs guard: true")
    if not isinstance(allow_on_delete, bool):
        raise Refused(f"allow_on_delete: must be true or false, found {one_line(repr(allow_on_delete), 80)}")
    deadline, seconds = _whole_seconds(progress_deadline), seconds_of(ttl, "ttl")
    return FaultSpec(container_name or None, check_image(image), seconds, deadline, condition, allow_on_delete)


def _whole_seconds(deadline: Any) -> Any:
    """Return a deadline in whole seconds, also from text; what is no whole number is refused with the Deployment."""
    if not isinstance(deadline, str):
        return deadline
    seconds = parse_duration(deadline, "progress_deadline")
    return int(seconds) if seconds.is_integer() else seconds
