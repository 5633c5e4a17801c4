"""The log of `chaos` while a subcommand of this package runs: no file unless one is asked for, no unwanted colors.

`chaos` sets its log up before it calls a subcommand.
"""

import logging
import os
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import click
from logzero import logger

__all__ = ["prepare_log"]

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


def prepare_log(chaos: click.Context | None) -> None:
    """End the log file of `chaos` unless `--log-file` was given, and remove the colors with NO_COLOR or no terminal.

    Args:
        chaos: the context of the command `chaos`; None when a subcommand runs without it.
    """
    if chaos is None:
        return
    asked_for = chaos.get_parameter_source("log_file") is not click.core.ParameterSource.DEFAULT
    for handler in list(logger.handlers):
        if isinstance(handler, RotatingFileHandler) and not asked_for:
            _end_file(handler)
        elif handler.formatter is not None and not _wants_colors(handler):
            handler.setFormatter(_Uncolored(handler.formatter))


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
