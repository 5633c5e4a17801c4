"""The server: TLS, tokens, watches over the wire, its kubeconfig and its end."""

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from chaosimagecorrupt.simulator import Simulator
from chaosimagecorrupt.simulator.api import User
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.seed import SeedRefused
from chaosimagecorrupt.simulator.server import BOOKMARK_SECONDS
from chaosimagecorrupt.simulator.types import Json

from .calls import DEPLOYMENTS, MERGE, PODS, WEB, HttpCalls, deployment, image_patch

CONFIGS = "/api/v1/namespaces/default/configmaps"
MODULE = [sys.executable, "-m", "chaosimagecorrupt.simulator"]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator([], clock=ManualClock()) as simulator:
        yield simulator


@pytest.fixture
def calls(simulator: Simulator) -> Iterator[HttpCalls]:
    calls = HttpCalls(simulator)
    calls("DELETE", CONFIGS)
    yield calls
    calls.close()


def watched(calls: HttpCalls, path: str, act: Any) -> list[Json]:
    """What a watch tells from its beginning, something being done once it is there."""
    connection = calls.connect()
    connection.request("GET", path, headers={"Authorization": f"Bearer {calls.simulator.token}"})
    response = connection.getresponse()
    act()
    lines = response.read().splitlines()
    connection.close()
    return [json.loads(line) for line in lines]


def test_only_loopback_is_listened_on(simulator: Simulator) -> None:
    assert simulator.url.startswith("https://127.0.0.1:")
    port = urlsplit(simulator.url).port
    others = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with socket.socket() as probe, pytest.raises(OSError):
            probe.settimeout(0.5)
            probe.connect((address, port))


def test_two_simulators_have_two_ports() -> None:
    with Simulator([], clock=ManualClock()) as one, Simulator([], clock=ManualClock()) as other:
        assert one.url != other.url
        assert one.token != other.token


def test_nothing_is_answered_without_the_token(simulator: Simulator) -> None:
    config = json.loads(simulator.kubeconfig.read_text())
    assert config["users"][0]["user"] == {"token": simulator.token}
    context = HttpCalls(simulator).context
    request = urllib.request.Request(simulator.url + DEPLOYMENTS)
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        urllib.request.urlopen(request, context=context)
    refused.value.close()


def test_the_certificate_is_of_the_simulator_only(simulator: Simulator) -> None:
    with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
        urllib.request.urlopen(simulator.url, context=ssl.create_default_context())


def test_the_kubeconfig_is_for_its_owner_and_goes_with_the_simulator() -> None:
    with Simulator([], clock=ManualClock()) as simulator:
        path = simulator.kubeconfig
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        extra = simulator.user_kubeconfig(User("jane"))
        assert extra.exists()
    assert not path.exists()
    assert not extra.exists()


def test_the_port_is_closed_at_the_end() -> None:
    with Simulator([], clock=ManualClock()) as simulator:
        port = urlsplit(simulator.url).port
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", port))


def test_a_failure_in_the_block_ends_the_simulator_too() -> None:
    with pytest.raises(ZeroDivisionError), Simulator([], clock=ManualClock()) as simulator:
        path = simulator.kubeconfig
        raise ZeroDivisionError
    assert not path.exists()


def test_a_manifest_that_is_refused_fails_the_start() -> None:
    threads = threading.active_count()
    with pytest.raises(SeedRefused, match=r"spec.template.metadata.labels"):
        Simulator([deployment(selector={"matchLabels": {"app": "other"}})], clock=ManualClock()).__enter__()
    assert threading.active_count() == threads


def test_what_is_seeded_is_rolled_out_at_the_start() -> None:
    shop = deployment()
    shop["metadata"]["namespace"] = "shop"
    with Simulator([shop], clock=ManualClock()) as simulator:
        status = simulator.call(lambda: simulator.world.store.get("deployments.apps", "shop", "web"))
    assert status is not None
    assert status["status"]["availableReplicas"] == 2
    assert status["metadata"]["managedFields"][0]["manager"] in ("installer", "kube-controller-manager")


