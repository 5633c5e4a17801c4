"""The results as text: a table for the terminal and for docs/speed.md."""

from collections.abc import Mapping, Sequence

from .measuring import Row
from .results import RequestCount

__all__ = ["counts_table", "growth_table", "rows_table", "short_of"]


def rows_table(rows: Sequence[Row]) -> str:
    """Return the results as a table in Markdown."""
    lines = ["| what | found | target | reached |", "| --- | --- | --- | --- |"]
    words = {None: "", True: "yes", False: "**no**"}
    lines += [f"| {r.what} | {r.found} | {r.target} | {words[r.reached]} |" for r in rows]
    return "\n".join(lines)


def short_of(rows: Sequence[Row]) -> str:
    """Return a sentence that names every row whose target is not reached."""
    missed = [r.what for r in rows if r.reached is False]
    return f"Short of its target: {'; '.join(missed)}." if missed else "Every target is reached."


def counts_table(counts: Mapping[str, RequestCount]) -> str:
    """Return requests and bytes by activity as a table in Markdown."""
    lines = ["| activity | requests | bytes answered |", "| --- | ---: | ---: |"]
    return "\n".join([*lines, *(f"| `{name}` | {c['requests']} | {c['bytes']:,} |" for name, c in counts.items())])


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
