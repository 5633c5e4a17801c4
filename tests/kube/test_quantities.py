"""Quantities and percentages are read as Kubernetes reads them."""

from decimal import Decimal

import pytest

from chaosimagecorrupt.kube.quantities import parse_quantity, quantity_text, surge_and_unavailable


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500m", "0.5"),
        ("1Gi", "1073741824"),
        ("1G", "1000000000"),
        ("2k", "2000"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("3E", "3000000000000000000"),
        ("100n", "1e-7"),
        ("-1", "-1"),
        (2, "2"),
    ],
)
def test_a_quantity_is_read_exactly(text: object, number: str) -> None:
    assert parse_quantity(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "much", "1Kib", "Ki", None])
def test_what_is_not_a_quantity_is_an_error_that_quotes_it(text: object) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is not a quantity"):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["0", "1", "3", "250m", "1500m", "512Mi", "3Gi", "1025Ki", "1000000"])
def test_a_quantity_is_written_as_people_write_it(text: str) -> None:
    assert quantity_text(parse_quantity(text)) == text


def test_a_quantity_is_written_in_the_largest_exact_unit() -> None:
    assert [quantity_text(parse_quantity(text)) for text in ("1024Mi", "2000m", "1.5Gi")] == ["1Gi", "2", "1536Mi"]


@pytest.mark.parametrize(
    ("replicas", "surge", "unavailable", "found"),
    [
        (10, "25%", "25%", (3, 2)),  # surge is rounded up, unavailable down
        (1, "25%", "25%", (1, 0)),
        (3, 0, "10%", (0, 1)),  # both come to 0
        (2, 1, 5, (1, 2)),  # no more can be unavailable than there are
        (100, "7%", "29%", (7, 29)),
    ],
)
def test_surge_and_unavailable_are_resolved_as_by_the_controller(
    replicas: int, surge: int | str, unavailable: int | str, found: tuple[int, int]
) -> None:
    assert surge_and_unavailable(replicas, surge, unavailable) == found
