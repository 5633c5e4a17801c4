"""The credentials of requests: read again when they are old, or when the API server refuses them."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from logzero import logger

from ..errors import ClusterError, Refused, one_line
from .exec_plugin import Credential

__all__ = ["Credentials", "PluginToken", "TokenFile"]


class Credentials:
    """The credentials of one connection. Several threads may use them.

    Args:
        configuration: of the `kubernetes` package.
        called: the API server's address, for errors.
        renew: returns a configuration with new credentials; None when there are no others.
        present: called with the paths of a new client certificate and its key.
        pause: seconds from one renewal to the next, at least.
    """

    def __init__(
        self,
        configuration: Any,
        called: str,
        renew: Callable[[], Any] | None,
        present: Callable[[str, str | None], None],
        pause: float,
    ) -> None:
        self._configuration, self._called = configuration, called
        self._renew, self._present, self._pause = renew, present, pause
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
            auth = self._configuration.auth_settings().get("BearerToken")
            value: str | None = auth["value"] if auth else None
            if value is None and self._configuration.username:
                value = self._configuration.get_basic_auth_token()
        except UnicodeEncodeError as x:
            raise self._not_for_http() from x
        except Exception as x:  # what the hooks of the `kubernetes` package may raise: they read files, run programs
            error = ClusterError(f"the credentials for {self._called} cannot be read again: {one_line(x)}")
            error.maybe_acted = False
            raise error from x
        return value

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
            if fresh.cert_file:
                self._present(fresh.cert_file, fresh.key_file)
        except Exception as x:  # noqa: BLE001 - see `_value`; the present ones may be accepted again
            logger.debug(f"the credentials for {self._called} stay as they are: {one_line(x)}")
            return
        self._configuration = fresh
        self.version += 1

    def _not_for_http(self) -> Refused:
        return Refused(f"the credentials for {self._called} hold a character that HTTP cannot carry")


class TokenFile:
    """Keeps a configuration's token up to date with its file. A hook that the `kubernetes` package calls for each use.

    Args:
        path: the file's path. While it cannot be read, the token stays as it is.
        age: seconds from one reading to the next.
    """

    def __init__(self, path: str, age: float) -> None:
        self._path, self._age = Path(path), age
        self._read_at = time.monotonic()

    def __call__(self, configuration: Any) -> None:
        """Read the file again if the last time was long enough ago.

        Args:
            configuration: the configuration whose token is set.
        """
        if time.monotonic() < self._read_at + self._age:
            return
        self._read_at = time.monotonic()
        try:
            token = self._path.read_text().strip()
        except (OSError, UnicodeDecodeError) as x:
            logger.debug(f"the token stays as it is: {one_line(x)}")
            return
        if token:
            configuration.api_key = dict.fromkeys(configuration.api_key, f"Bearer {token}")


class PluginToken:
    """Renews the token of a credential plugin when it expires. A hook that the `kubernetes` package calls for each use.

    Args:
        run: runs the plugin.
        expires: when the token expires, in seconds since 1970; None for never.
        pause: seconds from one run to the next, at least.
    """

    def __init__(self, run: Callable[[], Credential], expires: float | None, pause: float) -> None:
        self._run, self._expires, self._pause = run, expires, pause
        self._ran_at = time.monotonic()

    def __call__(self, configuration: Any) -> None:
        """Run the plugin again if its token has expired.

        Args:
            configuration: the configuration whose token is set.

        Raises:
            Refused: the plugin fails.
        """
        if self._expires is None or time.time() < self._expires or time.monotonic() < self._ran_at + self._pause:
            return
        self._ran_at = time.monotonic()
        credential = self._run()
        self._expires = credential.expires
        if credential.token:
            names = configuration.api_key or ("authorization",)  # releases of the package use different ones
            configuration.api_key = dict.fromkeys(names, f"Bearer {credential.token}")
