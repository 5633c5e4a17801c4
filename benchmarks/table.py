"""The results as text: a table for the terminal and for docs/speed.md."""

from collections.abc import Mapping, Sequence

from .measuring import Row
from .results import RequestCount, Side

__all__ = ["TITLES", "counts_table", "growth_table", "rows_table", "short_of"]

TITLES: dict[Side, str] = {"simulator": "simulator", "cluster": "real cluster"}
NOT_MEASURED = "not measured"


def rows_table(rows: Mapping[Side, Sequence[Row]]) -> str:
    """Return the results of both sides as a table in Markdown."""
    found = {side: {row.what: row for row in rows.get(side, ())} for side in TITLES}
    targets = {row.what: row.target for by_what in found.values() for row in by_what.values()}
    lines = _head("what", "target", *TITLES.values())
    for what, target in targets.items():
        cells = (_cell(by_what.get(what)) for by_what in found.values())
        lines.append(f"| {' | '.join([what, target, *cells])} |")
    return "\n".join(lines)


def _cell(row: Row | None) -> str:
    if row is None:
        return NOT_MEASURED
    return row.found + {None: "", True: "; reached", False: "; **not reached**"}[row.reached]


def short_of(rows: Sequence[Row]) -> str:
    """Return a sentence that names every row whose target is not reached."""
    missed = [r.what for r in rows if r.reached is False]
    return f"Short of its target: {'; '.join(missed)}." if missed else "Every target is reached."


def counts_table(counts: Mapping[Side, Mapping[str, RequestCount]]) -> str:
    """Return requests, and bytes of their answers, by activity and side as a table in Markdown."""
    found = [counts.get(side, {}) for side in TITLES]
    lines = _head("activity", *(f"requests, bytes: {title}" for title in TITLES.values()))
    for name in dict.fromkeys(name for by_name in found for name in by_name):
        cells = (f"{c['requests']}, {c['bytes']:,}" if (c := by_name.get(name)) else NOT_MEASURED for by_name in found)
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def _head(*titles: str) -> list[str]:
    return [f"| {' | '.join(titles)} |", "| " + "--- | " * (len(titles) - 1) + "--- |"]


def growth_table(growth: Mapping[str, Mapping[int, float]], of_what: str) -> str:
    """Return milliseconds by size as a table in Markdown.

    Args:
        growth: by name, then by size.
        of_what: the unit of the sizes, such as `pods`.
    """
    sizes = sorted({size for by_size in growth.values() for size in by_size})
    lines = [f"| ms at so many {of_what} | " + " | ".join(f"{s:,}" for s in sizes) + " |"]
    lines.append("| --- |" + " ---: |" * len(sizes))
    for name, by_size in growth.items():
        lines.append(f"| {name} | " + " | ".join(f"{by_size[s]:.1f}" if s in by_size else "" for s in sizes) + " |")
    return "\n".join(lines)
