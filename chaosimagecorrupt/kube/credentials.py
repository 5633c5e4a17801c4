"""The credentials of requests: read again when they are old, or when the API server refuses them."""

import threading
import time
from collections.abc import Callable

from logzero import logger

from ..errors import ClusterError, Refused, one_line
from .configuration import Configuration

__all__ = ["Credentials"]


class Credentials:
    """The credentials of one connection. Several threads may use them.

    Args:
        configuration: how to reach the API server.
        called: the API server's address, for errors.
        renew: returns a configuration with new credentials; None when there are no others.
        show: called with a new client certificate and its key, see `pool.show`.
        pause: seconds from one renewal to the next, at least.
    """

    def __init__(
        self,
        configuration: Configuration,
        called: str,
        renew: Callable[[], Configuration] | None,
        show: Callable[[bytes, bytes | None], None],
        pause: float,
    ) -> None:
        self._configuration, self._called = configuration, called
        self._renew, self._show, self._pause = renew, show, pause
        self._lock = threading.Lock()
        self._renewed_at = float("-inf")
        self.version = 0  # counts renewals

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers that say who asks, as pairs of name and value: authorization and impersonation.

        There is no authorization header when there are no credentials, or a certificate instead.

        Raises:
            ClusterError: they cannot be read again; nothing was sent, and a later attempt may succeed.
            Refused: they have a character that no HTTP header can carry.
        """
        with self._lock:
            value, impersonation = self._value(), self._configuration.impersonation
        value = (value or "").strip()  # files that hold a token often end with a line break
        if not (value.isascii() and value.isprintable()):
            raise self._not_for_http()  # the error of http.client would quote the secret
        return [*([("authorization", value)] if value else []), *impersonation]

    def _value(self) -> str | None:
        try:
            return self._configuration.authorization()
        except Exception as x:  # it reads files and runs programs
            error = ClusterError(f"the credentials for {self._called} cannot be read again: {one_line(x)}")
            error.maybe_acted = False
            raise error from x

    def renewed(self, refused: int) -> bool:
        """Renew the credentials after a 401; return whether they differ from those that were refused.

        Args:
            refused: the `version` of the credentials that the API server answered 401 to.
        """
        with self._lock:
            if self.version == refused and time.monotonic() >= self._renewed_at + self._pause:
                self._renewed_at = time.monotonic()
                self._read_again()
            return self.version != refused

    def _read_again(self) -> None:
        if self._renew is None:
            return
        try:
            fresh = self._renew()
            if fresh.certificate:
                self._show(fresh.certificate, fresh.key)
        except Exception as x:  # noqa: BLE001 - see `_value`; the present ones may be accepted again
            logger.debug(f"the credentials for {self._called} stay as they are: {one_line(x)}")
            return
        self._configuration = fresh
        self.version += 1

    def _not_for_http(self) -> Refused:
        return Refused(f"the credentials for {self._called} hold a character that HTTP cannot carry")
