"""A guard of one Deployment, on a cluster without HTTP, undoes the fault whatever goes wrong."""

import logging
import threading
import time
from types import SimpleNamespace

import logzero
import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.decide import Origin, plan_injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.guard.decide import GuardTiming, InjectorState
from chaosimagecorrupt.guard.orders import Task
from chaosimagecorrupt.guard.turns import Turns
from chaosimagecorrupt.guard.watch import InjectionGuard
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.restore import put_back
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import Shop, soon
from ..in_process_client import InProcessClient, web_place
from ..restricted_client import RestrictedClient
from ..simulated_cluster import CORRUPT, NS
from ..traces import images, traces

INJECTED = InjectorState.INJECTED


@pytest.fixture
def corrupt(request: pytest.FixtureRequest) -> SimpleNamespace:
    """A corrupted Deployment, and its guard, whose time has come; the parameter is its progress deadline."""
    place = web_place()
    found = SimpleNamespace(
        place=place, cluster=InProcessClient(place, "guard"), path=f"/apis/apps/v1/namespaces/{NS}/deployments/web"
    )
    injection = plan_injection(
        Snapshot(place.ask("GET", found.path).body),
        FaultSpec(None, CORRUPT, ttl=1.0, progress_deadline=getattr(request, "param", None)),
        Origin("id1", time.time() - 2.0, "me"),
    )
    content_type = "application/strategic-merge-patch+json"
    found.patch = lambda patch, manager="someone": place.ask(
        "PATCH", found.path, patch, content_type, fieldManager=manager
    )
    found.patch(injection.patch, "chaosimagecorrupt")
    place.clock.advance(5.0)
    task = Task("web", NS, injection.entry, time.time() - 1.0)
    # time goes by with each request, and only so
    found.guard_with = lambda **timing: InjectionGuard(
        task,
        found.cluster,
        time.time,
        Turns(1),
        timing=GuardTiming(**{"pause": 0.0, "long_pause": 0.0, "others_clean_up": 0.0} | timing),
    )
    found.guard = found.guard_with()
    found.guard.injector_reported(INJECTED)
    found.left = lambda: traces(
        place.ask("GET", found.path).body, place.world.store.list("replicasets.apps", NS), [CORRUPT]
    )
    return found


@pytest.mark.parametrize("trouble", ["drop", "lose", "503", "429", "401", "403"])
def test_no_trace_is_left_whichever_request_fails(corrupt: SimpleNamespace, trouble: str) -> None:
    corrupt.cluster.troubles = [None] * 3 + [trouble] * 9 + [None, None, trouble] + [None] * 3 + [trouble] * 12
    corrupt.guard.run()
    assert corrupt.left() == []


@pytest.mark.parametrize("nth", range(12))
def test_no_trace_is_left_when_the_api_server_is_away_from_any_request_on(corrupt: SimpleNamespace, nth: int) -> None:
    corrupt.cluster.troubles = [None] * nth + ["drop"] * 30
    corrupt.guard.run()
    assert corrupt.left() == []


@pytest.mark.parametrize("trouble", ["401", "403"])
def test_a_refusal_at_the_expiry_is_not_taken_for_the_last_word(corrupt: SimpleNamespace, trouble: str) -> None:
    """An API server that starts answers so until it has read all roles and keys."""
    guard = corrupt.guard_with(long_pause=3600.0)
    guard.injector_reported(INJECTED)
    corrupt.cluster.troubles = [None, trouble, None, trouble]
    threading.Thread(target=guard.run, daemon=True).start()
    assert soon(lambda: corrupt.left() == [], 10.0)


@pytest.mark.parametrize("nth", range(1, 12, 2))
@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), Refused("no"), KeyError("items")])
def test_no_error_whatever_ends_it_before_its_time(corrupt: SimpleNamespace, error: Exception, nth: int) -> None:
    def fail() -> None:
        raise error

    corrupt.cluster.meanwhile = {nth: fail, nth + 1: fail}
    corrupt.guard.run()
    assert corrupt.left() == []


