"""Tables and durations as kubectl prints them. Pure."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from .fitting import cut

__all__ = ["NONE", "UNKNOWN", "columns_that_fit", "human_duration", "table_lines", "table_width", "widths_of"]

NONE, UNKNOWN = "<none>", "<unknown>"

# k8s.io/cli-runtime/pkg/printers: GetNewTabWriter
_GAP, _LEAST = 3, 6

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 86400 * 365


def widths_of(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column in characters, without the gap after it.

    Args:
        titles: of the columns.
        rows: the cells, in the order of the titles.
    """
    return [max(map(cell_len, column)) for column in zip(titles, *rows, strict=True)]


def table_lines(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """Return a line for each row, with three spaces between the columns.

    Args:
        rows: the cells, the titles included; a cell that is too wide is cut.
        widths: of the columns.
    """
    lines = []
    for row in rows:
        cells = [cut(cell, width) for cell, width in zip(row, widths, strict=True)]
        padded = [set_cell_size(cell, _with_gap(width)) for cell, width in zip(cells, widths, strict=True)]
        lines.append("".join(padded).rstrip())
    return lines


def table_width(widths: Sequence[int]) -> int:
    """Return the width of a table whose columns have these widths."""
    return sum(map(_with_gap, widths[:-1])) + sum(widths[-1:])


def columns_that_fit(widths: Sequence[int], ranks: Sequence[int], width: int) -> list[int]:
    """Choose the columns for a terminal that may be too narrow for all of them.

    Args:
        widths: of the columns.
        ranks: of the columns; a column of rank 0 is chosen even if it does not fit, the others by their rank as long as
            there is room.
        width: of the terminal.

    Returns:
        The positions of the columns that are chosen, in the order of the table.
    """
    chosen: list[int] = []
    for position in sorted(range(len(widths)), key=lambda p: ranks[p]):
        candidate = sorted([*chosen, position])
        if ranks[position] == 0 or table_width([widths[p] for p in candidate]) <= width:
            chosen = candidate
    return chosen


def human_duration(seconds: float) -> str:
    """Return a duration as kubectl's column AGE has it: `45s`, `3m12s`, `17m`, `5h3m`, `2d`.

    k8s.io/apimachinery/pkg/util/duration: HumanDuration.

    Args:
        seconds: a negative duration counts as 0, because clocks differ.
    """
    total = max(0, int(seconds))
    if total < 2 * _MINUTE:
        return f"{total}s"
    if total < 10 * _MINUTE:
        return _two_units(total, (_MINUTE, "m"), (1, "s"))
    if total < 3 * _HOUR:
        return f"{total // _MINUTE}m"
    if total < 8 * _HOUR:
        return _two_units(total, (_HOUR, "h"), (_MINUTE, "m"))
    if total < 2 * _DAY:
        return f"{total // _HOUR}h"
    if total < 8 * _DAY:
        return _two_units(total, (_DAY, "d"), (_HOUR, "h"))
    if total < 2 * _YEAR:
        return f"{total // _DAY}d"
    if total < 8 * _YEAR:
        return _two_units(total, (_YEAR, "y"), (_DAY, "d"))
    return f"{total // _YEAR}y"


def _two_units(seconds: int, large: tuple[int, str], small: tuple[int, str]) -> str:
    whole, rest = divmod(seconds, large[0])
    return f"{whole}{large[1]}" + (f"{rest // small[0]}{small[1]}" if rest >= small[0] else "")


def _with_gap(width: int) -> int:
    return max(width + _GAP, _LEAST)
