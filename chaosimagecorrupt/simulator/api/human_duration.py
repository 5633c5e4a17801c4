"""Durations and ages as kubectl prints them."""

from typing import Any

from ..timestamps import seconds_of
from ..types import Object

__all__ = ["age", "duration", "seconds_since", "since"]


_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 365 * 86400
_SECONDS = {"s": 1, "m": _MINUTE, "h": _HOUR, "d": _DAY, "y": _YEAR}

# A span of fewer seconds than the first column is printed in the unit of the second, with the rest in that of the third
_UNITS = (
    (2 * _MINUTE, "s", ""),
    (10 * _MINUTE, "m", "s"),
    (3 * _HOUR, "m", ""),
    (8 * _HOUR, "h", "m"),
    (2 * _DAY, "h", ""),
    (8 * _DAY, "d", "h"),
    (2 * _YEAR, "d", ""),
    (8 * _YEAR, "y", "d"),
)
_LONGEST = ("y", "")


def duration(seconds: float) -> str:
    """Return a span of time as kubectl prints it: `45s`, `3m10s`, `2d3h`.

    Args:
        seconds: its length (k8s.io/apimachinery/pkg/util/duration: HumanDuration).
    """
    total = int(seconds)
    if total < 0:
        return "<invalid>" if total < -1 else "0s"
    first, second = next(((first, second) for limit, first, second in _UNITS if total < limit), _LONGEST)
    text = f"{total // _SECONDS[first]}{first}"
    rest = total % _SECONDS[first] // _SECONDS[second] if second else 0
    return f"{text}{rest}{second}" if rest else text


def seconds_since(text: Any, now: float) -> float:
    """Return the seconds since a point of time.

    Args:
        text: the point of time, RFC 3339.
        now: seconds since 1970.
    """
    return now - seconds_of(str(text))


def since(text: Any, now: float) -> str:
    """Return how long ago a point of time is.

    Args:
        text: the point of time, RFC 3339; may be absent.
        now: seconds since 1970.
    """
    return duration(seconds_since(text, now)) if text else "<unknown>"


def age(obj: Object, now: float) -> str:
    """Return how long an object has been there.

    Args:
        obj: the object.
        now: seconds since 1970.
    """
    return since(obj["metadata"].get("creationTimestamp"), now)
