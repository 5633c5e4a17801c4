"""The page keeps the text around the results."""

from pathlib import Path

import pytest

from benchmarks.measuring import Row
from benchmarks.page import text_of, write_page
from benchmarks.results import Results, Side


def test_the_page_keeps_what_is_written_around_the_results(results: dict[Side, Results], tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text("before\n<!-- results -->\nstale\n<!-- end of the results -->\nafter\n")
    write_page(page, results)
    write_page(page, results)
    text = page.read_text()
    assert text.startswith("before\n<!-- results -->\n\nMeasured on") and text.endswith("results -->\nafter\n")
    assert "stale" not in text and "(speed-pods.svg)" in text
    assert (tmp_path / "speed-pods.svg").read_text().startswith("<svg")


def test_a_page_without_marks_is_not_written(results: dict[Side, Results], tmp_path: Path) -> None:
    (tmp_path / "speed.md").write_text("nothing")
    with pytest.raises(ValueError, match="lacks the lines"):
        write_page(tmp_path / "speed.md", results)
    assert (tmp_path / "speed.md").read_text() == "nothing"


def test_the_text_says_where_it_was_measured(results: dict[Side, Results]) -> None:
    assert text_of(results).startswith("Measured on 2026-01-01 against the simulator, in 9 s: 2 processors, 8 GB")


def test_a_real_cluster_stands_beside_the_simulator(results: dict[Side, Results]) -> None:
    row = Row("fast", "1 ms", "at most 0.5 times", reached=True)
    results["cluster"] = {**results["simulator"], "rows": [row.to_json()]}
    text = text_of(results)
    assert "| what | target | simulator | real cluster |" in text and "against the real cluster, in 9 s" in text
    assert "0.25 times; reached | 1 ms; reached |" in text
    assert "| reported |  | 5 MB | not measured |" in text
    assert "| `pods_ready` | 2, 5,745 | 2, 5,745 |" in text and "| pods_ready, real cluster | 1.0 | 2.0 |" in text
