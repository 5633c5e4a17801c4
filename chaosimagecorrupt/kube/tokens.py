"""Tokens that change: those that a file holds, and those that a credential plugin hands out."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from logzero import logger

from ..errors import one_line

if TYPE_CHECKING:
    from .exec_plugin import Credential  # see `configuration`

__all__ = ["PluginToken", "TokenFile"]


class TokenFile:
    """A token that a file holds; called, it returns the value of the header.

    Args:
        path: the file's path. If it cannot be read later, the token stays as it is.
        age: seconds from one reading to the next.

    Raises:
        OSError: it cannot be read.
    """

    def __init__(self, path: str, age: float) -> None:
        self._path, self._age = Path(path), age
        self._token, self._read_at = self._path.read_text().strip(), time.monotonic()

    def __call__(self) -> str:
        """Return the value of the header; read the file again if the last time was long enough ago."""
        if time.monotonic() >= self._read_at + self._age:
            self._read_at = time.monotonic()
            try:
                self._token = self._path.read_text().strip() or self._token
            except (OSError, UnicodeDecodeError) as x:
                logger.debug(f"the token stays as it is: {one_line(x)}")
        return f"Bearer {self._token}"


class PluginToken:
    """The token of a credential plugin; called, it returns the value of the header.

    Args:
        run: runs the plugin.
        credential: what it has handed out.
        pause: seconds from one run to the next, at least.
    """

    def __init__(self, run: Callable[[], "Credential"], credential: "Credential", pause: float) -> None:
        self._run, self._credential, self._pause = run, credential, pause
        self._ran_at = time.monotonic()

    def __call__(self) -> str | None:
        """Return the value of the header, None for a plugin without a token; run it again if the last one has expired.

        Raises:
            Refused: the plugin fails.
        """
        expires = self._credential.expires
        if expires is not None and time.time() >= expires and time.monotonic() >= self._ran_at + self._pause:
            self._ran_at = time.monotonic()
            fresh = self._run()
            # a plugin that hands out only a certificate now: the certificate of a connection is not replaced meanwhile
            self._credential = fresh if fresh.token else replace(fresh, token=self._credential.token)
        return None if self._credential.token is None else f"Bearer {self._credential.token}"
