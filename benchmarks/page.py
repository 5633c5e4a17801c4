"""docs/speed.md: the results between two marks are replaced, the text around them stays."""

import json
from collections.abc import Mapping
from pathlib import Path

from .growth_chart import growth_svg
from .measuring import Row
from .results import Results
from .table import counts_table, growth_table, rows_table, short_of

__all__ = ["text_of", "write_page"]

BEGIN, END = "<!-- results -->", "<!-- end of the results -->"


def text_of(results: Results, charts: Mapping[str, str] | None = None) -> str:
    """Return results in Markdown.

    Args:
        results: as they are, or as they were read from JSON.
        charts: names of the files with the charts of the growth, by the unit of the sizes; None for none.
    """
    stored: Results = json.loads(json.dumps(results))
    rows = [Row.from_json(row) for row in stored["rows"]]
    parts = [
        _environment(stored),
        rows_table(rows),
        short_of(rows),
        "### Requests",
        counts_table(stored["requests"]),
        "### Growth",
    ]
    for unit, growth in _growth(stored).items():
        if charts:
            parts.append(f"![milliseconds by number of {unit}]({charts[unit]})")
        parts.append(growth_table(growth, unit))
    return "\n\n".join(parts)


def write_page(page: Path, results: Results) -> None:
    """Put results into the page, and charts of the growth beside it.

    Args:
        page: has the two marks.
        results: as they are, or as they were read from JSON.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} lacks the lines {BEGIN} and {END}")
    charts = {unit: f"speed-{unit.lower()}.svg" for unit in results["growth"]}
    for unit, growth in _growth(results).items():
        (page.parent / charts[unit]).write_text(growth_svg(growth, unit) + "\n")
    page.write_text(before + "\n\n".join([begin, text_of(results, charts), end]) + after)


def _growth(results: Results) -> dict[str, dict[str, dict[int, float]]]:
    """Return the growth with its sizes as numbers; JSON stores them as texts."""
    return {
        unit: {name: {int(size): ms for size, ms in by_size.items()} for name, by_size in by_name.items()}
        for unit, by_name in results["growth"].items()
    }


def _environment(results: Results) -> str:
    machine = results["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"Measured on {results['measured']} against the {results['against']}, in {results['seconds']} s: "
        f"{machine['processors']} processors, {machine['memory']} of memory, {machine['system']}, "
        f"Python {machine['python']}, {packages}."
    )
