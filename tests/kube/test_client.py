import gc
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError, Conflict, Expired, Forbidden, NotFound, Unreachable
from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.requests import (
    delete_request,
    get_request,
    json_patch_request,
    list_request,
    patch_request,
    watch_request,
)
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.settings import Settings

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import NS, Shop
from ..servers import Scripted, answer, drop, hang, status, watch
from ..simulator_faults import Moment

GET = get_request(DEPLOYMENTS, NS, "web")
WATCH = watch_request(list_request(DEPLOYMENTS, NS), "5")
SCALE = {"spec": {"replicas": 3}}
IN_TIME = 10.0  # seconds; what is patient by default takes longer, and a machine with much to do does not


def client(url: str, **patience: float) -> Cluster:
    return Cluster(
        configuration_of(Settings(host=url)), Patience(**{"connect": 10, "read": 10, "retry_for": 1, **patience})
    )


def versioned(shop: Shop) -> dict[str, Any]:
    return {"metadata": {"resourceVersion": shop.get()["metadata"]["resourceVersion"]}, **SCALE}


@contextmanager
def in_time(at_least: float = 0) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert at_least <= time.monotonic() - started < IN_TIME


# Repeating


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_read_is_repeated_after_an_error_that_may_pass(code: int, log: pytest.LogCaptureFixture) -> None:
    with (
        Scripted(status(code, "soon"), status(code, "soon"), answer({"kind": "x"})) as server,
        in_time(at_least=0.25),
    ):
        assert client(server.url, retry_for=5).send(GET) == {"kind": "x"}
        assert server.requests == [f"GET {GET.path}"] * 3
    warned = [r.getMessage() for r in log.records if r.levelname == "WARNING"]
    assert warned == [f"could not {GET.what}: {code}, soon; trying again"]


@pytest.mark.parametrize("code", [400, 404, 405, 409, 410, 413, 415, 422, 501])
def test_an_error_that_stays_is_not_repeated(code: int) -> None:
    with Scripted(status(code, "no")) as server, pytest.raises(ClusterError, match=f"{code}, no") as raised:
        client(server.url).send(GET)
    assert (raised.value.status, server.requests) == (code, [f"GET {GET.path}"])


def test_retry_after_is_obeyed(cluster: Cluster, shop: Shop) -> None:
    shop.simulator.faults.answer(429, "GET", retry_after=1)
    cluster = cluster.with_patience(Patience(retry_for=5))
    with in_time(at_least=1):
        assert cluster.send(get_request(DEPLOYMENTS, NS, shop.name))["kind"] == "Deployment"


def test_a_busy_api_server_is_given_more_time_than_one_in_trouble(cluster: Cluster, shop: Shop) -> None:
    shop.simulator.faults.answer(429, "GET", retry_after=2)
    cluster = cluster.with_patience(Patience(retry_for=1))
    with in_time(at_least=2):
        assert cluster.send(get_request(DEPLOYMENTS, NS, shop.name))["kind"] == "Deployment"
    shop.simulator.faults.answer(503, "GET", retry_after=2)
    with pytest.raises(ClusterError, match="503"):
        cluster.send(get_request(DEPLOYMENTS, NS, shop.name))


@pytest.mark.parametrize("said", ["3600", "9" * 400])
def test_a_retry_after_beyond_the_patience_ends_it_at_once(said: str) -> None:
    with (
        Scripted(answer(b"{}", 429, Retry_After=said)) as server,
        in_time(),
        pytest.raises(ClusterError, match="429"),
    ):
        client(server.url).send(GET)
    assert len(server.requests) == 1


@pytest.mark.parametrize("said", ["0", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "\xb2"])
def test_a_retry_after_that_says_nothing_of_use_is_no_reason_to_hurry(said: str) -> None:
    with Scripted(answer(b"{}", 503, Retry_After=said)) as server, pytest.raises(ClusterError):
        client(server.url, retry_for=0.5).send(GET)
    assert 2 <= len(server.requests) <= 4


