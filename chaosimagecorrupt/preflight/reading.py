"""What the preflight cannot read is a warning, and the other checks go on."""

from collections.abc import Callable
from typing import TypeVar

from ..errors import ClusterError, Unreachable, one_line
from .model import Check, Level

__all__ = ["or_warning", "read"]

T = TypeVar("T")


def read(name: str, reading: Callable[[], T]) -> tuple[T | None, list[Check]]:
    """Read what a check needs.

    Args:
        name: of the check.
        reading: reads it.

    Returns:
        What was read; or None, and the warning that says why.

    Raises:
        Unreachable: there is no API server.
    """
    try:
        return reading(), []
    except Unreachable:
        raise  # otherwise each of the following checks would wait for the API server again
    except ClusterError as x:
        return None, [Check(name, Level.WARNING, f"cannot be read: {one_line(x)}")]


def or_warning(name: str, check: Callable[[], list[Check]]) -> list[Check]:
    """Return the lines of a check, or a warning when what it needs cannot be read."""
    found, unknown = read(name, check)
    return unknown if found is None else found
