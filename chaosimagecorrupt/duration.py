"""Durations as Go writes them (`300s`, `5m`, `1h30m`), as a number of seconds, and in words; times as RFC 3339."""

import math
import re
from datetime import UTC, datetime
from typing import Any

from .errors import Refused

__all__ = ["duration_text", "from_rfc3339", "parse_duration", "rfc3339", "seconds_of"]

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_TERM = r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)"
_DURATION = re.compile(rf"(?:{_TERM})+", re.ASCII)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


def parse_duration(value: Any, what: str = "duration") -> float:
    """Read a duration.

    Args:
        value: a Go duration (https://pkg.go.dev/time#ParseDuration) without a sign, or a number of seconds; the number
            may be text, as environment variables are.
        what: the argument's name, for the error.

    Returns:
        Seconds, 0 or more.

    Raises:
        Refused: it cannot be parsed, is negative, or is not finite.
    """
    seconds = _seconds(value.strip() if isinstance(value, str) else value)
    if not math.isfinite(seconds) or seconds < 0:
        raise Refused(
            f"{what}: {value!r:.80} is not a duration; write it as Go does (300s, 5m, 1h30m) or as a number of seconds"
        )
    return seconds


def _seconds(value: Any) -> float:
    """Return the seconds of a duration or a number; NaN when it is neither."""
    if isinstance(value, str) and _DURATION.fullmatch(value):
        return sum(float(number) * _UNITS[unit] for number, unit in re.findall(_TERM, value))
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        return math.nan
    try:
        return float(value)
    except OverflowError:  # an integer of more than 308 digits
        return math.inf
    except (TypeError, ValueError):
        return math.nan


def seconds_of(value: object, what: str) -> float:
    """Read a duration as `parse_duration` does; it must be longer than zero.

    Args:
        value: the duration.
        what: the argument's name, for the error.

    Returns:
        Seconds, more than 0.

    Raises:
        Refused: as `parse_duration`, and when it is zero.
    """
    seconds = parse_duration(value, what)
    if seconds == 0:
        raise Refused(f"{what}: {value!r:.80} must be longer than zero")
    return seconds


def duration_text(seconds: float) -> str:
    """Write a duration as logs and messages show it.

    Args:
        seconds: 0 or more; shown with at most one decimal.

    Returns:
        `1.5 s`, `45 s`; from two minutes on `2 min 5 s`, from one hour on `1 h 30 min`.
    """
    tenths = round(seconds, 1)
    if tenths < 120:
        return f"{tenths:g} s"
    whole = round(seconds)
    if whole < 3600:
        parts = ((whole // 60, "min"), (whole % 60, "s"))
    else:
        minutes = round(seconds / 60)
        parts = ((minutes // 60, "h"), (minutes % 60, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def rfc3339(epoch: float) -> str:
    """Write a time as Kubernetes does.

    Args:
        epoch: seconds since 1970; a fraction is rounded up, so that an expiry is never early.

    Returns:
        UTC with whole seconds: `2026-11-22T15:00:00Z`.

    Raises:
        Refused: it is after the year 9999.
    """
    try:
        return datetime.fromtimestamp(math.ceil(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError) as x:
        raise Refused(f"ttl: the time {epoch:.0f} s after 1970 is too far away to be written") from x


def from_rfc3339(text: str) -> float:
    """Read an RFC 3339 time.

    Args:
        text: such as `2026-11-22T15:00:00Z`, also with a fraction of 3 or 6 digits.

    Returns:
        Seconds since 1970.

    Raises:
        ValueError: it is not such a time.
    """
    parsed = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text)
    if parsed.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    return parsed.timestamp()
