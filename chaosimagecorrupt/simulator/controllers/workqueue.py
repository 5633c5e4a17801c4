"""A queue of keys, and work in steps that waits for requests and for time to pass."""

from collections import deque
from collections.abc import Callable, Generator, Hashable, Sequence
from functools import partial
from typing import Any

from ..clock import Clock, Timer
from .errors import StatusError
from .randomness import Randomness

__all__ = ["Key", "Request", "Run", "Work", "WorkQueue"]

# Namespace and name
Key = tuple[str, str]

# A request to the API: runs when it takes effect, returns its answer or raises `StatusError`
Request = Callable[[], Any]

# Work in steps. It yields a request and gets the answer (or the `StatusError`); requests to be sent at once, and gets a
# list of answers and errors; or seconds to wait, and gets nothing
Work = Generator[float | Request | Sequence[Request], Any, Any]

# Seconds before failed work is tried again: doubling between these (client-go: DefaultControllerRateLimiter)
LEAST_DELAY, GREATEST_DELAY = 0.005, 1000.0


class Run:
    """Work under way.

    Args:
        clock: the time, and callbacks at a later time.
        randomness: how long requests take.
        work: the work.
        done: called at the end, with the error that the work failed of.
    """

    def __init__(
        self, clock: Clock, randomness: Randomness, work: Work, done: Callable[[StatusError | None], None]
    ) -> None:
        self._clock = clock
        self._randomness = randomness
        self._work = work
        self._done = done
        self._answers: list[Any] = []
        self._missing = 0
        self._cancelled = False

    def start(self) -> None:
        """Take the first step; the work may be done by then."""
        self._resume(partial(next, self._work))

    def cancel(self) -> None:
        """Abandon the work; it never finishes. Requests that were sent still take effect."""
        self._cancelled = True
        self._work.close()

    def _resume(self, send: Callable[[], Any]) -> None:
        if self._cancelled:
            return
        try:
            step = send()
        except StopIteration:
            self._done(None)
        except StatusError as error:
            self._done(error)
        else:
            self._wait(step)

    def _wait(self, step: float | Request | Sequence[Request]) -> None:
        now = self._clock.now()
        if isinstance(step, (int, float)):
            self._clock.call_at(now + step, partial(self._resume, partial(self._work.send, None)))
        elif callable(step):
            self._clock.call_at(now + self._randomness.request(), partial(self._answer, step))
        else:
            self._answers, self._missing = [None] * len(step), len(step)
            for index, request in enumerate(step):
                self._clock.call_at(now + self._randomness.request(), partial(self._collect, index, request))

    def _answer(self, request: Request) -> None:
        try:
            result = request()
        except StatusError as error:
            self._resume(partial(self._work.throw, error))
        else:
            self._resume(partial(self._work.send, result))

    def _collect(self, index: int, request: Request) -> None:
        try:
            self._answers[index] = request()
        except StatusError as error:
            self._answers[index] = error
        self._missing -= 1
        if not self._missing:
            self._resume(partial(self._work.send, self._answers))


class WorkQueue:
    """A queue of keys; one worker at a time works on a key, and again if it was added meanwhile (client-go: workqueue).

    Args:
        clock: the time, and callbacks at a later time.
        randomness: how long requests take.
        sync: returns the work on a key.
        workers: how many keys are worked on at a time.
    """

    def __init__(self, clock: Clock, randomness: Randomness, sync: Callable[[Key], Work], workers: int = 5) -> None:
        self._clock = clock
        self._randomness = randomness
        self._sync = sync
        self._idle = workers
        self._ready: deque[Key] = deque()
        self._dirty: set[Key] = set()
        self._working: set[Key] = set()
        self._failures: dict[Hashable, int] = {}
        self._delayed: dict[Key, tuple[float, Timer]] = {}

    def add(self, key: Key) -> None:
        """Add a key to the end of the queue.

        Args:
            key: the key.
        """
        if key in self._dirty:
            return
        self._dirty.add(key)
        if key not in self._working:
            self._ready.append(key)
            self._clock.call_at(self._clock.now(), self._start)

    def add_after(self, key: Key, seconds: float) -> None:
        """Add a key later; of several times the earliest counts.

        Args:
            key: the key.
            seconds: how much later.
        """
        when = self._clock.now() + seconds
        waiting = self._delayed.get(key)
        if waiting is not None:
            if waiting[0] <= when:
                return
            waiting[1].cancel()
        self._delayed[key] = (when, self._clock.call_at(when, partial(self._arrive, key)))

    def add_rate_limited(self, key: Key) -> None:
        """Add a key later, after a delay that doubles with each failure in a row.

        Args:
            key: the key.
        """
        count = self._failures.get(key, 0)
        self._failures[key] = count + 1
        self.add_after(key, min(LEAST_DELAY * 2.0 ** min(count, 30), GREATEST_DELAY))

    def forget(self, key: Key) -> None:
        """Reset the count of failures.

        Args:
            key: the key.
        """
        self._failures.pop(key, None)

    def _arrive(self, key: Key) -> None:
        del self._delayed[key]
        self.add(key)

    def _start(self) -> None:
        if not self._idle or not self._ready:
            return
        key = self._ready.popleft()
        self._idle -= 1
        self._working.add(key)
        self._dirty.discard(key)
        Run(self._clock, self._randomness, self._sync(key), partial(self._done, key)).start()

    def _done(self, key: Key, error: StatusError | None) -> None:
        self._idle += 1
        self._working.discard(key)
        if key in self._dirty:
            self._ready.append(key)
        if error is None:
            self.forget(key)
        else:
            self.add_rate_limited(key)
        if self._ready:
            self._clock.call_at(self._clock.now(), self._start)
