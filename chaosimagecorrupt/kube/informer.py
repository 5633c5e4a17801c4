"""List and watch: objects that a query matches, kept up to date in the background, as client-go's informers do."""

import queue
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from ..concurrency import CONCURRENCY
from ..errors import ClusterError
from .client import Cluster
from .pages import pages
from .requests import Request
from .watches import Event, Stream, follow

__all__ = ["ChangeHandler", "Inbox", "Informer"]

Inbox = queue.SimpleQueue[Callable[[], None]]
_Objects = dict[str, Any]  # of whatever kind the request lists

# One for each list that may be under way. The guards of a thousand Deployments begin at the same time, and each would
# open a connection. No semaphore: an interrupt could leave its lock locked, see `pool`
_turns = queue.SimpleQueue[None]()
for _ in range(CONCURRENCY):
    _turns.put(None)
_JOIN_ATTEMPTS = 3


@contextmanager
def _listing() -> Iterator[None]:
    """Hold a turn to list; waits for a free one."""
    _turns.get()
    try:
        yield
    finally:
        _turns.put(None)


class ChangeHandler(Protocol):
    """Handles each change, in the thread that takes the changes out of the inbox."""

    def changed(self, found: dict[str, Any], gone: bool) -> None:
        """Handle an object that was added, changed, or is gone."""

    def on_gap(self, since: float, until: float, lost: bool) -> None:
        """Handle a time in which the watch was interrupted.

        Args:
            since: by `time.monotonic`, when the watch last brought something.
            until: by `time.monotonic`, when it was open again.
            lost: the objects had to be listed again, so the changes in between are unknown; otherwise they come late.
        """


class Informer:
    """The objects that a list request matches.

    They are listed on creation and followed from `start` to `end`; all informers of this process with the same request
    share one watch. Changes are put into the inbox as callables: the thread that takes and calls them is the one in
    which `objects` changes.

    Args:
        cluster: the connection to the cluster.
        request: the list request.
        inbox: takes the changes.
        handler: called for each change, and for the times in which the watch was interrupted.
        keep: returns the part of an object to keep, with name and namespace, or None for one that is not needed: it is
            left out. By default the whole object.
        enough: whether an object is all that is needed: the list then ends with its page, and `complete` is False. By
            default none is.
        name: of the one object to list and follow, of those that the request matches; None for all of them. It is
            followed by the watch of all of them, which other informers share.

    Raises:
        ClusterError: the list fails.
    """

    def __init__(
        self,
        cluster: Cluster,
        request: Request,
        inbox: Inbox,
        handler: ChangeHandler | None = None,
        keep: Callable[[Any], Any] = lambda found: found,
        enough: Callable[[Any], bool] = lambda found: False,
        name: str | None = None,
    ) -> None:
        self.name, self._wider = name, None if name is None else request
        if name is not None:
            request = replace(request, query={**request.query, "fieldSelector": f"metadata.name={name}"})
        self.request = request
        self.error: ClusterError | None = None  # why it can no longer be followed, such as a verb that is not granted
        self.objects: _Objects = {}
        self.complete = False
        self._cluster, self._inbox, self._handler, self._keep = cluster, inbox, handler, keep
        self._stream: Stream | None = None
        self._ended = False
        with _listing():
            for page in pages(cluster, request):
                self.objects.update(self._kept(page.items))
                self._version, self.complete = page.version, page.last
                if any(enough(o) for o in page.items):
                    break
        self._listed_at = time.monotonic()

    def start(self) -> None:
        """Follow the objects in the background; a second call does nothing.

        Raises:
            ClusterError: the watch of all objects no longer had the events since the list, and a new list fails.
        """
        if self._stream is None and not self._ended:
            self._stream = self._join() or follow(self._cluster, self.request, self._version, self)

    def _join(self) -> Stream | None:
        """Return the watch of all objects; None when this informer is not to share it, or lists too late each time."""
        if self._wider is None:
            return None
        for _ in range(_JOIN_ATTEMPTS):
            stream = follow(self._cluster, self._wider, self._version, self, alone=False)
            if stream is not None:
                return stream
            self._list_again()
        return None

    def _list_again(self) -> None:
        with _listing():
            listed = list(pages(self._cluster, self.request))
        self.on_gap(self._listed_at, time.monotonic(), lost=True)
        self.listed_again([o for page in listed for o in page.items], listed[0].version)
        self._listed_at = time.monotonic()

    def end(self) -> None:
        """Stop following."""
        self._ended = True
        if self._stream is not None:
            self._stream.leave(self)

    def on_event(self, event: Event) -> None:
        """Handle an event of the watch, unless the list is newer."""
        if not _is_behind(event.version, self._version) and (found := self._keep(event.found)) is not None:
            self._inbox.put(_Change(self.objects, event.gone, found, self._handler))

    def listed_again(self, objects: list[dict[str, Any]], version: str) -> None:
        """Replace all objects, after some changes were missed."""
        self._version = version
        now = self._kept(objects)

        def take_over() -> None:
            gone = [o for key, o in self.objects.items() if key not in now]
            self.objects.clear()
            self.objects.update(now)
            if self._handler is not None:
                for found in gone:
                    self._handler.changed(found, True)
                for found in now.values():
                    self._handler.changed(found, False)

        self._inbox.put(take_over)

    def _kept(self, objects: Iterable[dict[str, Any]]) -> _Objects:
        return {_key(o): kept for o in objects if (kept := self._keep(o)) is not None}

    def on_gap(self, since: float, until: float, *, lost: bool) -> None:
        """Handle a time in which the watch was interrupted."""
        handler, known = self._handler, max(since, self._listed_at)
        if handler is not None:
            self._inbox.put(lambda: handler.on_gap(known, until, lost))

    def on_error(self, error: ClusterError) -> None:
        """Handle that the objects can no longer be followed."""
        self._inbox.put(lambda: setattr(self, "error", error))


class _Change:
    """One event of a watch, applied when it is called."""

    def __init__(self, objects: _Objects, gone: bool, found: dict[str, Any], handler: ChangeHandler | None) -> None:
        self._objects, self._gone, self._found = objects, gone, found
        self._handler = handler

    def __call__(self) -> None:
        if self._gone:
            self._objects.pop(_key(self._found), None)
        else:
            self._objects[_key(self._found)] = self._found
        if self._handler is not None:
            self._handler.changed(self._found, self._gone)


def _is_behind(version: str, other: str) -> bool:
    return version.isdecimal() and other.isdecimal() and int(version) <= int(other)


def _key(found: Mapping[str, Any]) -> str:
    return f"{found['metadata'].get('namespace', '')}/{found['metadata']['name']}"