def test_a_corrupt_image_whose_record_someone_removed_is_put_back(corrupt: SimpleNamespace) -> None:
    annotations = corrupt.place.ask("GET", corrupt.path).body["metadata"]["annotations"]
    corrupt.patch({"metadata": {"annotations": dict.fromkeys(k for k in annotations if "chaos" in k)}})
    corrupt.guard.run()
    assert corrupt.left() == []


def test_a_record_of_which_only_the_original_image_is_left_is_undone(corrupt: SimpleNamespace) -> None:
    corrupt.patch({"metadata": {"annotations": {"chaos.operatorchaos.io/image-corrupt": None}}})
    corrupt.guard.run()
    assert corrupt.left() == []


def test_a_second_injection_of_another_client_is_not_undone(corrupt: SimpleNamespace) -> None:
    restored = {"name": "app", "image": "localhost/app:v2"}
    corrupt.patch({"spec": {"template": {"spec": {"containers": [restored]}}}})
    corrupt.guard.run()
    assert images(corrupt.place.ask("GET", corrupt.path).body) == {"app": "localhost/app:v2"}
    assert corrupt.left() == []


def told(corrupt: SimpleNamespace) -> list[str]:
    """The reasons of the Events that the guard has emitted."""
    found = corrupt.place.ask("GET", f"/apis/events.k8s.io/v1/namespaces/{NS}/events").body["items"]
    return [e["reason"] for e in found if e["reportingController"] == "chaosimagecorrupt"]


