"""A simulator's start and end, its time and its kubeconfigs."""

import stat
import threading

import pytest

from chaosimagecorrupt.simulator.api import User
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.seed import SeedRefused

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import soon
from .api.workloads import daemon_set, stateful_set
from .calls import DEPLOYMENTS, PODS, WEB, HttpCalls, deployment, image_patch


def test_the_kubeconfig_is_for_its_owner_and_goes_with_the_simulator() -> None:
    with FaultySimulator([], clock=ManualClock()) as simulator:
        path = simulator.kubeconfig
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        extra = simulator.user_kubeconfig(User("jane"))
        assert extra.exists()
    assert not path.exists()
    assert not extra.exists()


def test_a_failure_in_the_block_ends_the_simulator_too() -> None:
    with pytest.raises(ZeroDivisionError), FaultySimulator([], clock=ManualClock()) as simulator:
        path = simulator.kubeconfig
        raise ZeroDivisionError
    assert not path.exists()


def test_a_manifest_that_is_refused_fails_the_start() -> None:
    threads = threading.active_count()
    with pytest.raises(SeedRefused, match=r"spec.template.metadata.labels"):
        FaultySimulator([deployment(selector={"matchLabels": {"app": "other"}})], clock=ManualClock()).__enter__()
    assert threading.active_count() == threads


def test_what_is_seeded_is_rolled_out_at_the_start() -> None:
    shop = deployment()
    shop["metadata"]["namespace"] = "shop"
    with FaultySimulator([shop], clock=ManualClock()) as simulator:
        status = simulator.call(lambda: simulator.world.store.get("deployments.apps", "shop", "web"))
    assert status is not None
    assert status["status"]["availableReplicas"] == 2
    assert status["metadata"]["managedFields"][0]["manager"] in ("installer", "kube-controller-manager")


def test_stateful_sets_and_daemon_sets_are_waited_for_too() -> None:
    with FaultySimulator([stateful_set(replicas=3), daemon_set()], clock=ManualClock()) as simulator:
        stored = simulator.call(lambda: simulator.world.store.list("pods"))
    assert [pod["status"]["phase"] for pod in stored] == ["Running"] * 4


def test_a_token_of_no_account_is_refused(simulator: FaultySimulator) -> None:
    with pytest.raises(KeyError, match="no service account"):
        simulator.account_kubeconfig("default", "nobody")


def test_what_is_run_in_the_simulator_returns_and_raises(simulator: FaultySimulator) -> None:
    assert simulator.call(lambda: threading.current_thread().name) == "simulator"
    assert simulator.call(lambda: simulator.call(lambda: 3)) == 3
    with pytest.raises(ZeroDivisionError):
        simulator.call(lambda: 1 // 0)


def test_real_time_cannot_be_advanced() -> None:
    with FaultySimulator([]) as simulator, pytest.raises(TypeError, match="ManualClock"):
        simulator.advance(1)


def test_a_rollout_goes_on_by_itself_in_real_time() -> None:
    with FaultySimulator([deployment()]) as simulator:
        http_calls = HttpCalls(simulator)
        patch = image_patch("example.org/app:v2")
        version = http_calls("GET", DEPLOYMENTS).body["metadata"]["resourceVersion"]
        http_calls("PATCH", WEB, patch, "application/strategic-merge-patch+json")

        def done() -> bool:
            status = http_calls("GET", WEB).body["status"]
            return bool(status.get("observedGeneration") == 2 and status.get("updatedReplicas") == 2)

        assert soon(done)
        seen = http_calls("GET", f"{PODS}?watch=true&resourceVersion={version}&timeoutSeconds=1").body
        http_calls.close()
    assert {"ADDED", "MODIFIED"} <= {event["type"] for event in seen}
