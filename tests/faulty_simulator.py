"""A simulator whose server can be disturbed, logs its requests, and lets other users in."""

import asyncio
import base64
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from chaosimagecorrupt.simulator import Simulator
from chaosimagecorrupt.simulator.api import Request, Response, User, Watch
from chaosimagecorrupt.simulator.api.errors import ApiError
from chaosimagecorrupt.simulator.server import Server

from .simulator_faults import Fault, Faults

__all__ = ["FaultySimulator", "LoggedRequest"]

CHECK_SECONDS = 0.02  # between two checks whether a silence is over


@dataclass(frozen=True)
class LoggedRequest:
    """One request as the server's log holds it.

    Attributes:
        method: the HTTP method.
        path: the path with its query.
        body: the request's body.
        status: the status of the answer, 0 when none was sent.
        sent: bytes of the answer's body.
        user_agent: the client's name.
    """

    method: str
    path: str
    body: bytes
    status: int
    sent: int
    user_agent: str


class _Dropped(Exception):
    """A fault drops the connection."""


class FaultyServer(Server):
    """A server that logs its requests, and that `faults` disturb; these may be used from any thread."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._thread = 0
        self.log: list[LoggedRequest] = []
        self.faults = Faults(
            lambda on: self._from_anywhere(self.listen(on)),
            lambda expire: self._from_anywhere(self.end_watches(expire=expire)),
        )

    async def start(self) -> None:
        self._thread = threading.get_ident()
        await super().start()

    async def stop(self) -> None:
        self.faults.forget()
        await super().stop()

    async def respond(self, request: Request, incoming: web.BaseRequest) -> Response | Watch:
        await self.may_send()
        try:
            answer = await self._with_faults(request, incoming.path_qs)
        except _Dropped:
            self._log(request, incoming.path_qs, 0, 0)
            if incoming.transport is not None:
                incoming.transport.abort()
            return ApiError(503, "Dropped", "nobody reads this").response()
        if isinstance(answer, Watch):
            self._log(request, incoming.path_qs, 200, 0)
            return answer
        await self.may_send()
        self._log(request, incoming.path_qs, answer.status, len(answer.body))
        return answer

    async def may_send(self) -> None:
        """Wait until a silence is over; it can begin again, or be ended by another thread, meanwhile."""
        while left := self.faults.silence_left():
            await asyncio.sleep(min(left, CHECK_SECONDS))

    async def _with_faults(self, request: Request, path: str) -> Response | Watch:
        faults = self.faults.struck_by(request.method, path)
        answer: Response | Watch | None = None
        for fault in faults:
            if fault.moment == "before":
                await _strike(fault, request)
                answer = answer or (fault.answer.response() if fault.answer else None)
        answer = answer or self.handle(request)
        for fault in faults:
            if fault.moment == "after":
                await _strike(fault, request)
        return answer

    def _log(self, request: Request, path: str, status: int, sent: int) -> None:
        agent = request.headers.get("user-agent", "")
        self.log.append(LoggedRequest(request.method, path, request.body, status, sent, agent))

    def _from_anywhere(self, change: Coroutine[Any, Any, None]) -> None:
        """Do something and wait for it; what a hook asks for, in the loop's own thread, is done after the hook."""
        done = asyncio.run_coroutine_threadsafe(change, self._loop)
        if threading.get_ident() != self._thread:
            done.result(timeout=30)


class FaultySimulator(Simulator):
    """A simulator with faults, a log of the requests, and kubeconfigs of other users."""

    _server: FaultyServer

    def _new_server(self) -> FaultyServer:
        return FaultyServer(self._api, self._credentials.server_context(), self._loop)

    def __enter__(self) -> "FaultySimulator":
        super().__enter__()
        return self

    @property
    def faults(self) -> Faults:
        """The faults that can be injected into clients' requests."""
        return self._server.faults

    @property
    def requests(self) -> list[LoggedRequest]:
        """The requests that the server has received so far, oldest first."""
        return list(self._server.log)

    def account_kubeconfig(self, namespace: str, name: str) -> Path:
        """A kubeconfig with a token of a service account; it is removed with the simulator."""
        token = self.call(lambda: self._api.tokens.account_token(namespace, name, 86_400))
        return self._new_kubeconfig({"token": token}, namespace)

    def client_certificate(self, user: User) -> tuple[bytes, bytes]:
        """A certificate with its chain, and a key, both PEM; the user's group, one at most, is the organization."""
        (group,) = user.groups or (None,)
        issued = self._credentials.authority.issue_cert("me.invalid", common_name=user.name, organization_name=group)
        return b"".join(blob.bytes() for blob in issued.cert_chain_pems), issued.private_key_pem.bytes()

    def user_kubeconfig(self, user: User) -> Path:
        """A kubeconfig with a client certificate; it is removed with the simulator."""
        certificate, key = self.client_certificate(user)
        encoded = {"client-certificate-data": certificate, "client-key-data": key}
        return self._new_kubeconfig({name: base64.b64encode(pem).decode() for name, pem in encoded.items()})


async def _strike(fault: Fault, request: Request) -> None:
    await asyncio.sleep(fault.delay)
    while fault.holds:
        await asyncio.sleep(CHECK_SECONDS)
    if fault.hook is not None:
        fault.hook(request)
    if fault.drop:
        raise _Dropped