@pytest.mark.parametrize(
    ("image", "reason"),
    [(CORRUPT, "GuardRestored"), ("localhost/app:v1", "ImageHealed"), ("localhost/app:v2", "ImageSuperseded")],
)
def test_what_the_guard_did_is_told_to_all_once(corrupt: SimpleNamespace, image: str, reason: str) -> None:
    if image != CORRUPT:
        corrupt.patch({"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}})
    corrupt.guard.run()
    assert told(corrupt) == [reason]


def test_a_guard_tells_nobody_of_what_another_process_has_restored(corrupt: SimpleNamespace) -> None:
    put_back(Target("web", NS, InProcessClient(corrupt.place, "another")))
    corrupt.guard.run()
    assert (told(corrupt), corrupt.left()) == ([], [])


@pytest.mark.parametrize("corrupt", [30], indirect=True)
def test_an_image_that_a_rollback_of_kubectl_put_back_is_told_of_when_only_the_deadline_was_left(
    corrupt: SimpleNamespace,
) -> None:
    annotations = corrupt.place.ask("GET", corrupt.path).body["metadata"]["annotations"]
    back = {"containers": [{"name": "app", "image": "localhost/app:v1"}]}
    removed = {"annotations": dict.fromkeys(k for k in annotations if "chaos" in k)}
    corrupt.patch({"metadata": removed, "spec": {"template": {"spec": back}}})
    corrupt.guard.run()
    assert (told(corrupt), corrupt.left()) == (["ImageHealed"], [])


def test_a_guard_that_is_released_after_its_own_restore_tells_all_the_same(corrupt: SimpleNamespace) -> None:
    """The injecting process found nothing left to restore, and was faster than the guard's clean-up."""
    corrupt.cluster.meanwhile = {4: lambda: corrupt.guard.injector_reported(InjectorState.RELEASED)}
    corrupt.guard.run()
    assert told(corrupt) == ["GuardRestored"]


def test_a_guard_without_the_right_leaves_no_trace_all_the_same(corrupt: SimpleNamespace) -> None:
    corrupt.cluster = RestrictedClient(corrupt.place, "restricted", "create events.events.k8s.io")
    corrupt.guard = corrupt.guard_with()
    corrupt.guard.injector_reported(INJECTED)
    corrupt.guard.run()
    assert (told(corrupt), corrupt.left()) == ([], [])


def logged(corrupt: SimpleNamespace, **timing: float) -> list[str]:
    """Run a guard of an injection that is reported to be undone; return what it logs."""
    lines = list[str]()
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]  # keeps the texts
    logzero.logger.addHandler(handler)
    try:
        guard = corrupt.guard_with(others_restore=0.0, **timing)
        guard.injector_reported(InjectorState.UNDONE)
        guard.run()
    finally:
        logzero.logger.removeHandler(handler)
    return lines


def test_a_cluster_that_is_gone_after_the_fault_was_undone_is_given_up_soon(corrupt: SimpleNamespace) -> None:
    corrupt.cluster.troubles = ["drop"] * 1000
    lines = logged(corrupt, pause=0.01, clean_up=0.05)
    assert "has its image back, but traces of the fault may be left" in lines[-1]
    assert "chaos image-corrupt restore web -n shop" in lines[-1]
    assert not [line for line in lines if "not restored" in line]


def test_a_fault_that_is_in_place_all_the_same_is_undone_at_its_expiry(corrupt: SimpleNamespace) -> None:
    """Such as after `kubectl rollout undo`, which rolls the corrupt image out again."""
    assert "restored app to" in " ".join(logged(corrupt))
    assert corrupt.left() == []


def test_a_guard_that_is_asked_to_end_makes_one_attempt(corrupt: SimpleNamespace) -> None:
    corrupt.cluster.troubles = ["drop"] * 1000
    guard = corrupt.guard_with()
    guard.injector_reported(INJECTED)
    guard.ask_to_end()
    guard.run()
    assert not guard.undone and images(corrupt.place.ask("GET", corrupt.path)[1]) == {"app": CORRUPT}


class GuardedShop:
    """A Deployment that is about to be corrupted, and its guard, in a thread of its own."""

    def __init__(self, shop: Shop, cluster: Cluster, watch_lag: float) -> None:
        self.shop, self._from = shop, len(shop.simulator.requests)
        shop.second_after_patches()
        origin = Origin("id1", time.time(), "me")
        self._plan = plan_injection(Snapshot(shop.get()), FaultSpec(None, CORRUPT, ttl=600.0), origin)
        task = Task(shop.name, NS, self._plan.entry, time.time() + 600.0)
        timing = GuardTiming(watch_lag=watch_lag, others_clean_up=0.0)
        self.guard = InjectionGuard(task, cluster, time.time, Turns(1), timing)
        self._thread = threading.Thread(target=self.guard.run, daemon=True)
        self._thread.start()
        assert soon(lambda: "watch=true" in " ".join(self._asked()))

    def inject(self) -> None:
        assert self._plan.patch is not None
        self.shop.patch(self._plan.patch)

    def _asked(self) -> list[str]:
        paths = [r.path for r in self.shop.simulator.requests[self._from :]]
        return [path for path in paths if f"/deployments?fieldSelector=metadata.name%3D{self.shop.name}" in path]

    @property
    def lists(self) -> int:
        return len([path for path in self._asked() if "watch=true" not in path])

    def end(self) -> None:
        """Have the guard undo the fault and end."""
        self.guard.ask_to_end()
        self._thread.join(30.0)
        assert not self._thread.is_alive() and images(self.shop.get()) != {"app": CORRUPT}


def test_a_watch_that_shows_the_fault_after_the_report_is_waited_for(
    shop: Shop, cluster: Cluster, log: pytest.LogCaptureFixture
) -> None:
    guarded = GuardedShop(shop, cluster, watch_lag=60.0)
    guarded.guard.injector_reported(INJECTED)
    assert soon(lambda: INJECTED.value in log.text)
    # a guard that has to end now must not say that the image is back
    assert not guarded.guard.undone
    guarded.inject()
    assert soon(lambda: guarded.guard._observation.in_place) and guarded.lists == 1
    guarded.end()


def test_a_fault_that_was_undone_before_the_watch_showed_it_is_undone(shop: Shop, cluster: Cluster) -> None:
    guarded = GuardedShop(shop, cluster, watch_lag=0.1)
    guarded.guard.injector_reported(INJECTED)
    assert soon(lambda: guarded.guard.undone)
    guarded.end()


def test_what_the_watch_does_not_show_soon_is_listed_again(shop: Shop, cluster: Cluster) -> None:
    refused = shop.simulator.faults.answer(503, path="watch=true", times=None)
    guarded = GuardedShop(shop, cluster, watch_lag=0.1)
    assert soon(lambda: refused.struck)
    guarded.inject()
    guarded.guard.injector_reported(INJECTED)
    assert soon(lambda: guarded.lists == 2 and not guarded.guard.undone)
    assert images(shop.get()) == {"app": CORRUPT}
    guarded.end()
