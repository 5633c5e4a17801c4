"""docs/speed.md: the results between two marks are replaced, what is written around them stays."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .measuring import Row
from .plot import growth_svg
from .table import counts_table, growth_table, rows_table, short_of

__all__ = ["text_of", "write_page"]

BEGIN, END = "<!-- results -->", "<!-- end of the results -->"


def text_of(results: Mapping[str, Any], pictures: Mapping[str, str] | None = None) -> str:
    """Return results in Markdown.

    Args:
        results: as they are kept in JSON.
        pictures: of the growth, by what the sizes count; None for none.
    """
    kept = json.loads(json.dumps(results))
    rows = [Row(**{k: v for k, v in row.items() if k != "samples"}) for row in kept["rows"]]
    parts = [
        _where(kept),
        rows_table(rows),
        short_of(rows),
        "### Requests",
        counts_table(kept["requests"]),
        "### Growth",
    ]
    for what, growth in _growth(kept).items():
        if pictures:
            parts.append(f"![milliseconds by number of {what}]({pictures[what]})")
        parts.append(growth_table(growth, what))
    return "\n\n".join(parts)


def write_page(page: Path, results: Mapping[str, Any]) -> None:
    """Put results into the page, and pictures of the growth beside it.

    Args:
        page: has the two marks.
        results: as they are kept in JSON.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} lacks the lines {BEGIN} and {END}")
    pictures = {what: f"speed-{what.lower()}.svg" for what in results["growth"]}
    for what, growth in _growth(results).items():
        (page.parent / pictures[what]).write_text(growth_svg(growth, what) + "\n")
    page.write_text(before + "\n\n".join([begin, text_of(results, pictures), end]) + after)


def _growth(results: Mapping[str, Any]) -> dict[str, dict[str, dict[int, float]]]:
    """Return the growth with its sizes as numbers, which JSON has made texts."""
    return {
        what: {name: {int(size): ms for size, ms in found.items()} for name, found in by_name.items()}
        for what, by_name in results["growth"].items()
    }


def _where(results: Mapping[str, Any]) -> str:
    machine = results["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"Measured on {results['measured']} against the {results['against']}, in {results['seconds']} s: "
        f"{machine['processors']} processors, {machine['memory']} of memory, {machine['system']}, "
        f"Python {machine['python']}, {packages}."
    )
