"""The connection to the API server. Objects are the API's JSON, as dicts."""

import json
import logging
import os
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from copy import copy
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

import urllib3
from logzero import logger

from ..errors import ClusterError, Unauthorized, Unreachable, one_line
from .backoff import backoff
from .configuration import Configuration, load
from .credentials import Credentials
from .pool import pool_of, show
from .requests import Request, error_of
from .responses import lines_of, retry_after
from .settings import Settings, read_settings
from .timing import CLIENT_TIMING, ClientTiming
from .unreachable import what_to_do

__all__ = ["ONE_ATTEMPT", "Cluster", "Patience", "connect", "connect_by"]

WATCH_SLACK = 10.0  # seconds that a watch may outlast its own timeout
BUSY = 4  # how many times longer to retry on 429 than on other errors

_DROPPED = (urllib3.exceptions.HTTPError, OSError)

_clusters: dict[tuple[int, Settings], "Cluster"] = {}
_connecting = threading.Lock()


def connect(secrets: Mapping[str, Any] | None = None, configuration: Mapping[str, Any] | None = None) -> "Cluster":
    """Return this process's connection for these settings, made on first use.

    In this order: the endpoint in `secrets`; the kubeconfig (KUBECONFIG, which may name several files, else
    `~/.kube/config`); the endpoint in the environment; the service account of the pod that this runs in.

    Args:
        secrets: what Chaos Toolkit passes to an activity, with the keys of chaostoolkit-kubernetes.
        configuration: what Chaos Toolkit passes too; its KUBERNETES_CONTEXT names a context of the kubeconfig.

    Raises:
        Refused: no cluster is configured, or the configuration is missing or broken.
    """
    return connect_by(read_settings(secrets, os.environ, configuration))


def connect_by(settings: Settings) -> "Cluster":
    """Return this process's connection for these settings, made on first use.

    Args:
        settings: how to reach the cluster.

    Raises:
        Refused: as `connect`.
    """
    key = (os.getpid(), settings)
    with _connecting:
        if key not in _clusters:
            _clusters[key] = Cluster.of(settings)
        return _clusters[key]


@dataclass(frozen=True)
class Patience:
    """How long a request may take, in seconds.

    Attributes:
        connect: for a connection.
        read: for the next bytes of the answer; the API server gives up a request after 60.
        retry_for: for all attempts of one request; four times as long when the API server is busy (429), because its
            Retry-After header says when to try again.
    """

    connect: float = 5.0
    read: float = 30.0
    retry_for: float = 15.0


# For one attempt, and not for long: nothing depends on it, or the caller tries again by itself, as a view does
ONE_ATTEMPT = Patience(connect=2.0, read=5.0, retry_for=0.0)


