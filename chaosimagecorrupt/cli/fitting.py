"""Text that fits a terminal. Pure."""

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

__all__ = ["cut", "cut_start", "error_lines", "wrapped"]

_MOST_ERROR_LINES = 3


def cut(text: str, width: int) -> str:
    """Return a text that is at most so wide; one that was cut ends with an ellipsis."""
    if cell_len(text) <= width:
        return text
    shortened = Text(text)
    shortened.truncate(width, overflow="ellipsis")
    return shortened.plain


def cut_start(text: str, width: int) -> str:
    """Return a text that is at most so wide, as `cut`, but without its beginning: the end of an image tells more."""
    if cell_len(text) <= width:
        return text
    return cut(text[::-1], width)[::-1]


def wrapped(text: str, width: int, most: int | None = None) -> list[str]:
    """Return the lines of a text, broken between words; no lines when it is empty.

    Args:
        text: one line.
        width: how wide a line is at most.
        most: how many lines there are at most, the last one cut; None for all.
    """
    if not text:
        return []
    lines = [line.plain.rstrip() for line in Text(text).wrap(Console(width=width), width)]
    if most is None or len(lines) <= most:
        return lines
    return [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width)]


def error_lines(error: str | None, width: int) -> list[str]:
    """Return what stands above a view that could not be updated; nothing without an error.

    Args:
        error: why not.
        width: of the terminal.
    """
    if error is None:
        return []
    return [*wrapped(f"{error}; trying again.", width, _MOST_ERROR_LINES), *wrapped("The last state:", width)]
