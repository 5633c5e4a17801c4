"""Waits for a state by watching: lists the objects once, then follows the watch until the state is reached."""

import queue
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from logzero import logger

from ..duration import duration_text
from ..errors import ImageCorruptError, one_line
from ..progress import waiting_for
from .client import Cluster
from .informer import Inbox, Informer
from .requests import list_request
from .resources import Resource

__all__ = ["Seen", "WatchSet", "poll"]

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Seen(NamedTuple, Generic[T_co]):
    """What a look at a subject showed.

    Attributes:
        state: what there is to answer from; None while there is nothing.
        text: the same in words.
    """

    state: T_co | None
    text: str


class Subject(Protocol[T_co]):
    """Something whose state can be polled."""

    def look(self) -> Seen[T_co]:
        """Return the present state."""

    def no_answer(self, waited: float) -> ImageCorruptError:
        """Return the error for a wait that ended without a state to answer from; `waited` is in seconds."""


class WatchSet:
    """Objects that are listed at once, and watched from the first wait on.

    Args:
        cluster: the connection to the cluster.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._inbox: Inbox = queue.SimpleQueue()
        self._informers: list[Informer] = []
        self._optional: list[Informer] = []

    def add(
        self,
        resource: Resource,
        namespace: str | None,
        query: Mapping[str, str],
        *,
        keep: Callable[[Any], Any] = lambda found: found,
        enough: Callable[[Any], bool] = lambda found: False,
        optional: bool = False,
        name: str | None = None,
    ) -> Informer:
        """List objects, to be followed with the others.

        Args:
            resource: their kind.
            namespace: None for all namespaces.
            query: selectors, and the size of the first page.
            keep: returns the part of an object to keep; by default all of it.
            enough: whether an object ends the list, because the rest is not needed; by default none does.
            optional: if they can no longer be followed, they stay as they are, and the others are followed further.
            name: of the one object to list, see `Informer`; None for all that match.

        Raises:
            ClusterError: they cannot be listed.
        """
        request = list_request(resource, namespace, query)
        informer = Informer(self.cluster, request, self._inbox, keep=keep, enough=enough, name=name)
        self._informers.append(informer)
        if optional:
            self._optional.append(informer)
        return informer

    def only(self, resource: Resource, namespace: str | None, name: str, *, shared_watch: bool = False) -> Any | None:
        """Return the one object of that name, None when there is none; list it if nothing is followed yet.

        Later calls return the same object as it is then, and do not read their arguments.

        Args:
            resource: its kind.
            namespace: None for an object that has none.
            name: of the object.
            shared_watch: follow it by the watch of all objects of its kind in the namespace, which all share who follow
                one of them so; this takes the right to watch them all.

        Raises:
            ClusterError: it cannot be listed.
        """
        if not self._informers and shared_watch:
            self.add(resource, namespace, {}, name=name)
        elif not self._informers:
            self.add(resource, namespace, {"fieldSelector": f"metadata.name={name}"})
        return next(iter(self._informers[0].objects.values()), None)

    def wake(self) -> None:
        """Make `next_change` return in another thread, or after a signal."""
        self._inbox.put(lambda: None)

    def drop_all(self) -> None:
        """Stop following everything; what is added next is listed again."""
        self.close()
        self._informers.clear()

    def drop(self, informer: Informer) -> None:
        """Stop following these objects."""
        informer.end()
        self._informers.remove(informer)

    def next_change(self, until: float) -> bool:
        """Apply the next change and those that came with it; return False when none came in time.

        Args:
            until: when to stop waiting, by `time.monotonic`.

        Raises:
            ClusterError: the objects can no longer be followed.
        """
        for informer in self._informers:
            informer.start()
        try:
            self._inbox.get(timeout=max(0.0, until - time.monotonic()))()
            while True:
                self._inbox.get_nowait()()
        except queue.Empty:
            pass
        self._check()
        return time.monotonic() < until

    def _check(self) -> None:
        for informer in list(self._informers):
            if informer.error is None:
                continue
            if informer not in self._optional:
                raise informer.error
            logger.debug(f"not followed any longer: {one_line(informer.error)}")
            self.drop(informer)

    def close(self) -> None:
        """Stop following everything."""
        for informer in self._informers:
            informer.end()


class _StateLog:
    """Logs each new state of a subject; from the second on with the time that has passed.

    Args:
        called: the subject's name.
        timeout: seconds.
    """

    def __init__(self, called: str, timeout: float) -> None:
        self.started = time.monotonic()
        self._called, self._timeout, self._latest = called, timeout, ""

    def add(self, text: str) -> bool:
        """Log a state, unless it is the latest one; return whether it is the first."""
        is_first, is_new = not self._latest, text != self._latest
        passed = f", {duration_text(int(time.monotonic() - self.started))} of {duration_text(self._timeout)}"
        if is_new:
            logger.info(f"{self._called}: {text}{'' if is_first else passed}")
        self._latest = text
        return is_first


def poll(
    watch_set: WatchSet, subject: Subject[T], called: str, timeout: float, what: str = ""
) -> Generator[T, None, None]:
    """Yield the state now and after each change, and log each new state.

    A status that is older than the spec is waited for, and never yielded.

    Args:
        watch_set: follows the objects of the subject.
        subject: what to poll.
        called: its name in the log.
        timeout: how many seconds to follow it; 0 for its present state only.
        what: what is waited for, in words, for the log; empty for a wait that is not worth a line.

    Yields:
        The state, the first one at once. Ends with the timeout.

    Raises:
        ImageCorruptError: there is no state to answer from in the end.
        ClusterError: the API server could not be reached, or refused.
    """
    log = _StateLog(called, timeout)
    with ExitStack() as stack:
        stack.callback(watch_set.close)
        while True:
            found, text = subject.look()
            is_first = log.add(text)
            if found is not None:
                yield found
                if not timeout:
                    return
            if is_first and timeout and what:
                stack.enter_context(waiting_for(f"{called}: waiting for {what}", timeout))
            until = log.started + (timeout or watch_set.cluster.timing.settle)
            if not watch_set.next_change(until):
                if subject.look().state is None:
                    raise subject.no_answer(until - log.started)
                return
