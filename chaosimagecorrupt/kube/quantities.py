"""Kubernetes' numbers: quantities (`500m`, `1Gi`) and integers that may be percentages."""

from decimal import Decimal, InvalidOperation
from math import ceil, floor

__all__ = ["parse_quantity", "quantity_text", "surge_and_unavailable"]

# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
_SUFFIXES = {
    **{s: Decimal(1024) ** (i + 1) for i, s in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"))},
    **{s: Decimal(1000) ** i for i, s in zip((-3, -2, -1, 1, 2, 3, 4, 5, 6), "num" + "kMGTPE", strict=True)},
}


def parse_quantity(text: object) -> Decimal:
    """Read a quantity.

    Args:
        text: such as `500m`, `1Gi`, `1e3` or a number.

    Raises:
        ValueError: it is not a quantity.
    """
    written = str(text)
    suffix = next((s for s in sorted(_SUFFIXES, key=len, reverse=True) if written.endswith(s)), "")
    try:
        number = Decimal(written.removesuffix(suffix))
    except InvalidOperation as x:
        raise ValueError(f"{written!r} is not a quantity") from x
    return number * _SUFFIXES.get(suffix, Decimal(1))


def quantity_text(amount: Decimal) -> str:
    """Return a quantity as people write it: in the largest binary unit that is exact, or in thousandths."""
    if amount != amount.to_integral_value():
        return f"{(amount * 1000).normalize():f}m"
    units = [s for s in _SUFFIXES if s.endswith("i") and amount and amount % _SUFFIXES[s] == 0]
    return f"{amount / _SUFFIXES[units[-1]]:.0f}{units[-1]}" if units else f"{amount:.0f}"


def surge_and_unavailable(replicas: int, max_surge: int | str, max_unavailable: int | str) -> tuple[int, int]:
    """Resolve maxSurge and maxUnavailable of a RollingUpdate to numbers of pods.

    Surge is rounded up, unavailable down, and when both come to 0 one pod may be unavailable:
    kubernetes/pkg/controller/deployment/util: ResolveFenceposts.

    Args:
        replicas: how many pods are desired.
        max_surge: a number or a percentage.
        max_unavailable: a number of pods or a percentage, as max_surge.

    Returns:
        Surge and unavailable.
    """
    surge, unavailable = _resolved(max_surge, replicas, up=True), _resolved(max_unavailable, replicas, up=False)
    return surge, (1 if surge == unavailable == 0 else min(unavailable, replicas))


def _resolved(value: int | str, total: int, *, up: bool) -> int:
    if isinstance(value, int):
        return value
    share = Decimal(value.removesuffix("%")) * total / 100
    return ceil(share) if up else floor(share)
