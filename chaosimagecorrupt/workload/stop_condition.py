"""The stop condition `stop_below`: how many pods must stay ready during the fault."""

import re

from ..errors import Refused, one_line
from ..kube.types import Deployment
from .kinds import kind_of

__all__ = ["fewest_allowed", "parse_stop_below", "stop_text", "why_stopped"]

_NUMBER, _PERCENTAGE = re.compile(r"[1-9]\d{0,8}"), re.compile(r"(\d{1,3}(?:\.\d+)?)%")


def parse_stop_below(value: object) -> str:
    """Check a stop condition.

    Args:
        value: a number of pods such as 2, or a percentage of the desired ones such as 50%; None or empty for none.

    Returns:
        It as text; empty for none.

    Raises:
        Refused: it is neither.
    """
    text = "" if value is None else str(value).strip()
    percentage = _PERCENTAGE.fullmatch(text)
    part, whole = _ratio(percentage[1]) if percentage is not None else (0, 1)
    allowed = 0 < part <= whole
    if text and (isinstance(value, bool) or not (allowed or _NUMBER.fullmatch(text))):
        raise Refused(
            f"stop_below: '{one_line(text, 80)}' is neither a number of pods such as 2, nor a percentage such as 50%"
        )
    return text


def fewest_allowed(stop_below: str, replicas: int) -> int:
    """Return how many pods must be ready, of so many desired ones.

    Args:
        stop_below: as `parse_stop_below` returns it, not empty.
        replicas: how many pods are desired; a percentage of them is rounded up.
    """
    percentage = _PERCENTAGE.fullmatch(stop_below)
    if percentage is None:
        return int(stop_below)
    part, whole = _ratio(percentage[1])
    return -(-part * replicas // whole)


def why_stopped(stop_below: str, deployment: Deployment) -> str:
    """Say why a Deployment meets a stop condition; empty when it does not, or when there is no condition."""
    counts = kind_of(deployment).counts(deployment)
    return stop_text(stop_below, counts.ready, counts.desired)


def stop_text(stop_below: str, ready: int, replicas: int) -> str:
    """Say that fewer pods are ready than a stop condition demands; empty when they are not fewer.

    Args:
        stop_below: as `parse_stop_below` returns it; empty for no condition.
        ready: how many pods are ready.
        replicas: how many are desired.
    """
    if not stop_below or ready >= fewest_allowed(stop_below, replicas):
        return ""
    share = f" ({stop_below})" if stop_below.endswith("%") else ""
    return f"{ready} of {replicas} pods are ready, and stop_below demands {fewest_allowed(stop_below, replicas)}{share}"


def _ratio(percentage: str) -> tuple[int, int]:
    """Return the numerator and the denominator; `fractions` imports `decimal`, which a guard would hold in vain."""
    digits, _, decimals = percentage.partition(".")
    return int(digits + decimals), 100 * 10 ** len(decimals)
