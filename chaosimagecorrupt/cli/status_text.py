"""The faults as `status` prints them: a table, a line that counts them, no more than a terminal has room for. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..errors import one_line
from ..record.entry import OPERATOR_CHAOS, Entry
from .fitting import error_lines, wrapped
from .kubectl_table import (
    NONE,
    UNKNOWN,
    columns_that_fit,
    human_duration,
    table_lines,
    table_width,
    widths_of,
)
from .status_faults import FaultStatus, made_by
from .unlabelled import HOW_TO_FIND, listed

__all__ = ["GONE", "Layout", "count_line", "footer_lines", "no_faults", "screen_of", "status_lines"]

UNDONE = "undone"  # instead of the time that is left, where another client has set other images
GONE = "gone"  # instead of the time that is left, in the last row of a fault that is not there any longer


class Column(NamedTuple):
    """A column of the table.

    Attributes:
        title: above it.
        rank: see `columns_that_fit`.
        cell: from a fault and the present time, in seconds since 1970, to the text.
        usual_width: of its cells; on a screen it is at least so wide, so that what changes does not move the columns.
    """

    title: str
    rank: int
    cell: Callable[[FaultStatus, float], str]
    usual_width: int = 0


class Layout(NamedTuple):
    """Which columns the table has.

    Attributes:
        all_namespaces: the namespace is one of them.
        wide: containers, images, who and id too.
    """

    all_namespaces: bool
    wide: bool

    @property
    def columns(self) -> list[Column]:
        """The columns in their order."""
        return [*([_NAMESPACE] if self.all_namespaces else []), *_USUAL, *(_WIDE if self.wide else [])]

    @property
    def titles(self) -> list[str]:
        """The titles of the columns."""
        return [column.title for column in self.columns]

    def rows(self, faults: Iterable[FaultStatus], now: float) -> list[list[str]]:
        """Return the cells of each fault.

        Args:
            faults: a row each.
            now: seconds since 1970.
        """
        return [[column.cell(fault, now) for column in self.columns] for fault in faults]

    def fits(self, faults: Iterable[FaultStatus], now: float, width: int) -> bool:
        """Return whether no row is wider than a terminal.

        Args:
            faults: a row each.
            now: seconds since 1970.
            width: of the terminal.
        """
        return table_width(widths_of(self.titles, self.rows(faults, now))) <= width


def status_lines(faults: Sequence[FaultStatus], now: float, layout: Layout, width: int | None) -> list[str]:
    """Return the table, and below it how many faults there are and which columns are not shown.

    Args:
        faults: at least one, the worst first.
        now: seconds since 1970.
        layout: which columns the table has.
        width: of the terminal; None to show everything, however wide it is.
    """
    widths = widths_of(layout.titles, layout.rows(faults, now))
    table, hidden = _table(faults, now, layout, widths, width)
    below = [*footer_lines(faults, now), _not_shown(0, hidden)]
    return [*table, *filter(None, below)]


def footer_lines(faults: Sequence[FaultStatus], now: float) -> list[str]:
    """Return what stands below the table: how many faults there are, which of them are not ours, and what is not known.

    Args:
        faults: at least one.
        now: seconds since 1970.
    """
    theirs = [f"{fault.namespace}/{fault.name}" for fault in faults if fault.is_by_operator_chaos]
    undone = [f"{fault.namespace}/{fault.argument}" for fault in faults if fault.is_undone]
    error = next((fault.error for fault in faults if fault.error), None)
    return [
        count_line(faults, now),
        *([f"Undone, but not cleaned up, which a restore does: {listed(undone)}"] if undone else []),
        *([f"Made by {OPERATOR_CHAOS}, which may still run: {listed(theirs)}"] if theirs else []),
        *([f"WAITING is not known: {error}"] if error else []),
    ]


def screen_of(
    faults: Sequence[FaultStatus],
    now: float,
    layout: Layout,
    size: tuple[int, int],
    no_faults_text: str,
    error: str | None,
) -> list[str]:
    """Return what fits on a terminal: the worst faults, how many there are, and how many of them are not shown.

    Args:
        faults: the worst first.
        now: seconds since 1970.
        layout: which columns the table has.
        size: width and height of the terminal. One line is left for the cursor.
        no_faults_text: what to show when there are none, see `no_faults`.
        error: why these are not the present faults; None when they are.
    """
    width, height = size[0], max(size[1] - 1, 1)
    above = error_lines(error, width)
    if not faults:
        return [*above, *wrapped(no_faults_text, width)][-height:]
    present = widths_of(layout.titles, layout.rows(faults, now))
    steady = [max(w, column.usual_width) for w, column in zip(present, layout.columns, strict=True)]
    table, hidden = _table(faults, now, layout, steady, width)
    footer = [part for line in footer_lines(faults, now) for part in wrapped(line, width)]
    room = height - len(above) - 1 - len(footer)  # without the titles
    if hidden or len(faults) > room:
        room = max(room - len(wrapped(_not_shown(len(faults), hidden), width)), 0)
    below = [*footer, *wrapped(_not_shown(len(faults) - room, hidden), width)]
    return [*above, *table[: room + 1], *below][-height:]  # on very few lines, what counts the faults is left


def count_line(faults: Sequence[FaultStatus], now: float) -> str:
    """Return how many faults there are: `3 faults in 2 namespaces: 1 expired, 2 in place`.

    Args:
        faults: at least one.
        now: seconds since 1970.
    """
    there = [fault for fault in faults if not fault.is_undone]
    expired = sum(fault.is_expired(now) for fault in there)
    without = sum(fault.expires is None for fault in there)
    rest = {"in place": len(there) - expired - without, "undone": len(faults) - len(there)}
    counts = {"expired": expired, "without a ttl": without, **rest}
    parts = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    namespaces = len({fault.namespace for fault in faults})
    return f"{_count(len(faults), 'fault')} in {_count(namespaces, 'namespace')}: {parts}"


def no_faults(namespace: str | None, *, unlabelled: bool) -> str:
    """Say that there is no fault, and how to find those that were not looked for.

    Args:
        namespace: that was asked for; None for all.
        unlabelled: Deployments without the label were read, too.
    """
    hint = "" if unlabelled else f" {HOW_TO_FIND}"
    return f"No faults found in {f'namespace {namespace}' if namespace else 'any namespace'}.{hint}"


def _table(
    faults: Sequence[FaultStatus], now: float, layout: Layout, widths: Sequence[int], width: int | None
) -> tuple[list[str], list[str]]:
    """Return the lines of the table, and the titles of the columns for which there was no room."""
    rows = [layout.titles, *layout.rows(faults, now)]
    if width is None:
        return table_lines(rows, widths), []
    chosen = columns_that_fit(widths, [column.rank for column in layout.columns], width)
    hidden = [title for position, title in enumerate(layout.titles) if position not in chosen]
    shown = [widths[p] for p in chosen]
    too_wide = max(table_width(shown) - width, 0)  # more than 0 only when no other column than NAME and READY is left
    name = chosen.index(layout.titles.index(_NAME.title))
    shown[name] = max(shown[name] - too_wide, 1)
    return table_lines([[row[p] for p in chosen] for row in rows], shown), hidden


def _not_shown(faults: int, columns: Sequence[str]) -> str:
    """Say how many faults and which columns are not shown; empty when all are."""
    parts = [_count(faults, "fault")] if faults > 0 else []
    if columns:
        parts.append(f"the column{'s' if len(columns) > 1 else ''} {', '.join(columns)}")
    return f"Not shown: {'; '.join(parts)}" if parts else ""


def _waiting(fault: FaultStatus, now: float) -> str:
    if fault.error is not None:
        return UNKNOWN
    return one_line(fault.waiting, 60) if fault.waiting else NONE


def _since(fault: FaultStatus, now: float) -> str:
    return human_duration(now - fault.since) if fault.since is not None else UNKNOWN


def _expires_in(fault: FaultStatus, now: float) -> str:
    if fault.is_undone:
        return UNDONE
    if fault.expires is None:
        return NONE
    return "expired" if fault.is_expired(now) else human_duration(fault.expires - now)


def _of_entries(value: Callable[[Entry], str | None], default: str = UNKNOWN) -> Callable[[FaultStatus, float], str]:
    """Return what joins a value of each entry by commas, as kubectl does; one that all have stands there once."""

    def cell(fault: FaultStatus, now: float) -> str:
        return ",".join(dict.fromkeys(one_line(value(entry) or default) for entry in fault.entries)) or default

    return cell


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


_NAMESPACE = Column("NAMESPACE", 1, lambda fault, now: fault.namespace)
_NAME = Column("NAME", 0, lambda fault, now: fault.argument)
_USUAL = (
    _NAME,
    Column("READY", 0, lambda fault, now: f"{fault.ready}/{fault.replicas}"),
    Column("WAITING", 3, _waiting, len("ImagePullBackOff")),
    Column("SINCE", 4, _since, len("9m59s")),
    Column("EXPIRES IN", 2, _expires_in),
)
_WIDE = (
    Column("CONTAINER", 5, _of_entries(lambda entry: entry.container)),
    Column("ORIGINAL IMAGE", 6, _of_entries(lambda entry: entry.original)),
    Column("CORRUPT IMAGE", 7, _of_entries(lambda entry: entry.image)),
    Column("CAUSE", 10, _of_entries(lambda entry: entry.intended)),
    Column("BY", 8, _of_entries(made_by)),
    Column("ID", 9, _of_entries(lambda entry: entry.id)),
)
