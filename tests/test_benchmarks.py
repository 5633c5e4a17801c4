"""The arithmetic of the benchmarks, and that what falls short is named; that they run is seen by running them."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measuring import Row, ratio_row, summary
from benchmarks.page import text_of, write_page
from benchmarks.table import growth_table, rows_table, short_of
from benchmarks.timing import by_turns, fresh

OURS, THEIRS = summary("ours", [1.0, 2.0, 30.0]), summary("theirs", [4.0, 8.0, 12.0])
MACHINE = {"processors": 2, "memory": "8 GB", "system": "Linux", "python": "3.11", "packages": {"urllib3": "2.8"}}


@pytest.fixture
def results() -> dict[str, Any]:
    """Results as they come out of the file."""
    rows = [ratio_row("fast", OURS, THEIRS, 0.5), ratio_row("slow", THEIRS, OURS, 0.5), Row("told", "5 MB")]
    found = {
        "measured": "2026-01-01",
        "against": "simulator",
        "machine": MACHINE,
        "seconds": 9,
        "rows": [row.to_json() for row in rows],
        "requests": {"pods_ready": {"requests": 2, "bytes": 5745}},
        "growth": {"pods": {"pods_ready": {10: 1.0, 5000: 2.0}}},
    }
    return dict(json.loads(json.dumps(found)))


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


def test_what_falls_short_is_named(results: dict[str, Any]) -> None:
    rows = [Row(**{k: v for k, v in row.items() if k != "samples"}) for row in results["rows"]]
    assert short_of(rows) == "Short of its target: slow."
    assert short_of(rows[:1]) == "Every target is reached."
    assert [line.split("|")[4].strip() for line in rows_table(rows).splitlines()[2:]] == ["yes", "**no**", ""]


def test_a_size_that_was_not_measured_is_left_empty() -> None:
    table = growth_table({"a": {10: 1.0}, "b": {10: 2.0, 5000: 3.0}}, "pods").splitlines()
    assert table[2:] == ["| a | 1.0 |  |", "| b | 2.0 | 3.0 |"]


def test_the_page_keeps_what_is_written_around_the_results(results: dict[str, Any], tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text("before\n<!-- results -->\nstale\n<!-- end of the results -->\nafter\n")
    write_page(page, results)
    write_page(page, results)
    text = page.read_text()
    assert text.startswith("before\n<!-- results -->\n\nMeasured on") and text.endswith("results -->\nafter\n")
    assert "stale" not in text and "(speed-pods.svg)" in text
    assert (tmp_path / "speed-pods.svg").read_text().startswith("<svg")


def test_a_page_without_marks_is_not_written(results: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "speed.md").write_text("nothing")
    with pytest.raises(ValueError, match="lacks the lines"):
        write_page(tmp_path / "speed.md", results)
    assert (tmp_path / "speed.md").read_text() == "nothing"


def test_the_text_says_where_it_was_measured(results: dict[str, Any]) -> None:
    assert text_of(results).startswith("Measured on 2026-01-01 against the simulator, in 9 s: 2 processors, 8 GB")


def test_calls_are_made_by_turns() -> None:
    made: list[str] = []
    found = by_turns({"a": lambda: made.append("a"), "b": lambda: made.append("b")}, 2, lambda: made.append("-"))
    assert "".join(made) == "a-b-" * 3 and [len(v) for v in found.values()] == [2, 2]


def test_a_fresh_process_has_its_own_memory() -> None:
    milliseconds, megabytes = fresh("held = bytearray(60 << 20)")
    assert milliseconds > 0 and 60 < megabytes < 60 + fresh("pass")[1] * 2
