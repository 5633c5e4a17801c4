"""Keeps what is logged."""

import logging

__all__ = ["Messages"]


class Messages(logging.Handler):
    """A handler that keeps what is logged, in order.

    Attributes:
        said: the messages, as they are formatted.
    """

    def __init__(self, level: int = logging.NOTSET) -> None:
        super().__init__(level)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))
