"""What can go wrong, said to the person at the terminal."""

import unicodedata

from chaoslib.exceptions import ActivityFailed

__all__ = [
    "ClusterError",
    "Conflict",
    "Expired",
    "Forbidden",
    "ImageCorruptError",
    "NotFound",
    "Refused",
    "Unreachable",
    "one_line",
]


class ImageCorruptError(ActivityFailed):
    """The root of all errors of this extension.

    Attributes:
        is_transient: whether the same request may succeed after a while, without anybody doing anything.
    """

    is_transient = False


class Refused(ImageCorruptError):
    """What was asked is not done, and nothing was changed: bad input, or a Deployment that must not be touched."""


class ClusterError(ImageCorruptError):
    """The API server answered with an error.

    Args:
        message: for the person at the terminal.
        status: the HTTP status, 0 when there was no answer.

    Attributes:
        maybe_acted: whether the API server may have acted all the same.
        is_transient: whether it is away or did not make sense (0), is starting or does not know renewed credentials yet
            (401), is busy (429) or in trouble (5xx, but for 501, which stays).
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.maybe_acted = status == 0 or status >= 500
        self.is_transient = status in (0, 401, 429) or (status >= 500 and status != 501)


class NotFound(ClusterError):
    """404: the object, or its namespace, is not there."""


class Forbidden(ClusterError):
    """403: the role does not allow the verb, or admission denies what is asked."""


class Conflict(ClusterError):
    """409: somebody else wrote the object since it was read."""


class Expired(ClusterError):
    """410: the resourceVersion is too old to watch from."""


class Unreachable(ClusterError):
    """No answer from the API server: refused, timed out, not resolved, dropped, or TLS failed."""


def one_line(text: object, limit: int = 300) -> str:
    """Make text from outside fit for one line of a log or an error.

    Args:
        text: anything; its `str` is taken.
        limit: characters at the most; what is beyond is replaced by an ellipsis.

    Returns:
        The text with control and formatting characters escaped, so that it cannot move a terminal's cursor.
    """
    safe = "".join(
        c if not unicodedata.category(c).startswith(("C", "Zl", "Zp")) else c.encode("unicode_escape").decode()
        for c in str(text)[: limit + 1]
    )
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"
