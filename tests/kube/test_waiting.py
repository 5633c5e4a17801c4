"""Waiting returns as soon as the state is reached, survives interruptions, and says why it ends."""

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from chaosimagecorrupt.errors import Forbidden, ImageCorruptError, NotFound
from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.waiting import WatchSet, poll
from chaosimagecorrupt.workload import rollout
from chaosimagecorrupt.workload.pull_failures import pull_failure
from chaosimagecorrupt.workload.target import Target
from chaosimagecorrupt.workload.view import Rollout, View, first_failing

from ..fixtures_http import BAD, NS, Shop, once_within, soon
from ..servers import Proxy

Decide = Callable[[View], object]


def ready(view: View) -> bool:
    return rollout.pods_all_ready(view.deployment, view.revisions)


def failing(view: View) -> bool:
    return any(pull_failure(pod) for pod in view.pods)


def scaled(view: View) -> bool:
    return bool(view.deployment["spec"]["replicas"] == 3)


def wait(cluster: Cluster, name: str, decide: Decide, timeout: float) -> bool:
    """What the probes do; with everything that can be followed."""
    watch_set = WatchSet(cluster)
    subject = Rollout(watch_set, Target(name, NS, watch_set.cluster), revisions=True, proof=first_failing)
    with closing(poll(watch_set, subject, f"Deployment {NS}/{name}", timeout)) as found:
        return any(decide(view) for view in found)


@pytest.fixture(autouse=True)
def nothing_is_left(watching: Callable[[], list[str]]) -> Iterator[None]:
    """No thread of a wait outlives it for long."""
    yield
    assert soon(lambda: not watching()), watching()


def once_watched(shop: Shop, seconds: float) -> list[float]:
    """Let the cluster's time go by as soon as the first watch is there; returns when that was."""
    at: list[float] = []

    def go(request: object) -> None:
        shop.advance(seconds)
        at.append(time.monotonic())

    shop.simulator.faults.hook("after", go, path="watch=true")
    return at


@contextmanager
def meanwhile(*steps: Callable[[], object], pause: float = 0.05) -> Iterator[None]:
    """Do something in another thread, a step at a time."""

    def run() -> None:
        for step in steps:
            time.sleep(pause)
            step()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()


# When it returns


def test_without_a_timeout_there_is_no_watch(cluster: Cluster, shop: Shop) -> None:
    before = len(shop.simulator.requests)
    assert (wait(cluster, shop.name, ready, 0), wait(cluster, shop.name, failing, 0)) == (True, False)
    asked = [r.path for r in shop.simulator.requests[before:]]
    assert len(asked) == 6 and not [path for path in asked if "watch=true" in path]


def test_a_state_that_is_there_needs_no_watch(cluster: Cluster, shop: Shop) -> None:
    before = len(shop.simulator.requests)
    assert wait(cluster, shop.name, ready, 60)
    assert not [r for r in shop.simulator.requests[before:] if "watch=true" in r.path]


@pytest.mark.parametrize("decide", [failing, scaled])
def test_it_returns_within_milliseconds(decide: Decide, cluster: Cluster, shop: Shop) -> None:
    def attempt() -> float:
        tried = Shop(shop.simulator, shop.cluster)
        shop.simulator.advance(5)
        tried.set_image(BAD) if decide is failing else tried.scale(3)
        at = once_watched(tried, 3)
        assert wait(cluster, tried.name, decide, 60)
        return time.monotonic() - at[0]

    assert once_within(0.2, attempt)


def test_it_ends_with_the_timeout(cluster: Cluster, shop: Shop) -> None:
    started = time.monotonic()
    assert not wait(cluster, shop.name, failing, 0.2)
    assert 0.2 <= time.monotonic() - started < 15


# What it survives

TROUBLE: dict[str, Callable[[Shop], list[Callable[[], object]]]] = {
    "closed watches": lambda s: [s.simulator.faults.close_watches],
    "expired watches": lambda s: [s.simulator.faults.expire_watches],
    "closed, then expired": lambda s: [s.simulator.faults.close_watches, s.simulator.faults.expire_watches],
    "dropped connections": lambda s: [s.simulator.faults.refuse, s.simulator.faults.accept],
    "silence": lambda s: [lambda: s.simulator.faults.silence(0.3), s.simulator.faults.close_watches],
    "503 to everything": lambda s: [
        lambda: s.simulator.faults.answer(503, "GET", times=5),
        s.simulator.faults.expire_watches,
    ],
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=list(TROUBLE))
def test_it_survives(trouble: Callable[[Shop], list[Callable[[], object]]], cluster: Cluster, shop: Shop) -> None:
    def fail_pull() -> None:
        shop.set_image(BAD)
        shop.simulator.advance(3)

    cluster = cluster.with_patience(Patience(connect=1, read=1, retry_for=10))
    with meanwhile(*trouble(shop), fail_pull):
        assert wait(cluster, shop.name, failing, 10)


