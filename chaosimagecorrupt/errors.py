"""The errors of this extension. Their messages are for the person at the terminal."""

import unicodedata
from http import HTTPStatus
from typing import ClassVar

from chaoslib.exceptions import ActivityFailed

__all__ = [
    "ClusterError",
    "Conflict",
    "Expired",
    "Forbidden",
    "ImageCorruptError",
    "NotFound",
    "Refused",
    "Unauthorized",
    "Unreachable",
    "one_line",
]


_TRANSIENT = (0, HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


class ImageCorruptError(ActivityFailed):
    """The base class of all errors of this extension.

    Attributes:
        is_transient: whether the same request may succeed later, without any change.
    """

    is_transient = False


class Refused(ImageCorruptError):
    """The request is refused and nothing was changed: invalid input, or a Deployment that must not be corrupted."""


class ClusterError(ImageCorruptError):
    """The API server answered with an error.

    Args:
        message: for the person at the terminal.
        status: the HTTP status, 0 when there was no answer; None is that of the class.

    Attributes:
        maybe_acted: whether the API server may have carried out the request all the same.
        is_transient: whether the API server cannot be reached or its answer is invalid (0), it starts or does not know
            renewed credentials yet (401), it is busy (429) or has an error of its own (5xx, but not 501: that stays).
    """

    default_status: ClassVar[int] = 0

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = found = self.default_status if status is None else status
        self.maybe_acted = found == 0 or found >= 500
        self.is_transient = found in _TRANSIENT or (found >= 500 and found != HTTPStatus.NOT_IMPLEMENTED)


class Unauthorized(ClusterError):
    """401: the API server does not accept the credentials."""

    default_status = HTTPStatus.UNAUTHORIZED


class NotFound(ClusterError):
    """404: the object, or its namespace, is not there."""

    default_status = HTTPStatus.NOT_FOUND


class Forbidden(ClusterError):
    """403: the role does not allow the verb, or admission denies what is asked."""

    default_status = HTTPStatus.FORBIDDEN


class Conflict(ClusterError):
    """409: another client has written the object since it was read."""

    default_status = HTTPStatus.CONFLICT


class Expired(ClusterError):
    """410: the resourceVersion is too old to watch from."""

    default_status = HTTPStatus.GONE


class Unreachable(ClusterError):
    """No answer from the API server: refused, timed out, not resolved, dropped, or TLS failed."""


def one_line(text: object, limit: int = 300) -> str:
    """Return text from outside as one line, safe for a log or an error.

    Args:
        text: any object; its `str` is used.
        limit: how many characters the line has at most; a longer one ends with an ellipsis.

    Returns:
        The text with control and formatting characters escaped, so that it cannot move a terminal's cursor.
    """
    safe = str(text)[: limit + 1]
    if not safe.isprintable():
        safe = "".join(
            c if not unicodedata.category(c).startswith(("C", "Zl", "Zp")) else c.encode("unicode_escape").decode()
            for c in safe
        )
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"
