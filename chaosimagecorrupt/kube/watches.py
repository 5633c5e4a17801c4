"""Watches: all subscribers in this process that follow the same objects share one."""

import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, Protocol

import urllib3
from logzero import logger

from ..errors import ClusterError, Expired, one_line
from .client import Cluster
from .pages import pages
from .requests import Request, watch_request
from .types import Object

__all__ = ["Event", "Stream", "Subscriber", "follow"]

RECENT = 16  # events that are kept for subscribers that join a moment later

_Key = tuple[int, int, str]  # process, pool of connections, URL of the watch

_streams: dict[_Key, "Stream"] = {}
_joining = threading.Lock()


class Event(NamedTuple):
    """One event of a watch.

    Attributes:
        gone: whether the object was deleted.
        found: the object.
        version: its resourceVersion.
    """

    gone: bool
    found: Object
    version: str


class Subscriber(Protocol):
    """Follows a stream. Called in the stream's thread, so it must not wait for anything."""

    @property
    def name(self) -> str | None:
        """The name of the objects whose events it gets; None for those of all objects."""

    def on_event(self, event: Event) -> None:
        """Handle an event, which may be older than the list that was read before joining."""

    def listed_again(self, objects: list[Object], version: str) -> None:
        """Handle a new list of all objects, after events were missed, and the resourceVersion of that list."""

    def on_gap(self, since: float, until: float, *, lost: bool) -> None:
        """Handle a time in which the watch was interrupted, see `informer.ChangeHandler`."""

    def on_error(self, error: ClusterError) -> None:
        """Handle that the objects can no longer be followed."""


