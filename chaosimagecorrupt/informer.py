"""List and watch: objects that a query matches, kept up to date in the background, as client-go's informers do."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import urllib3
from logzero import logger

from .cluster import Cluster
from .errors import ClusterError, Expired, plain
from .requests import Request, continue_request, watch_request

__all__ = ["Follower", "Inbox", "Informer"]

PAUSE = 0.5  # seconds from one opening of a watch to the next, at least

Inbox = queue.SimpleQueue[Callable[[], None]]
_Objects = dict[str, dict[str, Any]]


class Follower(Protocol):
    """Who wants to know of each change. Called by whoever takes the changes out of the inbox."""

    def changed(self, found: dict[str, Any], gone: bool) -> None:
        """Take an object that was added, changed, or is gone."""

    def missed(self, since: float, until: float, lost: bool) -> None:
        """Take that nothing was heard between two times.

        Args:
            since: by `time.monotonic`, when something was heard last.
            until: when it was followed again.
            lost: the objects had to be listed again, so that what they were in between is not known; if not, the
                changes in between come late.
        """


class Informer:
    """The objects that a list request matches.

    Listed on creation; followed from `start` to `end`. Changes are put into the inbox as callables: whoever takes and
    calls them decides in which thread `objects` changes.

    Args:
        cluster: where the objects are.
        request: the list request.
        inbox: where changes are put.
        follower: is told of each change, and of the times in which changes may have been missed.
        keep: what is kept of each object, and told of it; the whole object when not given.

    Raises:
        ClusterError: when the list fails.
    """

    def __init__(
        self,
        cluster: Cluster,
        request: Request,
        inbox: Inbox,
        follower: Follower | None = None,
        keep: Callable[[dict[str, Any]], dict[str, Any]] = lambda found: found,
    ) -> None:
        self.request = request
        self.error: ClusterError | None = None  # why it can no longer be followed, such as a verb that is not granted
        self._cluster, self._inbox = cluster, inbox
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._response: urllib3.BaseHTTPResponse | None = None
        self._follower, self._keep = follower, keep
        self._broken = False
        self.objects, self._version = _listed(cluster, request, keep)
        self._heard = time.monotonic()

    def start(self) -> None:
        """Follow the objects in a thread of its own; a second call does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True, name=f"watch {self.request.path}")
            self._thread.start()

    def end(self) -> None:
        """Stop following. The thread ends soon after."""
        self._ended.set()
        if self._response is not None:
            try:
                self._response.shutdown()
            except (ValueError, RuntimeError, OSError) as x:
                logger.debug(f"watch {self.request.path} had ended already: {plain(x)}")

    def _run(self) -> None:
        while not self._ended.is_set():
            opened = time.monotonic()
            try:
                self._read()
            except Expired:
                self._relist()
            except ClusterError as x:
                self._failed(x)
            self._ended.wait(max(0.0, opened + PAUSE - time.monotonic()))

    def _read(self) -> None:
        for event in self._cluster.watch(watch_request(self.request, self._version), self._opened):
            try:
                event_type, found = event["type"], event["object"]
                version = found["metadata"]["resourceVersion"]
                change = self._change(event_type == "DELETED", found) if event_type != "BOOKMARK" else None
            except (LookupError, TypeError) as x:
                raise ClusterError(f"could not {self.request.what}: there came an event without an object") from x
            self._version, self._heard = version, time.monotonic()
            if change is not None:
                self._inbox.put(change)

    def _change(self, gone: bool, found: dict[str, Any]) -> "_Change":
        return _Change(self.objects, gone, _key(found), self._keep(found), self._follower)

    def _opened(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response
        if self._broken:
            self._missed(lost=False)
        self._heard = time.monotonic()
        if self._ended.is_set():
            self.end()

    def _relist(self) -> None:
        try:  # repeated by us, so that nobody has to wait for the end of it
            objects, self._version = _listed(self._cluster, replace(self.request, repeatable=False), self._keep)
        except ClusterError as x:
            self._failed(x)
            return
        self._missed(lost=True)
        self._heard = time.monotonic()

        def take_over() -> None:
            gone = [o for key, o in self.objects.items() if key not in objects]
            self.objects.clear()
            self.objects.update(objects)
            if self._follower is not None:
                for found in gone:
                    self._follower.changed(found, True)
                for found in objects.values():
                    self._follower.changed(found, False)

        self._inbox.put(take_over)

    def _missed(self, *, lost: bool) -> None:
        self._broken = False
        follower, since, until = self._follower, self._heard, time.monotonic()
        if follower is not None:
            self._inbox.put(lambda: follower.missed(since, until, lost))

    def _failed(self, x: ClusterError) -> None:
        if self._ended.is_set():
            return
        if 400 <= x.status < 500 and x.status != 429:
            self._ended.set()
            self._inbox.put(lambda: setattr(self, "error", x))
            return
        self._broken = True
        logger.debug(f"watch {self.request.path}: {plain(x)}; opening it again")


class _Change:
    """One event of a watch, applied when it is called."""

    def __init__(
        self, objects: _Objects, gone: bool, key: str, found: dict[str, Any], follower: Follower | None
    ) -> None:
        self._objects, self._gone, self._key, self._found = objects, gone, key, found
        self._follower = follower

    def __call__(self) -> None:
        if self._gone:
            self._objects.pop(self._key, None)
        else:
            self._objects[self._key] = self._found
        if self._follower is not None:
            self._follower.changed(self._found, self._gone)


def _listed(
    cluster: Cluster, request: Request, keep: Callable[[dict[str, Any]], dict[str, Any]]
) -> tuple[_Objects, str]:
    objects: _Objects = {}
    page = request
    while True:
        answer = cluster.send(page)
        try:
            objects.update({_key(o): keep(o) for o in answer.get("items") or []})
            version, token = answer["metadata"]["resourceVersion"], answer["metadata"].get("continue")
        except (LookupError, TypeError, AttributeError) as x:
            raise ClusterError(f"could not {request.what}: {cluster.address} did not answer with a list") from x
        if not token:
            return objects, version
        page = continue_request(request, token)


def _key(found: Mapping[str, Any]) -> str:
    return f"{found['metadata'].get('namespace', '')}/{found['metadata']['name']}"
