"""The control's arguments: its thresholds, and which verdicts make a run fail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chaoslib.exceptions import InvalidActivity

from ..duration import seconds_of
from ..errors import Refused, one_line
from ..verdict import Thresholds, limits_of
from ..verdict.journal import RunLimitsJson
from .fail_on import DEFAULT_FAIL_ON, check_fail_on

__all__ = ["Arguments", "check_arguments", "read_arguments"]

# seconds; a recovery that is waited for longer than a day is a typing error
_LONGEST = 86_400.0
_MOST_CYCLES = 1000


@dataclass(frozen=True)
class Arguments:
    """The control's arguments.

    Attributes:
        fail_on: the verdicts that make a run fail.
        thresholds: from which on the verdict gets worse.
    """

    fail_on: tuple[str, ...] = DEFAULT_FAIL_ON
    thresholds: Thresholds = field(default_factory=Thresholds)

    def to_json(self) -> RunLimitsJson:
        """Return them as the journal keeps them."""
        return {**limits_of(self.thresholds).to_json(), "fail_on": [str(v) for v in self.fail_on]}


def check_arguments(arguments: object) -> None:
    """Refuse arguments that make no sense, before the experiment is run; those that are substituted later are skipped.

    Args:
        arguments: as the experiment declares them; None without any.

    Raises:
        InvalidActivity: as `read_arguments`, or they are no object.
    """
    if arguments is not None and not isinstance(arguments, Mapping):
        raise InvalidActivity(f"image-corrupt: the control's arguments must be an object, not {one_line(arguments)}")
    given = arguments or {}
    _refuse_unknown(given)
    read_arguments({k: v for k, v in given.items() if not (isinstance(v, str) and v.startswith("${"))})


def read_arguments(arguments: Mapping[str, Any]) -> Arguments:
    """Return the control's arguments.

    Args:
        arguments: as Chaos Toolkit passes them; one that is None counts as not given.

    Raises:
        InvalidActivity: one is not known, or its value is not valid.
    """
    _refuse_unknown(arguments)
    given = {name: _READ[name](value, name) for name, value in arguments.items() if value is not None}
    fail_on = given.pop("fail_on", DEFAULT_FAIL_ON)
    thresholds = Thresholds(**given)
    within, give_up_after, _ = limits_of(thresholds)
    if give_up_after < within:
        raise InvalidActivity(
            f"image-corrupt: give_up_after ({give_up_after:g} s) is shorter than recovery_within ({within:g} s)"
        )
    return Arguments(fail_on, thresholds)


def _refuse_unknown(arguments: Mapping[str, Any]) -> None:
    unknown = [one_line(name, 80) for name in arguments if name not in _READ]
    if unknown:
        raise InvalidActivity(
            f"image-corrupt: the control does not know the argument {', '.join(unknown)}; it knows {', '.join(_READ)}"
        )


def _fail_on(value: object, name: str) -> tuple[str, ...]:
    check_fail_on(value)
    return tuple(value) if isinstance(value, list) else DEFAULT_FAIL_ON


def _seconds(value: object, name: str) -> float:
    try:
        seconds = seconds_of(value, name)
    except Refused as x:
        raise InvalidActivity(f"image-corrupt: {one_line(x)}") from x
    if seconds > _LONGEST:
        raise InvalidActivity(f"image-corrupt: {name}: {seconds:g} s is longer than a day")
    return seconds


def _count(value: object, name: str) -> int:
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > _MOST_CYCLES:
        raise InvalidActivity(
            f"image-corrupt: {name} must be a whole number from 0 to {_MOST_CYCLES}, not {one_line(value, 80)}"
        )
    return int(text)


_READ: dict[str, Callable[[object, str], Any]] = {
    "fail_on": _fail_on,
    "recovery_within": _seconds,
    "give_up_after": _seconds,
    "max_reconcile_cycles": _count,
}
