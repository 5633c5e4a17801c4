"""docs/speed.md: the results between two marks are replaced, the text around them stays."""

import json
from collections.abc import Mapping
from pathlib import Path

from .growth_chart import growth_svg
from .measuring import Row
from .results import Results, Side
from .table import TITLES, counts_table, growth_table, rows_table, short_of

__all__ = ["text_of", "write_page"]

BEGIN, END = "<!-- results -->", "<!-- end of the results -->"


def text_of(results: Mapping[Side, Results], charts: Mapping[str, str] | None = None) -> str:
    """Return results in Markdown, those of both sides beside each other.

    Args:
        results: of one side or both, as they are, or as they were read from JSON.
        charts: names of the files with the charts of the growth, by the unit of the sizes; None for none.
    """
    stored: dict[Side, Results] = json.loads(json.dumps(results))
    rows = {side: [Row.from_json(row) for row in found["rows"]] for side, found in stored.items()}
    parts = [
        *(f"{_environment(side, found)} {short_of(rows[side])}" for side, found in stored.items()),
        rows_table(rows),
        "### Requests",
        counts_table({side: found["requests"] for side, found in stored.items()}),
        "### Growth",
    ]
    for unit, growth in _growth(stored).items():
        if charts:
            parts.append(f"![milliseconds by number of {unit}]({charts[unit]})")
        parts.append(growth_table(growth, unit))
    return "\n\n".join(parts)


def write_page(page: Path, results: Mapping[Side, Results]) -> None:
    """Put results into the page, and charts of the growth beside it.

    Args:
        page: has the two marks.
        results: of one side or both, as they are, or as they were read from JSON.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} lacks the lines {BEGIN} and {END}")
    growths = _growth(results)
    charts = {unit: f"speed-{unit.lower()}.svg" for unit in growths}
    for unit, growth in growths.items():
        (page.parent / charts[unit]).write_text(growth_svg(growth, unit) + "\n")
    page.write_text(before + "\n\n".join([begin, text_of(results, charts), end]) + after)


def _growth(results: Mapping[Side, Results]) -> dict[str, dict[str, dict[int, float]]]:
    """Return the growth by unit, name and size; JSON stores the sizes as texts."""
    units: dict[str, dict[str, dict[int, float]]] = {}
    for side, found in results.items():
        for unit, by_name in found["growth"].items():
            for name, by_size in by_name.items():
                of_side = name if side == "simulator" else f"{name}, {TITLES[side]}"
                units.setdefault(unit, {})[of_side] = {int(size): ms for size, ms in by_size.items()}
    return units


def _environment(side: Side, results: Results) -> str:
    machine = results["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"Measured on {results['measured']} against the {TITLES[side]}, in {results['seconds']} s: "
        f"{machine['processors']} processors, {machine['memory']} of memory, {machine['system']}, "
        f"Python {machine['python']}, {packages}."
    )