class Cluster:
    """One API server, and a pool of connections to it.

    Args:
        configuration: how to reach it.
        patience: how long requests may take.
        renew: returns a configuration with new credentials, after a 401; None when there are no others.
        timing: the pauses of what uses the connection.
        context: the kubeconfig's context that this is; None when no kubeconfig was used.

    Raises:
        Refused: the certificates cannot be used.
    """

    def __init__(
        self,
        configuration: Configuration,
        patience: Patience = Patience(),
        renew: Callable[[], Configuration] | None = None,
        timing: ClientTiming = CLIENT_TIMING,
        context: str | None = None,
    ) -> None:
        self.patience, self.timing, self.context = patience, timing, context
        self.address = configuration.host.rstrip("/")
        self._pool = pool_of(configuration)
        shown = partial(show, self._pool)
        self._credentials = Credentials(configuration, self.address, renew, shown, timing.renewal_pause)

    @classmethod
    def of(
        cls, settings: Settings, timing: ClientTiming = CLIENT_TIMING, kubeconfig: Mapping[str, Any] | None = None
    ) -> "Cluster":
        """Return a connection that has read all files that it needs, and renews its credentials.

        Args:
            settings: how to reach the cluster.
            timing: the pauses of what uses the connection.
            kubeconfig: from `kubeconfig_of`; None to read it.

        Raises:
            Refused: as `connect`.
        """
        configuration, renew, context = load(settings, timing, kubeconfig)
        return cls(configuration, renew=renew, timing=timing, context=context)

    def with_patience(self, patience: Patience) -> "Cluster":
        """Return the same connection with other time limits for its requests."""
        other = copy(self)
        other.patience = patience
        return other

    @property
    def pool_id(self) -> int:
        """Identifies the pool of connections, which this has in common with what `with_patience` returns."""
        return id(self._pool)

    def send(self, request: Request) -> dict[str, Any]:
        """Send a request and return the object that the API server answers with.

        On 429, 5xx and dropped connections it is sent again, with growing pauses, if a repetition does no harm.

        Raises:
            ClusterError: for any other answer, or when no attempt succeeded in time.
        """
        began, maybe_acted, log_level = time.monotonic(), False, logging.WARNING
        for pause in backoff(self.timing.retry_first, self.timing.retry_longest):
            pause *= random.uniform(0.9, 1.1)  # so that requests that failed together are not repeated together
            try:
                response = self._send_with_renewal(request, self.patience.read)
                body = response.data
                if response.status < 300:
                    return self._parsed(request, body)
                error: ClusterError = error_of(request, response.status, body)
                wait = max(pause, retry_after(response.headers))
            except _DROPPED as x:
                error, wait = self._unreachable(request, x), pause
            error.maybe_acted = maybe_acted = maybe_acted or error.maybe_acted
            patience = self.patience.retry_for * (BUSY if error.status == HTTPStatus.TOO_MANY_REQUESTS else 1)
            if not _worth_repeating(request, error) or time.monotonic() + wait > began + patience:
                raise error
            logger.log(log_level, f"{one_line(error)}; trying again")
            log_level = logging.DEBUG
            time.sleep(wait)
        raise AssertionError("the pauses have no end")

    def watch(self, request: Request, opened: Callable[[urllib3.BaseHTTPResponse], None]) -> Iterator[dict[str, Any]]:
        """Yield the events of a watch until the API server ends it.

        Args:
            request: from `requests.watch_request`.
            opened: called with the response before the first event; the response's `shutdown` ends the watch from
                another thread.

        Raises:
            Expired: the resourceVersion is too old.
            ClusterError: any other error.
        """
        try:
            response = self._send_with_renewal(request, float(request.query["timeoutSeconds"]) + WATCH_SLACK)
            if response.status >= 300:
                raise error_of(request, response.status, response.data)
            opened(response)
            with closing(response):
                # read1 returns what has arrived; stream waits for the whole chunk, and without chunks for the end
                for line in lines_of(iter(response.read1, b"")):
                    event = self._parsed(request, line)
                    if event.get("type") == "ERROR":
                        status = event.get("object")
                        code = status.get("code") if isinstance(status, dict) else None
                        raise error_of(request, code if isinstance(code, int) else 0, json.dumps(status).encode())
                    yield event
        except _DROPPED as x:
            raise self._unreachable(request, x) from x

    def _send_with_renewal(self, request: Request, read_timeout: float) -> urllib3.BaseHTTPResponse:
        version = self._credentials.version
        response = self._send_once(request, read_timeout)
        if response.status == HTTPStatus.UNAUTHORIZED and self._credentials.renewed(version):
            response.drain_conn()
            response = self._send_once(request, read_timeout)
        return response

    def _send_once(self, request: Request, read_timeout: float) -> urllib3.BaseHTTPResponse:
        headers = urllib3.HTTPHeaderDict({"Accept": "application/json", "User-Agent": "chaosimagecorrupt"})
        for name, value in self._credentials.headers():
            headers.add(name, value)
        body = None
        if request.body is not None:
            headers["Content-Type"] = request.content_type
            body = json.dumps(request.body).encode()
        response: urllib3.BaseHTTPResponse = self._pool.request(
            request.method,
            self.address + request.url,
            headers=headers,
            body=body,
            preload_content=False,
            redirect=False,
            retries=False,
            timeout=urllib3.Timeout(connect=self.patience.connect, read=read_timeout),
        )
        return response

    def _parsed(self, request: Request, body: bytes) -> dict[str, Any]:
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError) as x:
            raise ClusterError(f"could not {request.what}: {self.address} did not answer with JSON") from x
        if not isinstance(parsed, dict):
            raise ClusterError(f"could not {request.what}: {self.address} did not answer with an object")
        return parsed

    def _unreachable(self, request: Request, x: Exception) -> Unreachable:
        error = Unreachable(
            f"could not {request.what}: the API server at {self.address} is not reachable: {one_line(x)}; "
            f"{what_to_do(f'{type(x).__name__}: {x}')}"
        )
        error.__cause__ = x
        return error


def _worth_repeating(request: Request, error: ClusterError) -> bool:
    # after a 401 the credentials were renewed already, so the user has to log in again and should know at once
    hopeless = isinstance(error, Unauthorized) or _distrusted(error.__cause__)
    return request.repeatable and error.is_transient and not hopeless


def _distrusted(x: BaseException | None) -> bool:
    """Return whether TLS failed for good; a handshake that is cut off comes from a server that restarts."""
    return isinstance(x, urllib3.exceptions.SSLError) and not isinstance(x.args[0], ssl.SSLEOFError)
