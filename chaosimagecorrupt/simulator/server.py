"""The HTTP server: TLS, requests, responses and open watches, with aiohttp."""

import asyncio
import logging
import ssl
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Literal

from aiohttp import web

from .api import Api, Request, Response, Watch
from .api.errors import ApiError
from .faults import Fault, Faults
from .http_messages import LoggedRequest, request_of, response_headers, response_of
from .watch_cache import Change

__all__ = ["Server"]

# How often a watch that allows bookmarks gets one (k8s.io/apiserver: cacher, defaultBookmarkFrequency)
BOOKMARK_SECONDS = 60.0

# Seconds between two checks whether a silence is over
LOOK_SECONDS = 0.02

log = logging.getLogger(__name__)

Ending = Literal["closed", "expired"]


class _Dropped(Exception):
    """A fault drops the connection."""


class _Feed:
    """The changes that a watch still has to send, and how it ends."""

    def __init__(self) -> None:
        self._changes: list[Change] = []
        self._something = asyncio.Event()
        self.ending: Ending | None = None

    def put(self, change: Change) -> None:
        self._changes.append(change)
        self._something.set()

    def end(self, ending: Ending) -> None:
        self.ending = ending
        self._something.set()

    async def take(self, seconds: float) -> list[Change]:
        """Return the changes there are, none when there were none for some seconds or the watch ends."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._something.wait(), seconds)
        self._something.clear()
        changes, self._changes = self._changes, []
        return changes


class Server:
    """Serves an API on a loopback port. Belongs to the thread of its event loop, but for `faults`.

    Args:
        api: what answers.
        tls: the server's certificate; clients may show one of their own.
        loop: the event loop.
    """

    def __init__(self, api: Api, tls: ssl.SSLContext, loop: asyncio.AbstractEventLoop) -> None:
        self._api = api
        self._tls = tls
        self._loop = loop
        self._server = web.Server(self._serve, access_log=None, handler_cancellation=True)
        self._runner = web.ServerRunner(self._server)
        self._site: web.TCPSite | None = None
        self._feeds: set[_Feed] = set()
        self._thread = 0
        self.port = 0
        self.log: list[LoggedRequest] = []
        self.faults = Faults(
            lambda on: self._from_anywhere(self._listen(on)),
            lambda expire: self._from_anywhere(self._end_watches(expire)),
        )

    async def start(self) -> None:
        """Begin to listen on a free port of 127.0.0.1."""
        self._thread = threading.get_ident()
        await self._runner.setup()
        await self._listen(True)
        self._api.address = f"127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Close the port, the watches and all connections."""
        self.faults.forget()
        await self._end_watches(False)
        await self._listen(False)
        await self._runner.cleanup()

    async def _listen(self, on: bool) -> None:
        if on and self._site is None:
            self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self._tls)
            await self._site.start()
            self.port = self._runner.addresses[0][1]
        elif not on and self._site is not None:
            await self._site.stop()
            self._site = None
            for connection in self._server.connections:
                if connection.transport is not None:
                    connection.transport.abort()

    def _from_anywhere(self, change: Coroutine[Any, Any, None]) -> None:
        """Do something and wait for it; what a hook asks for, in the loop's own thread, is done after the hook."""
        done = asyncio.run_coroutine_threadsafe(change, self._loop)
        if threading.get_ident() != self._thread:
            done.result(timeout=30)

    async def _end_watches(self, expire: bool) -> None:
        if expire:
            self._api.store.expire()
        for feed in self._feeds:
            feed.end("expired" if expire else "closed")

    async def _serve(self, incoming: web.BaseRequest) -> web.StreamResponse:
        try:
            request = await request_of(incoming)
        except web.HTTPRequestEntityTooLarge:
            message = "this is the simulator: the body of a request has at most 1 MiB"
            return response_of(ApiError(413, "RequestEntityTooLarge", message).response())
        await self._silence()
        try:
            answer = await self._act(request, incoming.path_qs)
        except _Dropped:
            self._note(request, incoming.path_qs, 0, 0)
            if incoming.transport is not None:
                incoming.transport.abort()
            return web.Response()
        if isinstance(answer, Watch):
            self._note(request, incoming.path_qs, 200, 0)
            return await self._watch(incoming, answer)
        await self._silence()
        self._note(request, incoming.path_qs, answer.status, len(answer.body))
        return response_of(answer)

    async def _silence(self) -> None:
        """Wait until the server may speak; a silence can begin anew, or be ended by another thread, meanwhile."""
        while left := self.faults.silence_left():
            await asyncio.sleep(min(left, LOOK_SECONDS))

    def _note(self, request: Request, path: str, status: int, sent: int) -> None:
        agent = request.headers.get("user-agent", "")
        self.log.append(LoggedRequest(request.method, path, request.body, status, sent, agent))

    async def _act(self, request: Request, path: str) -> Response | Watch:
        """Answer a request, with the faults that strike it."""
        faults = self.faults.struck_by(request.method, path)
        answer: Response | Watch | None = None
        for fault in faults:
            if fault.moment == "before":
                await _wait(fault)
                _strike(fault, request)
                answer = answer or (fault.answer.response() if fault.answer else None)
        answer = answer or self._handle(request)
        for fault in faults:
            if fault.moment == "after":
                await _wait(fault)
                _strike(fault, request)
        return answer

    def _handle(self, request: Request) -> Response | Watch:
        try:
            return self._api.handle(request)
        except Exception as error:
            log.exception("%s %s", request.method, request.path)
            message = f"this is the simulator, and it has a bug: {type(error).__name__}: {error}"
            return ApiError(500, "InternalError", message).response()

    async def _watch(self, incoming: web.BaseRequest, watch: Watch) -> web.StreamResponse:
        response = web.StreamResponse(headers=response_headers("application/json"))
        response.enable_chunked_encoding()
        feed = _Feed()
        self._feeds.add(feed)
        unsubscribe = self._api.store.subscribe(feed.put)
        try:
            first = b"".join(watch.begin())
            await response.prepare(incoming)
            if first:
                await response.write(first)
            if not watch.ended:
                await self._follow(response, watch, feed)
            await response.write_eof()
        except ConnectionResetError:
            pass  # the watcher has left
        finally:
            unsubscribe()
            self._feeds.discard(feed)
        return response

    async def _follow(self, response: web.StreamResponse, watch: Watch, feed: _Feed) -> None:
        """Send what changes until the watch's time is up, the client is gone or the watch is ended."""
        end = self._loop.time() + watch.timeout
        while (left := end - self._loop.time()) > 0:
            changes = await feed.take(min(left, BOOKMARK_SECONDS))
            await self._silence()
            lines = [line for change in changes for line in watch.after(change)]
            if feed.ending == "expired":
                lines.append(watch.expired())
            elif not changes and not feed.ending and watch.bookmarks:
                lines.append(watch.bookmark())
            if lines:
                await response.write(b"".join(lines))
            if feed.ending:
                return


async def _wait(fault: Fault) -> None:
    await asyncio.sleep(fault.delay)
    while fault.holds:
        await asyncio.sleep(LOOK_SECONDS)


def _strike(fault: Fault, request: Request) -> None:
    if fault.hook is not None:
        fault.hook(request)
    if fault.drop:
        raise _Dropped
