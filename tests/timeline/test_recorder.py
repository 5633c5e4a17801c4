"""A recorder waits for changes, for a time without any, and for nothing else, and leaves nothing behind."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest

from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.waiting import WatchSet, poll
from chaosimagecorrupt.timeline.recorder import Recorder, start_together
from chaosimagecorrupt.timeline.timeline import changes
from chaosimagecorrupt.workload.target import Target
from chaosimagecorrupt.workload.view import Rollout

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import NS, Shop, soon
from ..interrupting import another_thread_can, interrupted_at_each_step
from ..servers import Scripted, hang
from .recording import Record, following, saw


def test_nobody_waits_for_an_api_server_that_does_not_answer() -> None:
    with Scripted(hang) as server:
        cluster = Cluster(configuration_of(Settings(host=server.url)), Patience(read=1, retry_for=0))
        recorder, began = Recorder(Target("web", NS, cluster)), time.monotonic()
        recorder.start()
        assert not recorder.wait_until_following(0.05) and not recorder.wait(lambda t: bool(t["changes"]), 0.05)
        assert recorder.timeline()["changes"] == [] and time.monotonic() - began < 15
        assert recorder.wait_until_following(60) and "not reachable" in recorder.timeline()["missing"]["Deployment"]
        recorder.end()


@pytest.mark.parametrize(
    "wait",
    [
        lambda recorder: recorder.wait(lambda timeline: False, 0.01),
        lambda recorder: recorder.wait_until_quiet(60, 0.01),
        lambda recorder: recorder.wait_until_following(0.01),
    ],
    ids=["for a state", "until quiet", "until following"],
)
def test_a_wait_that_is_interrupted_anywhere_keeps_nothing_from_being_recorded(
    wait: Callable[[Recorder], object], cluster: Cluster
) -> None:
    recorder, interrupts = Recorder(Target("web", NS, cluster)), 0
    for interrupts in interrupted_at_each_step(lambda: wait(recorder)):
        assert another_thread_can(lambda: recorder.on_missing("Event", "unknown")), interrupts
    assert interrupts > 1


def test_it_waits_until_no_more_changes_arrive(watching: Recorder, shop: Shop) -> None:
    for replicas in range(3, 20):
        shop.scale(replicas)
    watching.wait_until_quiet(0.1, 5)
    assert [c.state["replicas"] for c in changes(watching.timeline(), "Deployment")][-1] == 19


def test_a_wait_until_quiet_ends_in_time_when_changes_keep_coming(watching: Recorder, shop: Shop) -> None:
    writing = threading.Thread(target=lambda: [shop.scale(n) for n in range(3, 100)])
    writing.start()
    watching.wait_until_quiet(1, 0.1)
    assert writing.is_alive()
    writing.join()


def test_a_wait_for_what_never_comes_ends_in_time(record: Record) -> None:
    began = time.monotonic()
    assert not record().wait(lambda timeline: False, 0.1) and time.monotonic() - began < 15


def test_ending_it_leaves_nothing_behind(record: Record) -> None:
    recorder = record()
    assert soon(lambda: len(following()) == 5)
    recorder.end()
    recorder.end()
    assert soon(lambda: not following()), following()


def test_it_may_be_ended_before_it_begins(cluster: Cluster, shop: Shop) -> None:
    Recorder(Target(shop.name, NS, cluster)).end()


def test_probes_that_wait_look_through_the_watches_that_are_there(
    watching: Recorder, cluster: Cluster, shop: Shop, simulator: FaultySimulator
) -> None:
    before = len(simulator.requests)
    watch_set = WatchSet(watching.target.cluster)
    looking = poll(
        watch_set, Rollout(watch_set, Target(shop.name, NS, watch_set.cluster), revisions=True), shop.name, 10
    )
    with closing(looking):
        next(looking)
        shop.scale(3)
        simulator.advance(1)
        assert any(view.deployment["spec"]["replicas"] == 3 for view in looking)
    assert not [r.path for r in simulator.requests[before:] if "watch=true" in r.path]
    assert saw(watching, "Deployment", replicas="3")


def test_many_deployments_take_one_watch_for_each_kind(
    cluster: Cluster, shop: Shop, simulator: FaultySimulator
) -> None:
    shops = [shop, *(Shop(simulator, shop.cluster) for _ in range(4))]
    recorders, before = [Recorder(Target(each.name, NS, cluster)) for each in shops], len(simulator.requests)
    start_together(recorders)
    with ExitStack() as ended:
        for recorder in recorders:
            ended.callback(recorder.end)
            assert recorder.wait_until_following(5)
        for replicas, each in enumerate(shops, 3):
            each.scale(replicas)
        assert all(saw(r, "Deployment", replicas=str(replicas)) for replicas, r in enumerate(recorders, 3))
        kinds = ["deployments", "events", "pods", "replicasets"]
        assert soon(lambda: sorted(urlsplit(p).path.rpartition("/")[2] for p in _watched(simulator, before)) == kinds)
        assert len(following()) == 5
    assert soon(lambda: not following()), following()


def _watched(simulator: FaultySimulator, before: int) -> list[str]:
    return [r.path for r in simulator.requests[before:] if "watch=true" in r.path]
