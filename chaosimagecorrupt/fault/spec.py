"""What to corrupt, and how: the arguments of the activities, checked. Pure."""

from dataclasses import dataclass
from typing import Any

from ..duration import parse_duration, seconds_of
from ..errors import Refused, one_line
from ..workload.image_reference import parse_image
from ..workload.made_up_images import DEFAULT_IMAGE
from ..workload.pull_causes import INTENDED
from ..workload.stop_condition import parse_stop_below
from .refusals import check_image

__all__ = ["FaultSpec", "check_cause", "check_fault_spec"]


@dataclass(frozen=True)
class FaultSpec:
    """What to corrupt, and how.

    Attributes:
        container_name: a container or init container; None for the first container.
        image: the corrupt image; with a cause, the default one.
        ttl: seconds until the guard undoes the fault.
        progress_deadline: progressDeadlineSeconds while the fault is in place; None leaves it unchanged.
        stop_below: how many pods must stay ready, see `stop_condition.parse_stop_below`; empty for no such condition.
        cause: what the kubelet is to report, a key of `pull_causes.INTENDED`, for which the image is made up; empty for
            the image as it is.
        repository: for the cause `unauthorized`: one that demands credentials which the pods lack.
        allow_slow: whether a registry is allowed that may never answer.
        allow_on_delete: corrupt it also with the update strategy OnDelete, where nothing happens to a running pod.
    """

    container_name: str | None
    image: str
    ttl: float
    progress_deadline: int | None = None
    stop_below: str = ""
    cause: str = ""
    repository: str = ""
    allow_slow: bool = False
    allow_on_delete: bool = False


def check_fault_spec(
    container_name: str | None,
    image: object,
    ttl: object,
    progress_deadline: object,
    stop_below: object,
    *,
    guard: bool,
    cause: object = None,
    repository: object = None,
    allow_slow: object = False,
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
        cause: see `check_cause`.
        repository: see `check_cause`.
        allow_slow: true or false.
        allow_on_delete: true or false.

    Raises:
        Refused: with the argument that is not as above.
    """
    condition = parse_stop_below(stop_below)
    if condition and not guard:
        raise Refused("stop_below: the guard watches it, so it needs guard: true")
    deadline = _whole_seconds(progress_deadline)
    named = check_image(image)
    meant, private = check_cause(cause, repository, named)
    allowed = {
        "allow_slow": _check_switch(allow_slow, "allow_slow"),
        "allow_on_delete": _check_switch(allow_on_delete, "allow_on_delete"),
    }
    return FaultSpec(
        container_name or None, named, seconds_of(ttl, "ttl"), deadline, condition, meant, private, **allowed
    )


def _check_switch(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise Refused(f"{name}: must be true or false, found {one_line(repr(value), 80)}")
    return value


def check_cause(cause: object, repository: object, image: str) -> tuple[str, str]:
    """Check the cause that the kubelet is to report; return it and the repository, empty text for what is not given.

    Args:
        cause: a key of `pull_causes.INTENDED`; None or empty for the image as it is.
        repository: for the cause `unauthorized`, without tag and digest; else None or empty.
        image: the corrupt image, which a cause excludes unless it is the default one.

    Raises:
        Refused: with the argument that does not fit.
    """
    meant = _check_name(cause)
    if meant and image != DEFAULT_IMAGE:
        raise Refused("cause: the image is made up for it, so that no image can be given too")
    if meant == "unauthorized":
        return meant, _check_repository(repository)
    if repository:
        raise Refused("repository: only cause: unauthorized takes one")
    return meant, ""


def _check_name(cause: object) -> str:
    if cause in (None, ""):
        return ""
    if not isinstance(cause, str) or cause not in INTENDED:
        raise Refused(f"cause: '{one_line(cause, 80)}' is none of {', '.join(INTENDED)}")
    return cause


def _check_repository(repository: object) -> str:
    found = parse_image(repository) if isinstance(repository, str) else None
    if found is None or found.name != repository:
        given = f"; found '{one_line(repository, 120)}'" if repository else ""
        raise Refused(
            "repository: cause: unauthorized needs one that demands credentials which the pods lack, without tag and "
            f"digest, such as registry.corp/private/app{given}"
        )
    return found.name


def _whole_seconds(deadline: Any) -> Any:
    """Return a deadline in whole seconds, also from text; what is no whole number is refused with the Deployment."""
    if not isinstance(deadline, str):
        return deadline
    seconds = parse_duration(deadline, "progress_deadline")
    return int(seconds) if seconds.is_integer() else seconds
