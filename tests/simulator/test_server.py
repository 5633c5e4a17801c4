"""The server: TLS, tokens, watches over the wire, its kubeconfig and its end."""

import gc
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pytest

from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.server import BOOKMARK_SECONDS
from chaosimagecorrupt.simulator.types import Object

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import soon
from .calls import CONFIGS, DEPLOYMENTS, MERGE, HttpCalls


def watched(http_calls: HttpCalls, path: str, act: Any) -> list[Object]:
    """What a watch tells from its beginning, something being done once it is there."""
    connection = http_calls.connect()
    connection.request("GET", path, headers={"Authorization": f"Bearer {http_calls.simulator.token}"})
    response = connection.getresponse()
    act()
    lines = response.read().splitlines()
    connection.close()
    return [json.loads(line) for line in lines]


def test_only_loopback_is_listened_on(simulator: FaultySimulator) -> None:
    assert simulator.url.startswith("https://127.0.0.1:")
    port = urlsplit(simulator.url).port
    others = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with socket.socket() as probe, pytest.raises(OSError):
            probe.settimeout(0.5)
            probe.connect((address, port))


def test_two_simulators_have_two_ports() -> None:
    with FaultySimulator([], clock=ManualClock()) as one, FaultySimulator([], clock=ManualClock()) as other:
        assert one.url != other.url
        assert one.token != other.token


def test_nothing_is_answered_without_the_token(simulator: FaultySimulator) -> None:
    config = json.loads(simulator.kubeconfig.read_text())
    assert config["users"][0]["user"] == {"token": simulator.token}
    context = HttpCalls(simulator).context
    request = urllib.request.Request(simulator.url + DEPLOYMENTS)
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        urllib.request.urlopen(request, context=context)
    refused.value.close()


def test_the_certificate_is_of_the_simulator_only(simulator: FaultySimulator) -> None:
    with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
        urllib.request.urlopen(simulator.url, context=ssl.create_default_context())


def test_the_port_is_closed_at_the_end() -> None:
    with FaultySimulator([], clock=ManualClock()) as simulator:
        port = urlsplit(simulator.url).port
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", port))


def test_connections_that_are_made_while_the_port_closes_are_closed_too() -> None:
    with FaultySimulator([], clock=ManualClock()) as simulator:
        address = ("127.0.0.1", urlsplit(simulator.url).port or 0)

        def connect() -> list[socket.socket]:
            """Connect in the server's thread, so that it accepts just before it closes."""
            clients = [socket.create_connection(address, 5) for _ in range(5)]
            simulator.faults.refuse()
            return clients

        for client in simulator.call(connect):
            client.close()
    gc.collect()  # each connection that is still open is a ResourceWarning, which fails the test


def test_a_watch_tells_what_happens(simulator: FaultySimulator, http_calls: HttpCalls) -> None:
    def act() -> None:
        http_calls("POST", CONFIGS, {"metadata": {"name": "a"}})
        http_calls("PATCH", f"{CONFIGS}/a", {"data": {"x": "y"}}, MERGE)
        http_calls("DELETE", f"{CONFIGS}/a")
        simulator.faults.close_watches()

    events = watched(http_calls, f"{CONFIGS}?watch=true", act)
    assert [event["type"] for event in events] == ["ADDED", "MODIFIED", "DELETED"]


def test_a_watch_ends_by_its_timeout_with_a_bookmark(http_calls: HttpCalls) -> None:
    started = time.monotonic()
    path = f"{CONFIGS}?watch=true&timeoutSeconds=1&allowWatchBookmarks=true"
    events = watched(http_calls, path, lambda: None)
    assert [event["type"] for event in events] == ["BOOKMARK"]
    assert 0.9 < time.monotonic() - started < BOOKMARK_SECONDS


def test_a_client_that_goes_ends_its_watch(simulator: FaultySimulator, http_calls: HttpCalls) -> None:
    connection = http_calls.connect()
    connection.request("GET", f"{CONFIGS}?watch=true", headers={"Authorization": f"Bearer {simulator.token}"})
    connection.getresponse()
    assert simulator.call(lambda: len(simulator._server._feeds)) == 1
    connection.close()
    assert soon(lambda: simulator.call(lambda: len(simulator._server._feeds)) == 0)


def test_a_body_that_is_too_large(http_calls: HttpCalls) -> None:
    answer = http_calls("POST", CONFIGS, {"metadata": {"name": "a"}, "data": {"x": "y" * 2_000_000}})
    assert (answer.status, "this is the simulator" in answer.message) == (413, True)


def test_a_bug_is_told_and_logged(
    simulator: FaultySimulator, http_calls: HttpCalls, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator._api, "_reader", None)
    answer = http_calls("GET", CONFIGS)
    assert (answer.status, "this is the simulator, and it has a bug: AttributeError" in answer.message) == (500, True)
    assert "Traceback" in caplog.text


def test_requests_are_logged(simulator: FaultySimulator, http_calls: HttpCalls) -> None:
    before = len(simulator.requests)
    http_calls("POST", f"{CONFIGS}?fieldManager=me", {"metadata": {"name": "a"}})
    http_calls("GET", f"{CONFIGS}/nothing")
    made, missing = simulator.requests[before:]
    assert (made.method, made.path, json.loads(made.body)) == (
        "POST",
        f"{CONFIGS}?fieldManager=me",
        {"metadata": {"name": "a"}},
    )
    assert (made.status, missing.status, made.user_agent) == (201, 404, "tester/1.0")
    assert missing.sent > 100