def test_a_verb_that_is_taken_away_meanwhile_ends_it(shop: Shop) -> None:
    world = shop.simulator.world
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": shop.name, "namespace": NS}}
    rules = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]}]
    role = {"metadata": {"name": shop.name}, "rules": rules}
    subjects = [{"kind": "ServiceAccount", "name": shop.name, "namespace": NS}]
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": shop.name}
    binding = {"metadata": {"name": shop.name}, "subjects": subjects, "roleRef": reference}
    shop.simulator.call(lambda: world.store.create("serviceaccounts", account))
    shop.simulator.call(lambda: world.store.create("clusterroles.rbac.authorization.k8s.io", role))
    shop.simulator.call(lambda: world.store.create("clusterrolebindings.rbac.authorization.k8s.io", binding))
    path = shop.simulator.account_kubeconfig(NS, shop.name)
    with pytest.raises(Forbidden, match="does not allow to watch"):
        wait(Cluster(configuration_of(Settings(kubeconfig=str(path)))), shop.name, failing, 10)


def test_no_connection_is_left(shop: Shop) -> None:
    with Proxy(shop.simulator.url) as proxy:
        loaded = configuration_of(Settings(kubeconfig=str(shop.simulator.kubeconfig)))
        cluster = Cluster(replace(loaded, host=proxy.url), Patience())
        shop.set_image(BAD)
        once_watched(shop, 3)
        assert wait(cluster, shop.name, failing, 10)
        assert proxy.opened >= 3 and soon(lambda: proxy.open <= 1)  # the kept-alive one


# Statuses that are older than the spec


def test_a_status_that_is_older_than_the_spec_is_waited_for(cluster: Cluster, shop: Shop) -> None:
    shop.scale(3)
    once_watched(shop, 0.2)
    assert wait(cluster, shop.name, scaled, 0)


@pytest.mark.parametrize("decide", [scaled, ready])
def test_no_decision_is_taken_on_a_status_that_stays_old(decide: Decide, cluster: Cluster, shop: Shop) -> None:
    shop.scale(3)
    said = r"spec 2 not observed yet \(status is of 1\) after 0 s, so its status is too old to answer from; does"
    with pytest.raises(ImageCorruptError, match=said):
        wait(cluster, shop.name, decide, 0.2)


# Deployments that come and go


def test_a_deployment_that_is_deleted_meanwhile_is_an_error_that_says_so(cluster: Cluster, shop: Shop) -> None:
    store = shop.simulator.world.store

    def delete(request: object) -> None:
        store.delete("deployments.apps", NS, shop.name)

    gone = shop.simulator.faults.hook("after", delete, path="deployments.*watch=true")
    with pytest.raises(NotFound, match=f'Deployment "{shop.name}" is not in namespace "shop"'):
        wait(cluster, shop.name, failing, 2)
    assert gone.struck


@pytest.mark.parametrize("selector", [None, "another"])
def test_a_deployment_that_is_made_again_is_waited_for(selector: str | None, cluster: Cluster, shop: Shop) -> None:
    new = f"{shop.name}-{selector}" if selector else None

    def again() -> None:
        shop.delete()
        shop.create(app=new)
        shop.simulator.advance(5)

    def made_again(view: View) -> bool:
        return view.deployment["metadata"]["uid"] != before and ready(view)

    before = shop.get()["metadata"]["uid"]
    with meanwhile(again):
        assert wait(cluster, shop.name, made_again, 60)


# What is logged


def test_each_change_of_state_is_one_line(cluster: Cluster, shop: Shop, log: pytest.LogCaptureFixture) -> None:
    shop.set_image(BAD)
    watched = threading.Event()
    shop.simulator.faults.hook("after", lambda request: watched.set(), path="watch=true")
    steps = [lambda: shop.simulator.advance(0.05)] * 40
    with meanwhile(watched.wait, *steps, pause=0.01):
        assert wait(cluster, shop.name, failing, 60)
    said = [r.getMessage() for r in log.records if r.levelname == "INFO"]
    assert said[0] == f"Deployment shop/{shop.name}: spec 2 not observed yet (status is of 1)"
    assert all(re.fullmatch(rf"Deployment shop/{shop.name}: .+, \d+ s of 60 s", line) for line in said[1:])
    states = [re.sub(r"^.*?: (.*?)(, \d+ s of 60 s)?$", r"\1", line) for line in said]
    assert re.fullmatch(r"2/2 ready, 1 of 2 updated, (.*, )?app: ErrImagePull \(name does not resolve\)", states[-1])
    assert all(a != b for a, b in itertools.pairwise(states))


def test_one_look_is_logged_without_seconds(cluster: Cluster, shop: Shop, log: pytest.LogCaptureFixture) -> None:
    wait(cluster, shop.name, ready, 0)
    said = [r.getMessage() for r in log.records if r.levelname == "INFO"]
    assert said == [f"Deployment shop/{shop.name}: 2/2 ready, 2 of 2 updated"]


def test_what_happens_to_others_is_not_logged(cluster: Cluster, shop: Shop, log: pytest.LogCaptureFixture) -> None:
    other = Shop(shop.simulator, shop.cluster)
    with meanwhile(lambda: other.scale(3), lambda: shop.simulator.advance(2)):
        wait(cluster, shop.name, failing, 0.3)
    assert len([r for r in log.records if r.levelname == "INFO"]) == 1
