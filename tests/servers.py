"""HTTP servers for what the simulator cannot do: proxies' pages, hostile answers, credentials as they arrive."""

import json
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Proxy", "Scripted", "answer", "drop", "hang", "status", "watch"]


class Handler(BaseHTTPRequestHandler):
    """Plays the next step of its server's script."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def setup(self) -> None:
        self.server.connections += 1
        super().setup()

    def do_GET(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests.append((f"{self.command} {self.path}", self.headers))
        steps = self.server.steps
        (steps.pop(0) if len(steps) > 1 else steps[0])(self)

    do_POST = do_PATCH = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        pass


Step = Callable[[Handler], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, steps: list[Step], tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.steps, self.requests, self.connections = steps, list[tuple[str, Message]](), 0
        self.ended = threading.Event()
        self._tls, self._taken = tls, list[socket.socket]()

    def get_request(self) -> tuple[socket.socket, Any]:
        taken, address = super().get_request()
        self._taken.append(taken)
        return taken, address

    def finish_request(self, request: Any, client_address: Any) -> None:
        wrapped = self._tls.wrap_socket(request, server_side=True) if self._tls else request
        with wrapped:
            super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or does not trust us, is what some tests are about."""

    def end(self) -> None:
        self.ended.set()
        for taken in self._taken:
            with suppress(OSError):  # it is closed already
                taken.shutdown(socket.SHUT_RDWR)


class Scripted:
    """A server that plays a script, a step for each request and the last one for all that follow.

    Args:
        steps: the script.
        tls: speak TLS.
    """

    def __init__(self, *steps: Step, tls: ssl.SSLContext | None = None) -> None:
        self._server = _Server(list(steps), tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Scripted":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.end()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def connections(self) -> int:
        """How many connections it took."""
        return self._server.connections

    @property
    def requests(self) -> list[str]:
        """The requests, such as `GET /api`."""
        return [what for what, _ in list(self._server.requests)]

    def header(self, name: str) -> str | None:
        """A header of the latest request."""
        return self._server.requests[-1][1].get(name)

    def headers(self, start: str) -> list[tuple[str, str]]:
        """The headers of the latest request whose name starts so; some may be there several times."""
        return [(name, value) for name, value in self._server.requests[-1][1].items() if name.startswith(start)]


def answer(body: bytes | object = b"{}", code: int = 200, **headers: str) -> Step:
    """Answer with this body; what is no bytes is sent as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()

    def play(handler: Handler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(sent)))
        handler.end_headers()
        handler.wfile.write(sent)

    return play


def status(code: int, message: str) -> Step:
    """Answer with the API's Status object."""
    return answer({"kind": "Status", "status": "Failure", "code": code, "message": message}, code)


def watch(*events: object) -> Step:
    """Answer with events, then close."""

    def play(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for event in events:
            line = json.dumps(event).encode() + b"\n"
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        handler.wfile.write(b"0\r\n\r\n")

    return play


def hang(handler: Handler) -> None:
    """Do not answer."""
    handler.server.ended.wait(30)


def drop(handler: Handler) -> None:
    """Close the connection instead of answering."""
    handler.close_connection = True


class Proxy:
    """Passes TCP connections on, and counts them.

    Args:
        url: where to.
        tunnel: be asked for each, as HTTPS_PROXY is.
        socks: be asked for each by SOCKS 5, without a password.
    """

    def __init__(self, url: str, *, tunnel: bool = False, socks: bool = False) -> None:
        to = urlsplit(url)
        self.opened, self.open = 0, 0
        self.asked: list[bytes] = []
        self._ended = False
        proxy = self

        class Pass(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                proxy.opened += 1
                proxy.open += 1
                if tunnel:
                    proxy.asked.append(self.request.recv(65536))
                    assert proxy.asked[-1].startswith(b"CONNECT ")
                    self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                if socks:
                    self.request.recv(65536)
                    self.request.sendall(b"\x05\x00")
                    proxy.asked.append(self.request.recv(65536))
                    self.request.sendall(b"\x05\x00\x00\x01" + bytes(6))
                try:
                    with socket.create_connection((to.hostname, to.port)) as server:
                        proxy._pass(self.request, server)
                except ConnectionError:
                    pass
                finally:
                    proxy.open -= 1

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Pass)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = (
            f"{'socks5' if socks else 'http' if tunnel else to.scheme}://127.0.0.1:{self._server.server_address[1]}"
        )

    def __enter__(self) -> "Proxy":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        while not self._ended:
            for ready in select.select([client, server], [], [], 0.02)[0]:
                some = ready.recv(65536)
                if not some:
                    return
                other[ready].sendall(some)
