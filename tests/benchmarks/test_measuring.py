"""Medians, ratios and targets."""

import json

import pytest

from benchmarks.measuring import Row, ratio_row, summary

from .conftest import OURS, THEIRS


def test_the_median_counts_and_not_the_outlier() -> None:
    assert (OURS.median, OURS.low, OURS.high, OURS.repeats) == (2.0, 1.5, 16.0, 3)


def test_one_measurement_is_its_own_median() -> None:
    assert summary("x", [7.0]).median == summary("x", [7.0]).high == 7.0


@pytest.mark.parametrize(
    ("at_most", "strictly", "reached"),
    [(0.25, False, True), (0.25, True, False), (0.3, True, True), (0.2, False, False)],
)
def test_a_target_is_reached_by_the_ratio_of_the_medians(at_most: float, strictly: bool, reached: bool) -> None:
    row = ratio_row("what", OURS, THEIRS, at_most, strictly=strictly)
    assert (row.value, row.reached) == (0.25, reached)


def test_a_row_is_read_as_it_was_written() -> None:
    row = ratio_row("what", OURS, THEIRS, 0.5)
    assert Row.from_json(json.loads(json.dumps(row.to_json()))) == row
