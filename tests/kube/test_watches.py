"""One watch serves all who follow the same, and nobody sees less than with one of their own."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError, Refused
from chaosimagecorrupt.kube import watches as streams
from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.informer import Inbox, Informer
from chaosimagecorrupt.kube.requests import list_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.timing import ClientTiming

from ..fixtures_http import NS, Shop, soon
from ..servers import Scripted, Step, answer, hang, status, watch

Object = dict[str, Any]


SOON = ClientTiming(watch_pause=0.05)  # watches are opened again sooner than for users


class InformerWithInbox(Informer):
    """An informer with an inbox of its own."""

    def __init__(self, cluster: Cluster, name: str = "web", *, shared_watch: bool = False) -> None:
        self.inbox: Inbox = queue.SimpleQueue()
        if shared_watch:
            super().__init__(cluster, list_request(DEPLOYMENTS, NS), self.inbox, name=name)
        else:
            query = {"fieldSelector": f"metadata.name={name}"}
            super().__init__(cluster, list_request(DEPLOYMENTS, NS, query), self.inbox)

    def saw(self, version: int, seconds: float = 5) -> bool:
        """Take changes until the objects are of this version; whether they come to be."""
        while self.versions != [version]:
            try:
                self.inbox.get(timeout=seconds)()
            except queue.Empty:
                return False
        return True

    @property
    def versions(self) -> list[int]:
        return [int(o["metadata"]["resourceVersion"]) for o in self.objects.values()]


@pytest.fixture(autouse=True)
def nothing_is_left(watching: Callable[[], list[str]]) -> Iterator[None]:
    before = dict(streams._streams)
    yield
    assert soon(lambda: not watching()), watching()
    assert streams._streams == before


def web(version: int) -> Object:
    return {"metadata": {"name": "web", "namespace": NS, "resourceVersion": str(version)}}


def changed(version: int) -> Object:
    return {"type": "MODIFIED", "object": web(version)}


def listed(version: str) -> Step:
    return answer({"metadata": {"resourceVersion": version}, "items": [web(5)]})


GONE = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old"}}


@pytest.fixture
def informers(request: pytest.FixtureRequest) -> Iterator[tuple[Scripted, list[InformerWithInbox]]]:
    """Two who have listed the same, from a server with a script, and then follow it one after the other."""
    with Scripted(*request.param) as server:
        cluster = Cluster(configuration_of(Settings(host=server.url)), Patience(retry_for=30), timing=SOON)
        both = [InformerWithInbox(cluster), InformerWithInbox(cluster)]
        yield server, both
        for informer in both:
            informer.end()


def watches(server: Scripted) -> list[str]:
    """The resourceVersions from which the server was asked to watch."""
    return [s.partition("resourceVersion=")[2].partition("&")[0] for s in server.requests if "watch=true" in s]


def test_two_who_follow_the_same_share_a_watch(cluster: Cluster, shop: Shop) -> None:
    before = len(shop.simulator.requests)
    both = [InformerWithInbox(cluster, shop.name), InformerWithInbox(cluster, shop.name)]
    for informer in both:
        informer.start()
    version = int(shop.scale(3)["metadata"]["resourceVersion"])
    assert [informer.saw(version) for informer in both] == [True, True]
    assert sum("watch=true" in r.path for r in shop.simulator.requests[before:]) == 1
    both[0].end()
    assert both[1].saw(int(shop.scale(4)["metadata"]["resourceVersion"])) and both[0].inbox.empty()
    both[1].end()


def test_those_who_follow_something_else_have_a_watch_of_their_own(cluster: Cluster, shop: Shop) -> None:
    other = Shop(shop.simulator, shop.cluster)
    both = [InformerWithInbox(cluster, shop.name), InformerWithInbox(cluster, other.name)]
    for informer in both:
        informer.start()
    assert both[1].saw(int(other.scale(3)["metadata"]["resourceVersion"])) and both[0].inbox.empty()
    for informer in both:
        informer.end()


def test_those_who_follow_one_object_each_can_share_a_watch_and_see_only_their_own(
    cluster: Cluster, shop: Shop
) -> None:
    other, before = Shop(shop.simulator, shop.cluster), len(shop.simulator.requests)
    one = InformerWithInbox(cluster, shop.name, shared_watch=True)
    # another patience is the same connection
    two = InformerWithInbox(cluster.with_patience(Patience()), other.name, shared_watch=True)
    assert [len(informer.objects) for informer in (one, two)] == [1, 1]
    for informer in (one, two):
        informer.start()
    assert two.saw(int(other.scale(3)["metadata"]["resourceVersion"])) and one.inbox.empty()
    assert one.saw(int(shop.scale(3)["metadata"]["resourceVersion"])) and two.inbox.empty()
    assert sum("watch=true" in r.path for r in shop.simulator.requests[before:]) == 1
    for informer in (one, two):
        informer.end()


def test_an_event_is_one_change_for_who_follows_its_object_and_wakes_nobody_else(cluster: Cluster, shop: Shop) -> None:
    other = Shop(shop.simulator, shop.cluster)
    informers = [InformerWithInbox(cluster, each.name, shared_watch=True) for each in (shop, other)]
    for informer in informers:
        informer.start()
    for replicas in range(3, 13):
        version = int(shop.scale(replicas)["metadata"]["resourceVersion"])
        informers[0].inbox.get(timeout=5)()
        assert informers[0].versions == [version]
    assert [informer.inbox.qsize() for informer in informers] == [0, 0]
    for informer in informers:
        informer.end()


@pytest.mark.parametrize("again", [[], [web(9)]])
def test_who_shares_a_watch_sees_only_its_own_when_all_is_listed_again(again: list[Object]) -> None:
    other = {"metadata": {"name": "other", "namespace": NS, "resourceVersion": "9"}}
    relisted = answer({"metadata": {"resourceVersion": "9"}, "items": [other, *again]})
    with Scripted(listed("5"), watch(GONE), relisted, hang) as server:
        informer = InformerWithInbox(Cluster(configuration_of(Settings(host=server.url))), shared_watch=True)
        informer.start()
        while informer.versions == [5]:
            informer.inbox.get(timeout=60)()
        assert informer.versions == [9] * len(again)
        informer.end()


@contextmanager
def late_for_a_shared_watch(*steps: Step) -> Iterator[tuple[Scripted, InformerWithInbox]]:
    """Who has listed an object before more events came than are kept, and then begins to follow it."""
    events = watch(*map(changed, range(6, 24)))
    with Scripted(listed("5"), listed("5"), events, *steps) as server:
        # the shared watch is not opened again meanwhile
        cluster = Cluster(configuration_of(Settings(host=server.url)), timing=ClientTiming(watch_pause=60))
        first, late = (InformerWithInbox(cluster, shared_watch=True) for _ in range(2))
        first.start()
        assert first.saw(23)
        late.start()
        yield server, late
        for informer in (first, late):
            informer.end()


def test_who_joins_a_shared_watch_too_late_lists_its_object_again() -> None:
    again = answer({"metadata": {"resourceVersion": "23"}, "items": [web(23)]})
    with late_for_a_shared_watch(again, hang) as (server, late):
        assert late.saw(23)
        assert [s for s in server.requests if "watch=true" in s and "metadata.name%3Dweb" in s] == []


def test_who_is_too_late_for_a_shared_watch_each_time_follows_its_object_alone() -> None:
    with late_for_a_shared_watch(*[listed("5")] * 3, hang) as (server, _):
        assert soon(lambda: [s for s in server.requests if "watch=true" in s and "metadata.name%3Dweb" in s])


@pytest.mark.parametrize("informers", [[listed("5"), listed("5"), watch(changed(6), changed(7)), hang]], indirect=True)
def test_who_joins_is_told_what_came_since_its_list(informers: tuple[Scripted, list[InformerWithInbox]]) -> None:
    server, (first, second) = informers
    first.start()
    assert first.saw(7)
    second.start()
    assert second.saw(7) and watches(server)[0] == "5"


NEWER = [
    listed("5"),
    answer({"metadata": {"resourceVersion": "7"}, "items": [web(7)]}),
    watch(changed(6), changed(7)),
    watch(changed(8)),
    hang,
]


@pytest.mark.parametrize("informers", [NEWER], indirect=True)
def test_who_joins_never_sees_what_is_older_than_its_list(informers: tuple[Scripted, list[InformerWithInbox]]) -> None:
    _, (first, second) = informers
    second_saw: list[list[int]] = []
    first.start()
    second.start()
    assert first.saw(8)
    while second.versions != [8]:
        second.inbox.get(timeout=60)()
        second_saw.append(second.versions)
    assert second_saw == [[8]]


@pytest.mark.parametrize(
    "informers",
    [[listed("5"), listed("5"), watch(*map(changed, range(6, 24))), watch(changed(23)), hang]],
    indirect=True,
)
def test_who_joins_too_late_has_a_watch_of_its_own(
    informers: tuple[Scripted, list[InformerWithInbox]],
) -> None:
    server, (first, second) = informers
    first.start()
    assert first.saw(23)  # more events than are kept
    second.start()
    assert soon(lambda: watches(server).count("5") == 2)


@pytest.mark.parametrize("informers", [[listed("a"), listed("a"), watch(changed(6)), hang]], indirect=True)
def test_a_watch_from_a_version_that_cannot_be_compared_is_not_shared(
    informers: tuple[Scripted, list[InformerWithInbox]],
) -> None:
    server, both = informers
    for informer in both:
        informer.start()
    assert soon(lambda: watches(server)[:2] == ["a", "a"])


def test_a_watch_that_expired_is_listed_once_for_all() -> None:
    both_follow = threading.Event()

    def expire(handler: Any) -> None:
        assert both_follow.wait(5)
        watch(GONE)(handler)

    again = answer({"metadata": {"resourceVersion": "9"}, "items": [web(9)]})
    with Scripted(listed("5"), listed("5"), expire, again, hang) as server:
        cluster = Cluster(configuration_of(Settings(host=server.url)))
        both = [InformerWithInbox(cluster), InformerWithInbox(cluster)]
        for informer in both:
            informer.start()
        both_follow.set()
        assert [informer.saw(9) for informer in both] == [True, True]
        assert len([s for s in server.requests if "watch=true" not in s]) == 3
        for informer in both:
            informer.end()


@pytest.mark.parametrize("informers", [[listed("5"), listed("5"), status(403, "no"), hang]], indirect=True)
def test_a_watch_that_is_forbidden_fails_all_and_is_tried_again_by_the_next(
    informers: tuple[Scripted, list[InformerWithInbox]],
) -> None:
    server, (first, second) = informers
    first.start()
    first.inbox.get(timeout=60)()
    assert first.error is not None and first.error.status == 403
    second.start()
    assert soon(lambda: len(watches(server)) == 2) and second.error is None


@pytest.mark.parametrize("informers", [[listed("5"), listed("5"), hang]], indirect=True)
@pytest.mark.parametrize("trouble", [Refused("no"), RuntimeError("can't start new thread"), ClusterError("no", 400)])
def test_whatever_ends_a_watch_is_told_to_who_follows(
    informers: tuple[Scripted, list[InformerWithInbox]], trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise trouble

    _, (first, _) = informers
    monkeypatch.setattr(first._cluster, "watch", fail)
    first.start()
    first.inbox.get(timeout=5)()
    assert str(trouble) in str(first.error)