class Stream:
    """One watch, opened again whenever it ends, while it has a subscriber; see `follow`.

    Args:
        cluster: the connection to the cluster.
        request: the list request.
        version: the resourceVersion of its answer.
        key: the key under which others find it; None when no other can join.
    """

    def __init__(self, cluster: Cluster, request: Request, version: str, key: _Key | None) -> None:
        self._cluster, self._request, self._version, self._key = cluster, request, version, key
        self._subscribers: dict[str | None, list[Subscriber]] = {}  # by the name of the objects that they follow
        self._delivering = threading.Lock()
        self._recent: deque[Event] = deque()
        self._recent_since: str | None = version  # None: events were missed, so no other can join
        self._ended = threading.Event()
        self._response: urllib3.BaseHTTPResponse | None = None
        self._broken = False
        self._last_contact = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"watch {request.path}")

    def join(self, subscriber: Subscriber, version: str) -> bool:
        """Add a subscriber, and pass it the recent events; return False when events since its list are no longer known.

        Args:
            subscriber: has listed the objects already.
            version: the resourceVersion of that list.
        """
        with self._delivering:
            since = self._recent_since
            if since is None or not since.isdecimal() or int(version) < int(since):
                return False
            for event in self._recent:
                if subscriber.name in (None, event.found["metadata"]["name"]):
                    subscriber.on_event(event)
            self._add(subscriber)
        return True

    def begin(self, subscriber: Subscriber) -> None:
        """Open the watch for its first subscriber."""
        self._add(subscriber)
        self._thread.start()

    def leave(self, subscriber: Subscriber) -> None:
        """Remove a subscriber; after the last one the watch is closed and the thread ends soon."""
        with _joining, self._delivering:
            others = [s for s in self._subscribers.pop(subscriber.name, []) if s is not subscriber]
            if others:
                self._subscribers[subscriber.name] = others
            if self._subscribers:
                return
            self._forget()
        self._end()

    def _add(self, subscriber: Subscriber) -> None:
        self._subscribers.setdefault(subscriber.name, []).append(subscriber)

    def _all(self) -> Iterator[Subscriber]:
        return chain.from_iterable(self._subscribers.values())

    def _forget(self) -> None:
        if self._key is not None and _streams.get(self._key) is self:
            del _streams[self._key]

    def _end(self) -> None:
        self._ended.set()
        if self._response is not None:
            try:
                self._response.shutdown()
            except (ValueError, RuntimeError, OSError) as x:
                logger.debug(f"watch {self._request.path} had ended already: {one_line(x)}")

    def _run(self) -> None:
        while not self._ended.is_set():
            opened = time.monotonic()
            try:
                self._read_or_relist()
            except ClusterError as x:
                self._failed(x)
            except Exception as x:  # noqa: BLE001 - all subscribers get the error; if the thread just ended, they would wait
                self._fail(ClusterError(f"could not {self._request.what}: {one_line(x) or type(x).__name__}"))
            self._ended.wait(max(0.0, opened + self._cluster.timing.watch_pause - time.monotonic()))

    def _read_or_relist(self) -> None:
        try:
            self._read()
        except Expired:
            self._relist()

    def _read(self) -> None:
        for message in self._cluster.watch(watch_request(self._request, self._version), self._opened):
            try:
                found, bookmark = message["object"], message["type"] == "BOOKMARK"
                event = Event(message["type"] == "DELETED", found, found["metadata"]["resourceVersion"])
                if not bookmark:
                    found["metadata"]["name"]
            except (LookupError, TypeError) as x:
                raise ClusterError(f"could not {self._request.what}: an event without an object arrived") from x
            self._version, self._last_contact = event.version, time.monotonic()
            if not bookmark:
                self._deliver(event)

    def _deliver(self, event: Event) -> None:
        with self._delivering:
            self._recent.append(event)
            if len(self._recent) > RECENT:
                self._recent_since = self._recent.popleft().version
            for name in (None, event.found["metadata"]["name"]):
                for subscriber in self._subscribers.get(name, ()):
                    subscriber.on_event(event)

    def _opened(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response
        if self._broken:
            with self._delivering:
                self._missed(lost=False)
        self._last_contact = time.monotonic()
        if self._ended.is_set():
            self._end()

    def _relist(self) -> None:
        with self._delivering:  # a subscriber that joins from now on may have a newer list than the one requested below
            self._recent_since = None
        # not repeated by the client but by `_run`, so that `leave` takes effect in between
        listed = list(pages(self._cluster, replace(self._request, repeatable=False)))
        self._version = listed[0].version
        with self._delivering:
            self._missed(lost=True)
            objects = [o for page in listed for o in page.items]
            for subscriber in self._all():
                theirs = [o for o in objects if subscriber.name in (None, o["metadata"]["name"])]
                subscriber.listed_again(theirs, self._version)
            self._recent.clear()
            self._recent_since = self._version
        self._last_contact = time.monotonic()

    def _missed(self, *, lost: bool) -> None:
        self._broken = False
        for subscriber in self._all():
            subscriber.on_gap(self._last_contact, time.monotonic(), lost=lost)

    def _failed(self, x: ClusterError) -> None:
        if self._ended.is_set():
            return
        if not x.is_transient:
            self._fail(x)
            return
        self._broken = True
        logger.debug(f"watch {self._request.path}: {one_line(x)}; opening it again")

    def _fail(self, x: ClusterError) -> None:
        with _joining, self._delivering:
            self._forget()
            for subscriber in self._all():
                subscriber.on_error(x)
        self._ended.set()


def follow(
    cluster: Cluster, request: Request, version: str, subscriber: Subscriber, *, alone: bool = True
) -> Stream | None:
    """Follow objects from a list on: by the watch that exists for them already, else by a new one.

    Args:
        cluster: the connection to the cluster.
        request: the list request.
        version: the resourceVersion of its answer. One that is no number cannot be compared, so such a watch is not
            shared (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
        subscriber: gets all events since that list, and perhaps some that are older.
        alone: whether to open a watch of its own when the existing one no longer has all events since the list.

    Returns:
        The stream, which the subscriber has to `leave` in the end; None when it would have to be alone.
    """
    with _joining:
        key = (os.getpid(), cluster.pool_id, watch_request(request, "").url)
        existing = _streams.get(key)
        if existing is not None and version.isdecimal() and existing.join(subscriber, version):
            return existing
        shared = existing is None and version.isdecimal()
        if not shared and not alone:
            return None
        stream = Stream(cluster, request, version, key if shared else None)
        if shared:
            _streams[key] = stream
        stream.begin(subscriber)
    return stream
