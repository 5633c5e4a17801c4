"""The page keeps the text around the results."""

from pathlib import Path

import pytest

from benchmarks.page import text_of, write_page
from benchmarks.results import Results


def test_the_page_keeps_what_is_written_around_the_results(results: Results, tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text("before\n<!-- results -->\nstale\n<!-- end of the results -->\nafter\n")
    write_page(page, results)
    write_page(page, results)
    text = page.read_text()
    assert text.startswith("before\n<!-- results -->\n\nMeasured on") and text.endswith("results -->\nafter\n")
    assert "stale" not in text and "(speed-pods.svg)" in text
    assert (tmp_path / "speed-pods.svg").read_text().startswith("<svg")


def test_a_page_without_marks_is_not_written(results: Results, tmp_path: Path) -> None:
    (tmp_path / "speed.md").write_text("nothing")
    with pytest.raises(ValueError, match="lacks the lines"):
        write_page(tmp_path / "speed.md", results)
    assert (tmp_path / "speed.md").read_text() == "nothing"


def test_the_text_says_where_it_was_measured(results: Results) -> None:
    assert text_of(results).startswith("Measured on 2026-01-01 against the simulator, in 9 s: 2 processors, 8 GB")
