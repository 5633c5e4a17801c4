"""Tables and durations as kubectl prints them."""

import pytest

from chaosimagecorrupt.cli.kubectl_table import (
    columns_that_fit,
    human_duration,
    table_lines,
    table_width,
    widths_of,
)

TITLES, ROWS = ["NAME", "BY", "READY"], [["web", "", "1/3"], ["checkout", "", "10/10"]]


def test_three_spaces_are_between_the_columns_and_a_column_takes_at_least_six_characters() -> None:
    assert table_lines([TITLES, *ROWS], widths_of(TITLES, ROWS)) == [
        "NAME       BY    READY",
        "web              1/3",
        "checkout         10/10",
    ]


def test_the_width_of_a_table_is_that_of_its_lines() -> None:
    widths = widths_of(TITLES, ROWS)
    assert table_width(widths) == max(map(len, table_lines([TITLES, *ROWS], widths)))


def test_a_cell_that_is_wider_than_its_column_is_cut() -> None:
    assert table_lines([["warehouse", "1/3"]], [5, 5]) == ["ware…   1/3"]


@pytest.mark.parametrize(
    ("width", "chosen"),
    [(32, [0, 1, 2, 3]), (31, [0, 1, 3]), (25, [0, 1, 3]), (24, [0, 1, 2]), (23, [0, 1, 2]), (22, [0, 1]), (3, [0, 1])],
)
def test_the_columns_of_the_lowest_ranks_stay_as_long_as_there_is_room(width: int, chosen: list[int]) -> None:
    assert columns_that_fit([8, 5, 4, 6], [0, 0, 2, 1], width) == chosen


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0s"),
        (0.9, "0s"),
        (45, "45s"),
        (119, "119s"),
        (120, "2m"),
        (192, "3m12s"),
        (660, "11m"),
        (3 * 3600, "3h"),
        (5 * 3600 + 180, "5h3m"),
        (47 * 3600 + 59, "47h"),
        (2 * 86400 + 3600, "2d1h"),
        (30 * 86400, "30d"),
        (800 * 86400, "2y70d"),
        (9 * 365 * 86400, "9y"),
    ],
)
def test_a_duration_is_written_as_kubectl_writes_an_age(seconds: float, text: str) -> None:
    assert human_duration(seconds) == text
