"""Spans of time as kubectl prints them."""

import pytest

from chaosimagecorrupt.simulator.api.human_duration import duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (190, "3m10s"),
        (3600, "60m"),
        (10800, "3h"),
        (12000, "3h20m"),
        (30000, "8h"),
        (180000, "2d2h"),
        (864000, "10d"),
        (86400 * 800, "2y70d"),
        (86400 * 365 * 9, "9y"),
    ],
)
def test_spans_of_time(seconds: int, text: str) -> None:
    assert duration(seconds) == text
