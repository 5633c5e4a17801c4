"""Injected faults: delays, dropped connections, errors and silence, at chosen requests.

Every fault names the requests that it strikes: a method, a regular expression that is searched in `path?query`,
the first matching request that it strikes (`nth`, from 1) and how many it strikes from there (`times`, `None`
for all). Delays and silences are of real time, whatever clock the simulated cluster goes by.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from chaosimagecorrupt.simulator.api.errors import ApiError
from chaosimagecorrupt.simulator.api.request import Request

__all__ = ["Fault", "Faults", "Moment"]

Hook = Callable[[Request], None]
Moment = Literal["before", "after"]

_REASONS = {
    409: (
        "Conflict",
        "the object has been modified; please apply your changes to the latest version and try again",
    ),
    429: ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
    500: ("InternalError", "an error on the server has prevented the request from succeeding"),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
}


@dataclass
class Fault:
    """One fault.

    Attributes:
        moment: whether it strikes before or after the server has acted.
        method: the HTTP method, `None` for any.
        path: a regular expression searched in `path?query`, `None` for any.
        nth: the first matching request that it strikes, from 1.
        times: how many it strikes from there, `None` for all.
        delay: seconds to wait.
        holds: whether requests that it strikes wait until `release`.
        drop: whether the connection is dropped without an answer.
        answer: what is answered instead of acting.
        hook: what is run, in the simulator's thread.
    """

    moment: Moment
    method: str | None = None
    path: str | None = None
    nth: int = 1
    times: int | None = 1
    delay: float = 0.0
    holds: bool = False
    drop: bool = False
    answer: ApiError | None = None
    hook: Hook | None = None
    matched: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)

    def strikes(self, method: str, path: str) -> bool:
        """Count a request, and return whether the fault strikes it.

        Args:
            method: the HTTP method.
            path: the path with its query.
        """
        if self.method not in (None, method) or (self.path and not re.search(self.path, path)):
            return False
        self.matched += 1
        if self.matched < self.nth or (self.times is not None and self.struck >= self.times):
            return False
        self.struck += 1
        return True

    def release(self) -> None:
        """Release the requests that it holds, and hold no more."""
        self.holds = False


class Faults:
    """The faults of one server. All methods may be called from any thread.

    Args:
        listen: takes whether the server listens; when not, connections are refused and those there are dropped.
        end_watches: ends the open watches, with 410 Expired and an empty log of changes if the argument is true.
    """

    def __init__(self, listen: Callable[[bool], None], end_watches: Callable[[bool], None]) -> None:
        self._listen = listen
        self._end_watches = end_watches
        self._faults: list[Fault] = []
        self._silent_until = 0.0

    def delay(
        self, seconds: float, method: str | None = None, path: str | None = None, nth: int = 1,
        times: int | None = 1,
    ) -> Fault:  # fmt: skip
        """Let matching requests wait before the server acts.

        Args:
            seconds: how long.
            method: the HTTP method, `None` for any.
            path: a regular expression searched in `path?query`, `None` for any.
            nth: the first matching request that is struck, from 1.
            times: how many are struck from there, `None` for all.
        """
        return self._add(Fault("before", method, path, nth, times, delay=seconds))

    def hold(
        self, when: Moment, method: str | None = None, path: str | None = None, nth: int = 1,
        times: int | None = 1,
    ) -> Fault:  # fmt: skip
        """Let matching requests wait until `Fault.release`, or `clear`: two clients in a chosen order.

        Args:
            when: `before` or `after` the server has acted: the answer waits then.
            method: the HTTP method, `None` for any.
            path: a regular expression searched in `path?query`, `None` for any.
            nth: the first matching request that is struck, from 1.
            times: how many are struck from there, `None` for all.
        """
        return self._add(Fault(when, method, path, nth, times, holds=True))

    def drop(
        self, when: Moment, method: str | None = None, path: str | None = None, nth: int = 1,
        times: int | None = 1,
    ) -> Fault:  # fmt: skip
        """Drop the connection of matching requests without an answer.

        Args:
            when: `before` or `after` the server has acted: the client cannot tell which.
            method: the HTTP method, `None` for any.
            path: a regular expression searched in `path?query`, `None` for any.
            nth: the first matching request that is struck, from 1.
            times: how many are struck from there, `None` for all.
        """
        return self._add(Fault(when, method, path, nth, times, drop=True))

    def answer(
        self, code: int, method: str | None = None, path: str | None = None, nth: int = 1,
        times: int | None = 1, retry_after: int | None = None,
    ) -> Fault:  # fmt: skip
        """Answer matching requests with an error instead of acting.

        Args:
            code: 409, 429, 500 or 503.
            method: the HTTP method, `None` for any.
            path: a regular expression searched in `path?query`, `None` for any.
            nth: the first matching request that is struck, from 1.
            times: how many are struck from there, `None` for all.
            retry_after: seconds in the `Retry-After` header, `None` for no such header.
        """
        reason, message = _REASONS[code]
        details = {"retryAfterSeconds": retry_after} if retry_after is not None else {}
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        error = ApiError(code, reason, message, details, headers)
        return self._add(Fault("before", method, path, nth, times, answer=error))

    def hook(
        self, when: Moment, run: Hook, method: str | None = None, path: str | None = None, nth: int = 1,
        times: int | None = 1,
    ) -> Fault:  # fmt: skip
        """Run something before or after matching requests: a second writer between a read and a patch.

        Args:
            when: `before` or `after` the server has acted.
            run: takes the request; runs in the simulator's thread, so that it may use the store.
            method: the HTTP method, `None` for any.
            path: a regular expression searched in `path?query`, `None` for any.
            nth: the first matching request that is struck, from 1.
            times: how many are struck from there, `None` for all.
        """
        return self._add(Fault(when, method, path, nth, times, hook=run))

    def refuse(self) -> None:
        """Refuse connections, and drop those there are, until `accept`."""
        self._listen(False)

    def accept(self) -> None:
        """Take connections again, on the same port."""
        self._listen(True)

    def silence(self, seconds: float) -> None:
        """Take requests but answer none for a while, nor act on them; open watches get no events either.

        Afterwards the requests are answered, and the watches get the events that they missed.

        Args:
            seconds: how long, from now.
        """
        self._silent_until = time.monotonic() + seconds

    def close_watches(self) -> None:
        """Close the open watches, as a server that restarts does."""
        self._end_watches(False)

    def expire_watches(self) -> None:
        """Forget all past changes: open watches end with 410, and no earlier version can be watched or paged."""
        self._end_watches(True)

    def clear(self) -> None:
        """Undo everything: the faults of requests, a silence, a refusal of connections."""
        self.forget()
        self.accept()

    def forget(self) -> None:
        """Remove the faults of requests, release what they hold, and end a silence."""
        for fault in self._faults:
            fault.release()
        self._faults.clear()
        self._silent_until = 0.0

    def struck_by(self, method: str, path: str) -> list[Fault]:
        """Count a request, and return the faults that strike it, in the order in which they were added.

        Args:
            method: the HTTP method.
            path: the path with its query.
        """
        return [fault for fault in list(self._faults) if fault.strikes(method, path)]

    def silence_left(self) -> float:
        """Return the seconds for which nothing is answered, from now."""
        return max(0.0, self._silent_until - time.monotonic())

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault
