import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chaosimagecorrupt.concurrency import CONCURRENCY
from chaosimagecorrupt.errors import ClusterError, Forbidden
from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.informer import Inbox, Informer
from chaosimagecorrupt.kube.requests import list_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.timing import ClientTiming

from ..fixtures_http import NS, Shop, soon
from ..servers import Proxy, Scripted, answer, drop, hang, status, watch

Watching = Callable[[], list[str]]
LISTED = {"metadata": {"resourceVersion": "5"}, "items": []}


def event(kind: str, version: int, name: str = "web") -> dict[str, Any]:
    return {"type": kind, "object": {"metadata": {"name": name, "namespace": NS, "resourceVersion": str(version)}}}


PAUSE = 0.1
GONE = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old"}}


SOON = ClientTiming(watch_pause=PAUSE)  # watches are opened again sooner than for users


class InformerWithInbox(Informer):
    """An informer with an inbox of its own."""

    def __init__(self, cluster: Cluster, name: str = "web") -> None:
        self.inbox: Inbox = queue.SimpleQueue()
        super().__init__(cluster, list_request(DEPLOYMENTS, NS, {"fieldSelector": f"metadata.name={name}"}), self.inbox)

    def follow(self, seconds: float = 5) -> None:
        """Take the next change."""
        self.inbox.get(timeout=seconds)()

    @property
    def replicas(self) -> list[int]:
        return [o["spec"]["replicas"] for o in self.objects.values()]


@pytest.fixture
def informer(cluster: Cluster, shop: Shop, watching: Watching) -> Iterator[InformerWithInbox]:
    """What follows the shop's Deployment; nothing of it is left after the test."""
    informer = InformerWithInbox(cluster, shop.name)
    informer.start()
    assert soon(lambda: "watch=true" in shop.simulator.requests[-1].path)
    yield informer
    informer.end()
    assert soon(lambda: not watching()), watching()


@pytest.fixture
def scripted(request: pytest.FixtureRequest) -> Iterator[tuple[Scripted, InformerWithInbox]]:
    """An informer that has listed nothing from a server with a script for its watches."""
    with Scripted(answer(LISTED), *request.param) as server:
        informer = InformerWithInbox(
            Cluster(configuration_of(Settings(host=server.url)), Patience(retry_for=30), timing=SOON)
        )
        informer.start()
        yield server, informer
        informer.end()


def test_objects_change_in_the_thread_that_takes_the_changes(informer: InformerWithInbox, shop: Shop) -> None:
    shop.scale(3)
    assert soon(lambda: not informer.inbox.empty())
    assert informer.replicas == [2]
    informer.follow()
    assert informer.replicas == [3]


def test_nothing_is_followed_before_start(cluster: Cluster, shop: Shop, watching: Watching) -> None:
    before = len(shop.simulator.requests)
    InformerWithInbox(cluster, shop.name).end()
    assert [r.path.count("watch") for r in shop.simulator.requests[before:]] == [0] and not watching()


def test_what_is_deleted_is_gone_and_what_is_made_again_is_there(informer: InformerWithInbox, shop: Shop) -> None:
    shop.delete()
    informer.follow()
    assert informer.replicas == []
    shop.create()
    informer.follow()
    assert informer.replicas == [2]


def test_a_watch_that_is_closed_is_opened_where_it_ended(informer: InformerWithInbox, shop: Shop) -> None:
    shop.scale(3)
    informer.follow()
    shop.simulator.faults.close_watches()
    shop.scale(4)
    informer.follow()
    assert informer.replicas == [4] and informer.inbox.empty()


def test_a_watch_that_expired_is_listed_again(informer: InformerWithInbox, shop: Shop) -> None:
    shop.simulator.faults.expire_watches()
    informer.follow()
    shop.scale(3)
    informer.follow()
    assert informer.replicas == [3]


def test_what_was_deleted_while_nobody_looked_is_gone(informer: InformerWithInbox, shop: Shop) -> None:
    refused = shop.simulator.faults.answer(503, path="watch=true", times=None)
    shop.simulator.faults.close_watches()
    assert soon(lambda: refused.struck)
    shop.delete()
    shop.simulator.faults.expire_watches()
    shop.simulator.faults.clear()
    informer.follow()
    assert informer.replicas == []


def test_connections_that_are_dropped_are_made_again(informer: InformerWithInbox, shop: Shop) -> None:
    shop.simulator.faults.refuse()
    shop.simulator.faults.accept()
    shop.scale(3)
    informer.follow()
    assert informer.replicas == [3]


@pytest.mark.parametrize("code", [429, 500, 503])
def test_an_error_that_may_pass_is_waited_out(code: int, informer: InformerWithInbox, shop: Shop) -> None:
    shop.simulator.faults.answer(code, path="watch=true", times=1)
    shop.simulator.faults.close_watches()
    shop.scale(3)
    informer.follow()
    assert informer.replicas == [3] and informer.error is None


SCRIPTS = {
    "410 as status": [status(410, "too old"), answer(LISTED), watch(event("ADDED", 6)), hang],
    "410 as event": [watch(GONE), answer(LISTED), watch(event("ADDED", 6)), hang],
    "410, and the list fails": [
        watch(GONE),
        status(500, "no"),
        watch(GONE),
        answer(LISTED),
        watch(event("ADDED", 6)),
        hang,
    ],
    "dropped": [drop, watch(event("ADDED", 6)), hang],
    "a page of a proxy": [answer(b"<html>"), watch(event("ADDED", 6)), hang],
    "no events": [watch(), watch(event("ADDED", 6)), hang],
    "events of odd shape": [watch({}, []), watch({"type": "ADDED"}), watch(event("ADDED", 6)), hang],
    "an object of odd shape": [watch({"type": "ADDED", "object": {"kind": "x"}}), watch(event("ADDED", 6)), hang],
    "a bookmark": [
        watch({"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "7"}}}, event("ADDED", 8)),
        hang,
    ],
}


@pytest.mark.parametrize("scripted", SCRIPTS.values(), ids=list(SCRIPTS), indirect=True)
def test_it_goes_on_after(scripted: tuple[Scripted, InformerWithInbox]) -> None:
    _, informer = scripted
    end = time.monotonic() + 60
    while not informer.objects:
        informer.follow(end - time.monotonic())
    assert [*informer.objects] == [f"{NS}/web"] and informer.error is None


@pytest.mark.parametrize("scripted", [[watch(event("ADDED", 6)), hang]], indirect=True)
def test_a_watch_goes_on_from_the_latest_version(scripted: tuple[Scripted, InformerWithInbox]) -> None:
    server, _ = scripted
    assert soon(lambda: len(server.requests) == 3)
    assert [s.partition("resourceVersion=")[2].partition("&")[0] for s in server.requests] == ["", "5", "6"]


@pytest.mark.parametrize(
    "scripted", [[watch()], [watch(GONE)], [status(410, "no")], [status(500, "no")], [drop]], indirect=True
)
def test_a_server_on_which_watches_end_at_once_is_not_hammered(scripted: tuple[Scripted, InformerWithInbox]) -> None:
    server, _ = scripted
    time.sleep(3 * PAUSE)
    assert len(server.requests) <= 1 + 4 * 2  # a watch and a list each time


@pytest.mark.parametrize("scripted", [[status(403, 'User "me" cannot watch resource "deployments"')]], indirect=True)
def test_a_verb_that_is_not_granted_is_an_error_and_ends_it(
    scripted: tuple[Scripted, InformerWithInbox], watching: Watching
) -> None:
    _, informer = scripted
    informer.follow()
    assert isinstance(informer.error, Forbidden) and "not allow to watch deployments.apps" in str(informer.error)
    assert soon(lambda: not watching())


@pytest.mark.parametrize(
    "answered", [answer({"kind": "x"}), answer({"items": [{}], "metadata": {}}), answer({"items": 5})]
)
def test_a_list_of_odd_shape_is_an_error(answered: Any) -> None:
    with Scripted(answered) as server, pytest.raises(ClusterError, match="did not answer with a list"):
        InformerWithInbox(Cluster(configuration_of(Settings(host=server.url)), timing=SOON))


def test_a_list_without_items_is_empty() -> None:
    with Scripted(answer({**LISTED, "items": None})) as server:
        assert InformerWithInbox(Cluster(configuration_of(Settings(host=server.url)), timing=SOON)).objects == {}


def test_what_is_not_needed_is_not_kept(cluster: Cluster, shop: Shop) -> None:
    inbox: Inbox = queue.SimpleQueue()
    request = list_request(DEPLOYMENTS, NS, {"fieldSelector": f"metadata.name={shop.name}"})
    informer = Informer(cluster, request, inbox, keep=lambda found: found if found["spec"]["replicas"] == 3 else None)
    assert informer.objects == {}
    informer.start()
    shop.scale(3)
    inbox.get(timeout=5)()
    assert list(informer.objects) == [f"{NS}/{shop.name}"]
    informer.end()


def test_a_list_comes_in_pages() -> None:
    pages = [
        {"metadata": {"resourceVersion": "5", "continue": token}, "items": [event("ADDED", n, f"web{n}")["object"]]}
        for n, token in enumerate(("a b", "c", ""))
    ]
    with Scripted(*map(answer, pages)) as server:
        informer = InformerWithInbox(Cluster(configuration_of(Settings(host=server.url)), timing=SOON))
        assert [*informer.objects] == [f"{NS}/web{n}" for n in range(3)]
        assert [s.partition("continue=")[2] for s in server.requests] == ["", "a+b", "c"]


def test_many_that_begin_together_open_few_connections() -> None:
    answered = threading.Event()

    def wait(handler: Any) -> None:
        answered.wait(60)
        answer(LISTED)(handler)

    with Scripted(wait) as server, ThreadPoolExecutor(50) as pool:
        cluster = Cluster(configuration_of(Settings(host=server.url)), Patience(read=60))
        listing = [pool.submit(InformerWithInbox, cluster, f"web-{n}") for n in range(50)]
        assert soon(lambda: server.connections == CONCURRENCY)
        answered.set()
        assert [each.result().objects for each in listing] == [{}] * 50
        assert server.connections == CONCURRENCY


def test_no_thread_and_no_connection_is_left(shop: Shop, watching: Watching) -> None:
    with Proxy(shop.simulator.url) as proxy:
        loaded = configuration_of(Settings(kubeconfig=str(shop.simulator.kubeconfig)))
        informer = InformerWithInbox(Cluster(replace(loaded, host=proxy.url)), shop.name)
        informer.start()
        assert soon(lambda: "watch=true" in shop.simulator.requests[-1].path and proxy.open)
        informer.end()
        assert soon(lambda: (proxy.open, watching()) == (0, []))


@pytest.mark.parametrize("scripted", [[watch(GONE), status(503, "away")]], indirect=True)
def test_it_ends_soon_when_the_api_server_is_away(
    scripted: tuple[Scripted, InformerWithInbox], watching: Watching
) -> None:
    server, informer = scripted
    assert soon(lambda: len(server.requests) > 2)
    informer.end()
    assert soon(lambda: not watching())


def test_ending_is_harmless_before_the_start_and_a_second_time(
    cluster: Cluster, shop: Shop, watching: Watching
) -> None:
    informer = InformerWithInbox(cluster, shop.name)
    informer.end()
    informer.start()
    informer.end()
    assert soon(lambda: not watching())
