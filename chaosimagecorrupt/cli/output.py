"""Output for people, on a terminal or not, and for scripts."""

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

from ..kube.client import Patience

__all__ = [
    "IMPATIENT",
    "as_json",
    "as_json_line",
    "console",
    "live_view",
    "logged_above",
    "on_terminal",
    "quiet",
    "rows",
    "say",
    "show",
    "words_of",
]

WIDE = 10_000  # characters; without a terminal lines are as long as they are, so that scripts can cut them

# For views that say themselves that the API server is away, and try again
IMPATIENT = Patience(connect=2.0, read=5.0, retry_for=0.0)


def on_terminal() -> bool:
    """Return whether stdout is a terminal on which lines can be rewritten."""
    return sys.stdout.isatty() and not console().is_dumb_terminal


def console() -> Console:
    """Return what prints on the terminal."""
    return Console(highlight=False, markup=False, emoji=False, force_terminal=sys.stdout.isatty())


def say(line: str) -> None:
    """Print a line."""
    click.echo(line)


def as_json(found: Any) -> None:
    """Print for scripts."""
    click.echo(json.dumps(found, indent=2))


def as_json_line(found: Any) -> None:
    """Print one of many for scripts, on a line of its own."""
    click.echo(json.dumps(found))


def show(table: RenderableType) -> None:
    """Print for people."""
    if sys.stdout.isatty():
        console().print(table)
    else:
        say("\n".join(_plain_lines(table)))


def rows(titles: Sequence[str], found: Sequence[Sequence[str]]) -> RenderableType:
    """Return a table; where the terminal is too narrow for it, each row in lines of its own.

    Args:
        titles: of the columns.
        found: the rows.
    """
    table = Table(box=None, pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in found:
        table.add_row(*map(Text, row))
    if not sys.stdout.isatty() or max(map(cell_len, _plain_lines(table))) <= console().width:
        return table
    tall = Table(box=None, pad_edge=False, show_header=False)
    tall.add_column()
    tall.add_column(overflow="fold")
    for number, row in enumerate(found):
        for title, value in zip(titles, row, strict=True):
            if value:
                tall.add_row(Text(title, style="bold"), Text(value))
        if number < len(found) - 1:
            tall.add_row()
    return tall


def words_of(seconds: float) -> str:
    """Return a duration in its two largest units, such as `4m12s`."""
    left = round(seconds)
    parts = [(left // 86400, "d"), (left // 3600 % 24, "h"), (left // 60 % 60, "m"), (left % 60, "s")]
    first = next((i for i, (n, _) in enumerate(parts) if n), len(parts) - 1)
    return "".join(f"{n}{unit}" for n, unit in parts[first : first + 2])


@contextmanager
def live_view() -> Iterator[Live]:
    """Show, in place, what changes."""
    with Live(console=console(), auto_refresh=False) as live, logged_above():
        yield live


@contextmanager
def logged_above() -> Iterator[None]:
    """Have what is logged meanwhile stand above what is shown in place, and not in the middle of it."""
    before = [(h, h.setStream(sys.stderr)) for h in _on_console()]  # which the view has redirected
    try:
        yield
    finally:
        for handler, stream in before:
            if stream is not None:
                handler.setStream(stream)


def quiet() -> None:
    """Have only warnings and errors of the log on the console from now on; the log's file still gets everything."""
    for handler in _on_console():
        handler.setLevel(max(handler.level, logging.WARNING))


def _on_console() -> "list[logging.StreamHandler[Any]]":
    return [
        h for h in logger.handlers if isinstance(h, logging.StreamHandler) and not isinstance(h, logging.FileHandler)
    ]


def _plain_lines(table: RenderableType) -> list[str]:
    wide = Console(file=io.StringIO(), width=WIDE, highlight=False, markup=False, emoji=False, color_system=None)
    with wide.capture() as captured:
        wide.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]
