"""Durations and ages as kubectl prints them."""

from typing import Any

from ..timestamps import seconds_of
from ..types import Json

__all__ = ["age", "duration", "seconds_since", "since"]


def duration(seconds: float) -> str:
    """Return a span of time as kubectl prints it: `45s`, `3m10s`, `2d3h`.

    Args:
        seconds: its length (k8s.io/apimachinery/pkg/util/duration: HumanDuration).
    """
    total = int(seconds)
    if total < 0:
        return "<invalid>" if total < -1 else "0s"
    if total < 120:
        return f"{total}s"
    minutes, hours, days = total // 60, total // 3600, total // 86400
    if minutes < 10:
        return f"{minutes}m{total % 60}s" if total % 60 else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"
    if days < 730:
        return f"{days}d"
    years = days // 365
    return f"{years}y{days % 365}d" if years < 8 and days % 365 else f"{years}y"


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


def age(obj: Json, now: float) -> str:
    """Return how long an object has been there.

    Args:
        obj: the object.
        now: seconds since 1970.
    """
    return since(obj["metadata"].get("creationTimestamp"), now)
