"""Output for people, on a terminal or elsewhere, and for scripts."""

import io
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from logzero import logger
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

__all__ = [
    "console",
    "is_live",
    "live_view",
    "log_above_view",
    "log_only_warnings",
    "print_json",
    "print_json_line",
    "print_line",
    "print_table",
    "short_duration",
    "table_of",
]

WIDE = 10_000  # characters; without a terminal lines are not wrapped, so that scripts can cut them


def is_live(output: str) -> bool:
    """Return whether `--output` is `text` and stdout is a terminal on which lines can be rewritten."""
    return output == "text" and sys.stdout.isatty() and not console().is_dumb_terminal


def console() -> Console:
    """Return a console for the terminal."""
    return Console(highlight=False, markup=False, emoji=False, force_terminal=sys.stdout.isatty())


def print_line(line: str) -> None:
    """Print a line."""
    click.echo(line)


def print_json(value: object) -> None:
    """Print a value for scripts."""
    click.echo(json.dumps(value, indent=2))


def print_json_line(value: object) -> None:
    """Print one of many values for scripts, on a line of its own."""
    click.echo(json.dumps(value))


def print_table(table: RenderableType) -> None:
    """Print a table for people."""
    if sys.stdout.isatty():
        console().print(table)
    else:
        print_line("\n".join(_plain_lines(table)))


def table_of(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> RenderableType:
    """Return a table; if the terminal is too narrow for it, with each value on a line of its own.

    Args:
        titles: of the columns.
        rows: the values, in the order of the titles.
    """
    table = Table(box=None, pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    if not sys.stdout.isatty() or max(map(cell_len, _plain_lines(table))) <= console().width:
        return table
    return _tall_table(titles, rows)


def _tall_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    tall = Table(box=None, pad_edge=False, show_header=False)
    tall.add_column()
    tall.add_column(overflow="fold")
    for number, row in enumerate(rows):
        for title, value in zip(titles, row, strict=True):
            if value:
                tall.add_row(Text(title, style="bold"), Text(value))
        if number < len(rows) - 1:
            tall.add_row()
    return tall


def short_duration(seconds: float) -> str:
    """Return a duration in its two largest units, such as `4m12s`."""
    total = round(seconds)
    parts = [(total // 86400, "d"), (total // 3600 % 24, "h"), (total // 60 % 60, "m"), (total % 60, "s")]
    first = next((i for i, (n, _) in enumerate(parts) if n), len(parts) - 1)
    return "".join(f"{n}{unit}" for n, unit in parts[first : first + 2])


@contextmanager
def live_view() -> Iterator[Live]:
    """Return a view that is updated in place."""
    with Live(console=console(), auto_refresh=False) as live, log_above_view():
        yield live


@contextmanager
def log_above_view() -> Iterator[None]:
    """Print log messages above a view that is updated in place, and not in the middle of it."""
    # the view has redirected sys.stderr to a stream that prints above it
    before = [(handler, handler.setStream(sys.stderr)) for handler in _console_handlers()]
    try:
        yield
    finally:
        for handler, stream in before:
            if stream is not None:
                handler.setStream(stream)


def log_only_warnings() -> None:
    """Print only warnings and errors of the log on the console; the log file still gets everything."""
    for handler in _console_handlers():
        handler.setLevel(max(handler.level, logging.WARNING))


def _console_handlers() -> "list[logging.StreamHandler[Any]]":
    return [
        h for h in logger.handlers if isinstance(h, logging.StreamHandler) and not isinstance(h, logging.FileHandler)
    ]


def _plain_lines(table: RenderableType) -> list[str]:
    wide = Console(file=io.StringIO(), width=WIDE, highlight=False, markup=False, emoji=False, color_system=None)
    with wide.capture() as captured:
        wide.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]
