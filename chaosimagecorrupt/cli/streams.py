"""The log of `chaos` and the output while a subcommand runs: files, colors, closed pipes, full disks, Ctrl-C.

`chaos` sets its log up before it calls a subcommand.
"""

import logging
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import NoReturn, TextIO

import click
from logzero import logger

from ..errors import one_line

__all__ = ["exit_interrupted", "orderly_end", "prepare_streams"]

_COLOR = re.compile(r"\x1b\[[0-9;]*m")
# the line by which `chaos` begins each part of a log file
_BEGINNING = "#" * 79


class _Uncolored(logging.Formatter):
    """Formats as another formatter does, without its colors.

    Args:
        formatter: the other one.
    """

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        return _COLOR.sub("", self._formatter.format(record))


@contextmanager
def orderly_end() -> Iterator[None]:
    """End the process without a traceback: after Ctrl-C, and when the output cannot be written.

    Raises:
        SystemExit: 130 after Ctrl-C, 141 when the reader of the output has closed the pipe.
        ClickException: it cannot be written for another reason, such as a full disk.
    """
    try:
        yield
    except KeyboardInterrupt:
        exit_interrupted()
    except BrokenPipeError:  # `| head`
        _drop_unwritten()
        sys.exit(141)
    except OSError as x:
        _drop_unwritten()
        raise click.ClickException(f"{x.filename or 'the output'}: {x.strerror or one_line(x)}") from x


def exit_interrupted() -> NoReturn:
    """End the process after Ctrl-C; the next one ends it at once.

    Python first waits for threads that still have a request under way, and an interrupt of that wait is a traceback.

    Raises:
        SystemExit: 130.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(130)


def prepare_streams(chaos: click.Context | None) -> None:
    """End the log file of `chaos` unless `--log-file` was given, and remove the colors with NO_COLOR or no terminal.

    Args:
        chaos: the context of the command `chaos`; None when a subcommand runs without it.
    """
    # Python has no stream where the shell has closed it (`>&-`)
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    if chaos is None:
        return
    asked_for = chaos.get_parameter_source("log_file") is not click.core.ParameterSource.DEFAULT
    for handler in list(logger.handlers):
        if isinstance(handler, RotatingFileHandler) and not asked_for:
            _end_file(handler)
        elif handler.formatter is not None and not _wants_colors(handler):
            handler.setFormatter(_Uncolored(handler.formatter))


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w")


def _drop_unwritten() -> None:
    """Let Python, when it ends, not try once more to write what stdout did not take."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _wants_colors(handler: logging.Handler) -> bool:
    # https://no-color.org
    return not os.environ.get("NO_COLOR") and not isinstance(handler, logging.FileHandler) and sys.stderr.isatty()


def _end_file(handler: RotatingFileHandler) -> None:
    """Write no more into a log file, and delete it if it has only what `chaos` has just written."""
    logger.removeHandler(handler)
    handler.close()
    path = Path(handler.baseFilename)
    try:
        text = path.read_text(errors="replace")
        if text.count(_BEGINNING) == 1 and _BEGINNING in text.partition("\n")[0]:
            path.unlink()
    except OSError:  # another process has deleted it
        pass
