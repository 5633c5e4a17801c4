"""Quantities such as `500m` and `1Gi` (k8s.io/apimachinery/pkg/api/resource)."""

import re
from decimal import ROUND_UP, Decimal
from typing import Literal, NamedTuple

__all__ = ["ZERO", "Quantity", "parse_quantity"]

Format = Literal["DecimalSI", "BinarySI", "DecimalExponent"]

_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = {-9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}
_FACTORS = {
    **{suffix: Decimal(1024) ** power for power, suffix in enumerate(_BINARY) if suffix},
    **{suffix: Decimal(10) ** power for power, suffix in _DECIMAL.items() if suffix},
}

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")

# The finest amount that there is
_NANO = Decimal("1e-9")


class Quantity(NamedTuple):
    """An amount, and how it is written.

    Attributes:
        amount: the amount.
        format: which suffixes it is written with.
    """

    amount: Decimal
    format: Format = "DecimalSI"

    def plus(self, other: "Quantity") -> "Quantity":
        """Return the sum, written as this quantity is, or as the other one if this one is zero.

        Args:
            other: what to add.
        """
        return Quantity(self.amount + other.amount, self.format if self.amount else other.format)

    def __str__(self) -> str:
        """Return the canonical form: no fraction, and the largest suffix that allows that."""
        if not self.amount:
            return "0"
        if self.format == "BinarySI" and abs(self.amount) >= 1024:
            return _binary(self.amount.to_integral_value(ROUND_UP))
        return _decimal(self.amount.quantize(_NANO, ROUND_UP), self.format == "DecimalExponent")


ZERO = Quantity(Decimal(0))


def parse_quantity(text: object) -> Quantity:
    """Return what a quantity says.

    Args:
        text: the quantity, such as `500m`, `1Gi`, `1e3` or a number.

    Raises:
        ValueError: it is no quantity.
    """
    written = str(text)
    suffix = next((each for each in (written[-2:], written[-1:]) if each in _FACTORS), "")
    digits = written.removesuffix(suffix)
    if not _NUMBER.fullmatch(digits):
        raise ValueError(f"{written!r} is no quantity")
    number = Decimal(digits)
    if suffix in _BINARY[1:]:
        return Quantity(number * _FACTORS[suffix], "BinarySI")
    exponent = not suffix and "e" in written.lower()
    return Quantity(number * _FACTORS.get(suffix, Decimal(1)), "DecimalExponent" if exponent else "DecimalSI")


def _binary(amount: Decimal) -> str:
    power = 0
    while power < len(_BINARY) - 1 and amount % 1024 == 0:
        amount, power = amount / 1024, power + 1
    return f"{amount:f}{_BINARY[power]}"


def _decimal(amount: Decimal, exponent: bool) -> str:
    power = max(power for power in _DECIMAL if amount % Decimal(10) ** power == 0)
    number = f"{(amount / Decimal(10) ** power).to_integral_value():f}"
    if exponent:
        return f"{number}e{power}" if power else number
    return f"{number}{_DECIMAL[power]}"