def test_seeds_of_unknown_kinds_define_them() -> None:
    kinds = ("Policy", "Mesh", "Widget")
    seeds = [
        {
            "apiVersion": "example.com/v1",
            "kind": kind,
            "metadata": {"name": "a"},
            "spec": {"any": 1},
            "status": {"b": 2},
        }
        for kind in kinds
    ]
    with Simulator(seeds, clock=ManualClock()) as simulator:
        calls = HttpCalls(simulator)
        found = [calls("GET", f"/apis/example.com/v1/{plural}/a").body for plural in ("policies", "meshes", "widgets")]
        calls.close()
    assert [(obj["kind"], obj["status"]) for obj in found] == [(kind, {"b": 2}) for kind in kinds]


def test_a_client_certificate_is_a_user(simulator: Simulator, calls: HttpCalls, tmp_path: Path) -> None:
    path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    chain, key = simulator._credentials.client_certificate(User("jane", ("viewers",)))
    (tmp_path / "both.pem").write_bytes(chain + key)
    calls.context.load_cert_chain(tmp_path / "both.pem")
    request = urllib.request.Request(simulator.url + path, b"{}", {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, context=calls.context) as answer:
        info = json.load(answer)["status"]["userInfo"]
    assert info == {"username": "jane", "groups": ["viewers", "system:authenticated"]}


def test_a_certificate_has_one_group_at_most(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="at most one group"):
        simulator.user_kubeconfig(User("jane", ("a", "b")))


def test_a_token_of_no_account_is_refused(simulator: Simulator) -> None:
    with pytest.raises(KeyError, match="no service account"):
        simulator.account_kubeconfig("default", "nobody")


def test_a_watch_tells_what_happens(simulator: Simulator, calls: HttpCalls) -> None:
    def act() -> None:
        calls("POST", CONFIGS, {"metadata": {"name": "a"}})
        calls("PATCH", f"{CONFIGS}/a", {"data": {"x": "y"}}, MERGE)
        calls("DELETE", f"{CONFIGS}/a")
        simulator.faults.close_watches()

    events = watched(calls, f"{CONFIGS}?watch=true", act)
    assert [event["type"] for event in events] == ["ADDED", "MODIFIED", "DELETED"]


def test_a_watch_ends_by_its_timeout_with_a_bookmark(calls: HttpCalls) -> None:
    started = time.monotonic()
    path = f"{CONFIGS}?watch=true&timeoutSeconds=1&allowWatchBookmarks=true"
    events = watched(calls, path, lambda: None)
    assert [event["type"] for event in events] == ["BOOKMARK"]
    assert 0.9 < time.monotonic() - started < BOOKMARK_SECONDS


def test_a_client_that_goes_ends_its_watch(simulator: Simulator, calls: HttpCalls) -> None:
    connection = calls.connect()
    connection.request("GET", f"{CONFIGS}?watch=true", headers={"Authorization": f"Bearer {simulator.token}"})
    connection.getresponse()
    assert simulator.call(lambda: len(simulator._server._feeds)) == 1
    connection.close()
    assert_soon(lambda: simulator.call(lambda: len(simulator._server._feeds)) == 0)


def assert_soon(holds: Any, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


def test_a_body_that_is_too_large(calls: HttpCalls) -> None:
    answer = calls("POST", CONFIGS, {"metadata": {"name": "a"}, "data": {"x": "y" * 2_000_000}})
    assert (answer.status, "this is the simulator" in answer.message) == (413, True)


def test_a_bug_is_told_and_logged(
    simulator: Simulator, calls: HttpCalls, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator._api, "_reader", None)
    answer = calls("GET", CONFIGS)
    assert (answer.status, "this is the simulator, and it has a bug: AttributeError" in answer.message) == (500, True)
    assert "Traceback" in caplog.text


def test_requests_are_logged(simulator: Simulator, calls: HttpCalls) -> None:
    before = len(simulator.requests)
    calls("POST", f"{CONFIGS}?fieldManager=me", {"metadata": {"name": "a"}})
    calls("GET", f"{CONFIGS}/nothing")
    made, missing = simulator.requests[before:]
    assert (made.method, made.path, json.loads(made.body)) == (
        "POST",
        f"{CONFIGS}?fieldManager=me",
        {"metadata": {"name": "a"}},
    )
    assert (made.status, missing.status, made.user_agent) == (201, 404, "tester/1.0")
    assert missing.sent > 100


def test_what_is_run_in_the_simulator_returns_and_raises(simulator: Simulator) -> None:
    assert simulator.call(lambda: threading.current_thread().name) == "simulator"
    assert simulator.call(lambda: simulator.call(lambda: 3)) == 3
    with pytest.raises(ZeroDivisionError):
        simulator.call(lambda: 1 // 0)


def test_real_time_cannot_be_advanced() -> None:
    with Simulator([]) as simulator, pytest.raises(TypeError, match="ManualClock"):
        simulator.advance(1)


def test_a_rollout_goes_on_by_itself_in_real_time() -> None:
    with Simulator([deployment()]) as simulator:
        calls = HttpCalls(simulator)
        patch = image_patch("example.org/app:v2")
        version = calls("GET", DEPLOYMENTS).body["metadata"]["resourceVersion"]
        calls("PATCH", WEB, patch, "application/strategic-merge-patch+json")

        def done() -> bool:
            status = calls("GET", WEB).body["status"]
            return bool(status.get("observedGeneration") == 2 and status.get("updatedReplicas") == 2)

        assert_soon(done)
        seen = calls("GET", f"{PODS}?watch=true&resourceVersion={version}&timeoutSeconds=1").body
        calls.close()
    assert {"ADDED", "MODIFIED"} <= {event["type"] for event in seen}


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Any]:
    """Starts the command, and ends it."""
    started: list[subprocess.Popen[str]] = []
    seed = tmp_path / "seed.yaml"
    seed.write_text(json.dumps(deployment()))
    path = tmp_path / "kubeconfig"

    def start(*options: str) -> subprocess.Popen[str]:
        command = [*MODULE, "--seed", str(seed), "--kubeconfig", str(path), *options]
        running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(running)
        assert running.stdout is not None
        assert running.stdout.readline() == f"KUBECONFIG={path}\n"
        return running

    yield start
    for running in started:
        running.kill()
        running.wait()
        for pipe in (running.stdin, running.stdout, running.stderr):
            assert pipe is not None
            pipe.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_command_ends_by_signal_and_cleans_up(process: Any, tmp_path: Path, number: signal.Signals) -> None:
    running = process()
    assert (tmp_path / "kubeconfig").exists()
    running.send_signal(number)
    _, told = running.communicate(timeout=60)
    assert (running.returncode, "SIMULATED" in told) == (0, True)
    assert not (tmp_path / "kubeconfig").exists()


def test_the_command_ends_with_its_input(process: Any, tmp_path: Path) -> None:
    running = process("--until-eof")
    running.stdin.close()
    assert running.wait(timeout=60) == 0
    assert not (tmp_path / "kubeconfig").exists()


def test_the_command_ends_with_its_parent(process: Any, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        running = process("--parent", str(parent.pid))
        assert running.poll() is None
        parent.communicate(b"\n")
    assert running.wait(timeout=60) == 0
    assert not (tmp_path / "kubeconfig").exists()


def test_a_command_whose_parent_is_gone_already_ends(process: Any) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as parent:
        parent.wait()
    assert process("--parent", str(parent.pid)).wait(timeout=60) == 0
    assert os.getpid() != parent.pid
