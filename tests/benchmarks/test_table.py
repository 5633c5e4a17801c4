"""The results as tables in Markdown."""

from benchmarks.measuring import Row
from benchmarks.results import Results, Side
from benchmarks.table import counts_table, growth_table, rows_table, short_of


def test_what_falls_short_is_named(results: dict[Side, Results]) -> None:
    rows = [Row.from_json(row) for row in results["simulator"]["rows"]]
    assert short_of(rows) == "Short of its target: slow."
    assert short_of(rows[:1]) == "Every target is reached."
    ends = [
        line.split("|")[3].rpartition("times")[2].strip() for line in rows_table({"simulator": rows}).splitlines()[2:]
    ]
    assert ends == ["; reached", "; **not reached**", "5 MB"]


def test_a_size_that_was_not_measured_is_left_empty() -> None:
    table = growth_table({"a": {10: 1.0}, "b": {10: 2.0, 5000: 3.0}}, "pods").splitlines()
    assert table[2:] == ["| a | 1.0 |  |", "| b | 2.0 | 3.0 |"]


def test_requests_are_counted_by_activity(results: dict[Side, Results]) -> None:
    table = counts_table({"simulator": results["simulator"]["requests"]})
    assert table.splitlines()[2:] == ["| `pods_ready` | 2, 5,745 | not measured |"]