def test_it_gives_up_within_the_patience() -> None:
    with Scripted(status(503, "away")) as server, in_time(), pytest.raises(ClusterError, match="503, away"):
        client(server.url, retry_for=0.8).send(GET)
    assert 2 <= len(server.requests) <= 5


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_read_survives_dropped_connections(moment: Any, cluster: Cluster, shop: Shop) -> None:
    shop.simulator.faults.drop(moment, "GET", times=2)
    assert cluster.send(get_request(DEPLOYMENTS, NS, shop.name))["metadata"]["name"] == shop.name


def test_a_read_survives_an_api_server_that_comes_back(cluster: Cluster, shop: Shop) -> None:
    cluster.send(get_request(DEPLOYMENTS, NS, shop.name))  # a kept-alive connection that will be dead
    cluster = cluster.with_patience(Patience(retry_for=5))
    shop.simulator.faults.refuse()
    timer = threading.Timer(0.3, shop.simulator.faults.accept)
    timer.start()
    assert cluster.send(get_request(DEPLOYMENTS, NS, shop.name))["metadata"]["name"] == shop.name
    timer.join()


def test_a_tls_handshake_that_is_cut_is_repeated() -> None:
    cut, over = list[bytes](), threading.Event()

    def run() -> None:
        while not over.is_set():
            with suppress(TimeoutError), listening.accept()[0] as taken:
                cut.append(taken.recv(10_000))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        thread = threading.Thread(target=run)
        thread.start()
        with pytest.raises(Unreachable):
            client(f"https://127.0.0.1:{listening.getsockname()[1]}", retry_for=1).send(GET)
        over.set()
        thread.join()
    assert len(cut) >= 2


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_patch_with_a_version_is_repeated(code: int, cluster: Cluster, shop: Shop) -> None:
    request = patch_request(DEPLOYMENTS, NS, shop.name, versioned(shop))
    shop.simulator.faults.answer(code, "PATCH")
    assert cluster.send(request)["spec"]["replicas"] == 3


def test_a_patch_that_did_not_arrive_is_repeated(cluster: Cluster, shop: Shop) -> None:
    request = patch_request(DEPLOYMENTS, NS, shop.name, versioned(shop))
    shop.simulator.faults.drop("before", "PATCH")
    assert cluster.send(request)["metadata"]["generation"] == 2


def test_a_patch_that_was_acted_on_unheard_ends_in_a_conflict_that_says_so(cluster: Cluster, shop: Shop) -> None:
    request = patch_request(DEPLOYMENTS, NS, shop.name, versioned(shop))
    shop.simulator.faults.drop("after", "PATCH")
    with pytest.raises(Conflict) as raised:
        cluster.send(request)
    assert raised.value.maybe_acted and shop.get()["metadata"]["generation"] == 2


def test_a_json_patch_that_tests_the_version_is_repeated(cluster: Cluster, shop: Shop) -> None:
    version = {"op": "test", "path": "/metadata/resourceVersion", "value": shop.get()["metadata"]["resourceVersion"]}
    patch = [version, {"op": "replace", "path": "/spec/replicas", "value": 3}]
    shop.simulator.faults.answer(503, "PATCH")
    assert cluster.send(json_patch_request(DEPLOYMENTS, NS, shop.name, patch))["spec"]["replicas"] == 3


@pytest.mark.parametrize("dropped", [None, "before", "after"])
def test_a_patch_without_a_version_is_not_repeated(dropped: Moment | None, cluster: Cluster, shop: Shop) -> None:
    request = patch_request(DEPLOYMENTS, NS, shop.name, {"metadata": {}, **SCALE})
    faults = shop.simulator.faults
    faults.drop(dropped, "PATCH") if dropped is not None else faults.answer(503, "PATCH")
    with pytest.raises(ClusterError) as raised:
        cluster.send(request)
    assert raised.value.maybe_acted
    assert shop.get()["metadata"]["generation"] == (2 if dropped == "after" else 1)


def test_a_delete_is_of_what_was_read(cluster: Cluster, shop: Shop) -> None:
    before = shop.get()
    shop.scale(3)
    with pytest.raises(Conflict):
        cluster.send(delete_request(DEPLOYMENTS, before))
    cluster.send(delete_request(DEPLOYMENTS, shop.get()))
    with pytest.raises(NotFound):
        shop.get()


# No answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_an_api_server_that_is_not_there_is_named_within_the_patience() -> None:
    url = f"https://127.0.0.1:{free_port()}"
    with in_time(), pytest.raises(Unreachable, match=f"the API server at {url} is not reachable: .*refused") as raised:
        client(url, retry_for=0.5).send(GET)
    assert (raised.value.status, raised.value.maybe_acted) == (0, True)


def test_a_host_name_that_is_not_known_is_named() -> None:
    with pytest.raises(Unreachable, match=r"the API server at https://nowhere.invalid:6443 is not reachable"):
        client("https://nowhere.invalid:6443", retry_for=0.1).send(GET)


def test_a_connection_that_nobody_takes_ends_in_time() -> None:
    with socket.socket() as full:  # its queue is full, so that packets are dropped, as by a firewall
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with socket.create_connection(full.getsockname()), in_time(), pytest.raises(Unreachable, match="timed out"):
            client(f"http://127.0.0.1:{full.getsockname()[1]}", connect=0.2, retry_for=0.1).send(GET)


def test_an_api_server_that_does_not_answer_ends_in_time() -> None:
    with (
        Scripted(hang) as server,
        in_time(),
        pytest.raises(Unreachable, match=f"{server.url} is not reachable.*timed out"),
    ):
        client(server.url, read=0.2, retry_for=0.1).send(GET)


def test_one_that_does_not_answer_for_a_while_is_waited_for(cluster: Cluster, shop: Shop) -> None:
    shop.simulator.faults.silence(0.4)
    with in_time(at_least=0.3):
        assert cluster.send(get_request(DEPLOYMENTS, NS, shop.name))["kind"] == "Deployment"


def test_an_answer_that_ends_in_the_middle_is_asked_for_again() -> None:
    def half(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b'{"kind":')
        handler.close_connection = True

    with Scripted(half, drop, answer({"kind": "x"})) as server:
        assert client(server.url).send(GET) == {"kind": "x"}


# Answers that help nobody


def test_a_403_names_verb_and_resource() -> None:
    said = 'deployments.apps "web" is forbidden: User "me" cannot get resource "deployments"'
    with Scripted(status(403, said)) as server, pytest.raises(Forbidden) as raised:
        client(server.url).send(GET)
    assert str(raised.value) == (
        f'the role does not allow to get deployments.apps "web" in namespace "shop"; grant the verb. The API server '
        f"says: {said}"
    )


def test_a_403_of_the_simulator_reads_as_one(simulator: FaultySimulator) -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "nobody", "namespace": NS}}
    simulator.call(lambda: simulator.world.store.create("serviceaccounts", account))
    nobody = Cluster(configuration_of(Settings(kubeconfig=str(simulator.account_kubeconfig(NS, "nobody")))))
    with pytest.raises(Forbidden, match=r"not allow to list deployments.apps.*system:serviceaccount:shop:nobody"):
        nobody.send(list_request(DEPLOYMENTS, None))


def test_a_401_says_to_log_in_again(simulator: FaultySimulator) -> None:
    loaded = configuration_of(Settings(kubeconfig=str(simulator.kubeconfig)))
    with pytest.raises(ClusterError, match=r"does not accept these credentials \(401, .*\); log in again"):
        Cluster(replace(loaded, authorization=lambda: "Bearer expired")).send(GET)


@pytest.mark.parametrize("body", [b"<html>Bad Gateway</html>", b"", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_json_is_said(body: bytes) -> None:
    gc.collect()  # what is finalized at the bottom of a recursion that is too deep fails
    with Scripted(answer(body)) as server, pytest.raises(ClusterError, match=f"{server.url} did not answer with JSON"):
        client(server.url).send(GET)


@pytest.mark.parametrize("body", [[], "text", 5, None])
def test_what_is_no_object_is_said(body: object) -> None:
    with Scripted(answer(body)) as server, pytest.raises(ClusterError, match="did not answer with an object"):
        client(server.url).send(GET)


def test_a_page_of_a_proxy_is_shown_in_one_line() -> None:
    page = b"<html>\n<h1>404 Not Found</h1>\r\n<hr>nginx</html>\n"
    with Scripted(answer(page, 404)) as server, pytest.raises(NotFound) as raised:
        client(server.url).send(GET)
    assert str(raised.value).endswith(r": 404, <html>\n<h1>404 Not Found</h1>\r\n<hr>nginx</html>")


def test_a_redirect_is_not_followed() -> None:
    with Scripted(answer()) as elsewhere, Scripted(answer(b"", 302, Location=elsewhere.url)) as server:
        with pytest.raises(ClusterError, match="302, no reason"):
            client(server.url).send(GET)
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J\x1b]0;pwned\x07", "\u202egnp.exe", "a\nb\rc", "\x00\x7f\x9b", "\ud800", "x" * 10**6]
)
@pytest.mark.parametrize("code", [401, 403, 409, 422, 500])
def test_hostile_messages_are_cut_and_escaped(hostile: str, code: int) -> None:
    with Scripted(status(code, hostile)) as server, pytest.raises(ClusterError) as raised:
        client(server.url, retry_for=0).send(GET)
    assert str(raised.value).isprintable() and len(str(raised.value)) < 800
    str(raised.value).encode()


@pytest.mark.parametrize(
    "body", [{"message": {"a": 1}}, {"message": None}, {}, [], [1], "x", {"message": ""}, {"code": "x"}]
)
def test_errors_of_odd_shape_are_errors_all_the_same(body: object) -> None:
    with Scripted(answer(body, 422)) as server, pytest.raises(ClusterError, match="422"):
        client(server.url).send(GET)


# Watches


def watched(*events: object) -> list[dict[str, Any]]:
    with Scripted(watch(*events)) as server:
        return list(client(server.url).watch(WATCH, lambda response: None))


def test_a_watch_yields_events_until_it_is_closed() -> None:
    events = [{"type": "ADDED", "object": {"n": n}} for n in range(3)]
    assert watched(*events) == events


@pytest.mark.parametrize(("code", "error"), [(410, Expired), (403, Forbidden), (500, ClusterError)])
def test_an_error_event_is_raised(code: int, error: type[ClusterError]) -> None:
    with pytest.raises(error, match="too old"):
        watched({"type": "ERROR", "object": {"kind": "Status", "code": code, "message": "too old"}})


@pytest.mark.parametrize("found", [None, "gone", [], {"code": "x"}, {"message": "?"}])
def test_an_error_event_of_odd_shape_is_raised(found: object) -> None:
    with pytest.raises(ClusterError):
        watched({"type": "ERROR", "object": found})


@pytest.mark.parametrize("chunk", [b"", b"%x\r\n"], ids=["without chunks", "in a chunk with the next event"])
def test_an_event_is_yielded_when_its_line_is_there_whatever_comes_after_it(chunk: bytes) -> None:
    line, taken, in_time = json.dumps({"type": "ADDED", "object": {}}).encode() + b"\n", threading.Event(), list[bool]()

    def play(handler: Any) -> None:
        handler.send_response(200)
        if chunk:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write((chunk and chunk % (2 * len(line))) + line)
        in_time.append(taken.wait(IN_TIME))
        handler.wfile.write(line + (chunk and b"\r\n0\r\n\r\n"))
        handler.close_connection = True

    with Scripted(play) as server:
        events = client(server.url, read=60).watch(WATCH, lambda response: None)
        assert next(events)
        taken.set()
        assert len(list(events)) == 1 and in_time == [True]


def test_an_event_that_is_cut_off_is_not_yielded() -> None:
    def cut(handler: Any) -> None:
        line = json.dumps({"type": "ADDED", "object": {}}).encode()
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(line + b"\n" + line[:10])
        handler.close_connection = True

    with Scripted(cut) as server:
        assert len(list(client(server.url).watch(WATCH, lambda response: None))) == 1
