"""The HTTP server: TLS, requests, responses and open watches, with aiohttp."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

from aiohttp import web

from .api import Api, Request, Response, Watch
from .api.errors import ApiError
from .http_messages import request_of, response_headers, response_of
from .watch_cache import Change

__all__ = ["Server"]

# How often a watch that allows bookmarks gets one (k8s.io/apiserver: cacher, defaultBookmarkFrequency)
BOOKMARK_SECONDS = 60.0

log = logging.getLogger(__name__)

Ending = Literal["closed", "expired"]


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
    """Serves an API on a loopback port. Belongs to the thread of its event loop.

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
        self._site: web.SockSite | None = None
        self._socket: socket.socket
        self._feeds: set[_Feed] = set()
        self.port = 0

    async def start(self) -> None:
        """Begin to listen on a free port of 127.0.0.1."""
        await self._runner.setup()
        await self.listen(True)
        self._api.address = f"127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Close the port, the watches and all connections."""
        await self.end_watches(expire=False)
        await self.listen(False)
        await self._drop_handshakes()
        await self._runner.cleanup()

    async def listen(self, on: bool) -> None:
        """Accept connections, or refuse them and drop those that are open.

        Args:
            on: whether to accept them, always on the same port.
        """
        if on and self._site is None:
            self._socket = socket.create_server(("127.0.0.1", self.port))
            self._site = web.SockSite(self._runner, self._socket, ssl_context=self._tls)
            await self._site.start()
            self.port = self._runner.addresses[0][1]
        elif not on and self._site is not None:
            # asyncio forgets to close a connection that it has accepted and not begun to serve when the server closes
            self._loop.remove_reader(self._socket)
            await asyncio.sleep(0)
            await self._site.stop()
            self._site = None
            for connection in self._server.connections:
                if connection.transport is not None:
                    connection.transport.abort()

    async def _drop_handshakes(self) -> None:
        """Drop the connections in the middle of the TLS handshake; one of them could still ask for a watch."""
        # asyncio alone knows them, and has no public way to end them before Python 3.13
        transports: Mapping[int, asyncio.Transport] = getattr(self._loop, "_transports", {})
        while there := [each for each in list(transports.values()) if not each.is_closing()]:
            for transport in there:
                transport.abort()
            await asyncio.sleep(0)  # their sockets are closed in the next round of the loop

    async def end_watches(self, *, expire: bool) -> None:
        """End the open watches.

        Args:
            expire: end them with 410 Expired and forget all past changes, instead of closing them as a server does
                that restarts.
        """
        if expire:
            self._api.store.expire()
        for feed in self._feeds:
            feed.end("expired" if expire else "closed")

    async def _serve(self, incoming: web.BaseRequest) -> web.StreamResponse:
        try:
            request = await request_of(incoming)
        except web.HTTPRequestEntityTooLarge:
            message = "this is the simulator: the body of a request has at most 1 MiB"
            return response_of(ApiError.of("RequestEntityTooLarge", message).response())
        answer = await self.respond(request, incoming)
        if isinstance(answer, Watch):
            return await self._watch(incoming, answer)
        return response_of(answer)

    async def respond(self, request: Request, incoming: web.BaseRequest) -> Response | Watch:
        """Return the answer to a request.

        Args:
            request: as the API takes it.
            incoming: as it came.
        """
        return self.handle(request)

    async def may_send(self) -> None:
        """Return when the server may send what is new to a watch: at once."""

    def handle(self, request: Request) -> Response | Watch:
        """Let the API act on a request; a bug of the simulator is an answer, too."""
        try:
            return self._api.handle(request)
        except Exception as error:
            log.exception("%s %s", request.method, request.path)
            message = f"this is the simulator, and it has a bug: {type(error).__name__}: {error}"
            return ApiError.of("InternalError", message).response()

    async def _watch(self, incoming: web.BaseRequest, watch: Watch) -> web.StreamResponse:
        response = web.StreamResponse(headers=response_headers("application/json"))
        response.enable_chunked_encoding()
        feed = _Feed()
        self._feeds.add(feed)
        unsubscribe = self._api.store.subscribe(lambda change: feed.put(change) if watch.concerns(change) else None)
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
            await self.may_send()
            lines = [line for change in changes for line in watch.after(change)]
            if feed.ending == "expired":
                lines.append(watch.expired())
            elif not changes and not feed.ending and watch.bookmarks:
                lines.append(watch.bookmark())
            if lines:
                await response.write(b"".join(lines))
            if feed.ending:
                return
