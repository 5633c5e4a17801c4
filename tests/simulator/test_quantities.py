"""Quantities: what they say, and how they are written."""

from decimal import Decimal

import pytest

from chaosimagecorrupt.simulator.quantities import ZERO, parse_quantity


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0", "0"),
        ("0Mi", "0"),
        (2, "2"),
        (0.5, "500m"),
        ("500m", "500m"),
        ("1500m", "1500m"),
        ("2000m", "2"),
        ("1000", "1k"),
        ("1e3", "1e3"),
        ("0.1m", "100u"),
        ("1n", "1n"),
        ("0.1n", "1n"),
        ("100Ki", "100Ki"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("0.5Ki", "512"),
        ("1E", "1E"),
        ("5Ei", "5Ei"),
        ("-500m", "-500m"),
    ],
)
def test_a_quantity_is_written_without_a_fraction_in_the_largest_unit(text: object, canonical: str) -> None:
    assert str(parse_quantity(text)) == canonical


def test_a_sum_is_written_as_its_first_part_is() -> None:
    assert str(parse_quantity("1Gi").plus(parse_quantity("1024"))) == "1048577Ki"
    assert str(parse_quantity("1024").plus(parse_quantity("1Gi"))) == "1073742848"
    assert str(ZERO.plus(parse_quantity("1Gi"))) == "1Gi"


def test_amounts_are_exact() -> None:
    assert parse_quantity("0.1").plus(parse_quantity("200m")).amount == Decimal("0.3")


@pytest.mark.parametrize("text", ["", "Mi", "one", "1 Gi", "1Kb"])
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="is no quantity"):
        parse_quantity(text)
