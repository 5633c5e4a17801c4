"""The guard: what it decides, what it is told, what it shows of itself, and that it does its duty."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.duration import from_rfc3339
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.decide import plan_injection
from chaosimagecorrupt.fault.inject import FaultSpec, GuardHandle, Injection
from chaosimagecorrupt.guard import Orders, Task, start_guard
from chaosimagecorrupt.guard.decide import IN_FLIGHT, Duty, InjectorState, Sight, duty
from chaosimagecorrupt.guard.watch import GuardTiming, Watch
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import soon
from ..in_process_client import InProcessClient, Place
from ..simulated_cluster import CORRUPT, IMAGE, NS, SimulatedCluster, command_of, environment_of, state_of
from ..traces import images, traces

pytest_plugins = ["tests.fixtures_simulated_cluster"]

EXPIRES = 1000.0
# Seconds after the expiry; measured: below 1, promised: 5, and the rest is for a slow machine with much to do
IN_TIME = 20.0
SILENT, INJECTED, RELEASED, GONE = (
    InjectorState.SILENT,
    InjectorState.INJECTED,
    InjectorState.RELEASED,
    InjectorState.GONE,
)


@pytest.mark.parametrize(
    ("sight", "todo", "until"),
    [
        ({}, Duty.WAIT, EXPIRES),
        ({"now": EXPIRES}, Duty.RESTORE, None),
        ({"injector": RELEASED}, Duty.END, None),
        ({"injector": RELEASED, "terminated": True}, Duty.END, None),
        ({"terminated": True}, Duty.RESTORE, None),
        ({"terminated": True, "in_place": False}, Duty.RESTORE, None),
        ({"in_place": True}, Duty.WAIT, EXPIRES),
        ({"in_place": True, "injector": INJECTED}, Duty.WAIT, EXPIRES),
        ({"in_place": True, "injector": GONE}, Duty.WAIT, EXPIRES),
        ({"in_place": True, "injector": GONE, "now": EXPIRES}, Duty.RESTORE, None),
        ({"in_place": True, "now": EXPIRES}, Duty.RESTORE, None),
        # the injecting process lives: the fault may come, however late
        ({"in_place": False}, Duty.WAIT, None),
        ({"in_place": False, "now": 10 * EXPIRES}, Duty.WAIT, None),
        ({"in_place": False, "was_in_place": True}, Duty.WAIT, None),
        # it died: the request that it may have sent can still act
        ({"in_place": False, "injector": GONE, "injector_gone_at": 100.0}, Duty.WAIT, EXPIRES),
        ({"in_place": False, "injector": GONE, "injector_gone_at": 990.0}, Duty.WAIT, 990.0 + IN_FLIGHT),
        ({"in_place": False, "injector": GONE, "injector_gone_at": 100.0, "now": EXPIRES}, Duty.RESTORE, None),
        # somebody has undone it
        ({"in_place": False, "injector": INJECTED}, Duty.CLEAN, None),
        ({"in_place": False, "was_in_place": True, "injector": GONE}, Duty.CLEAN, None),
        # the API server does not tell
        ({"in_place": None, "was_in_place": True, "injector": INJECTED}, Duty.WAIT, EXPIRES),
        ({"in_place": None, "injector": GONE, "now": EXPIRES}, Duty.RESTORE, None),
    ],
)
def test_duty(sight: dict[str, Any], todo: Duty, until: float | None) -> None:
    assert duty(Sight(**{"now": 1.0, "expires": EXPIRES, **sight})) == (todo, until)


# one guard on a cluster without HTTP


@pytest.fixture
def corrupt() -> SimpleNamespace:
    """A corrupted Deployment, and its guard, whose time has come."""
    pod = {"containers": [{"name": "app", "image": IMAGE}]}
    labels = {"app": "web"}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    metadata = {"name": "web", "namespace": NS}
    place = Place(time.time(), [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}])
    found = SimpleNamespace(
        place=place, cluster=InProcessClient(place, "guard"), path=f"/apis/apps/v1/namespaces/{NS}/deployments/web"
    )
    how = {"container_name": None, "image": CORRUPT, "ttl": 1.0, "progress_deadline": None}
    injection = plan_injection(
        place.ask("GET", found.path)[1], **how, now=time.time() - 2.0, injection_id="id1", by="me"
    )
    content_type = "application/strategic-merge-patch+json"
    found.patch = lambda patch, manager="somebody": place.ask(
        "PATCH", found.path, patch, content_type, fieldManager=manager
    )
    found.patch(injection.patch, "chaosimagecorrupt")
    place.clock.advance(5.0)
    task = Task("web", NS, injection.entry, time.time() - 1.0)
    # time goes by with each request, and only so
    found.guard_with = lambda **timing: Watch(
        task,
        found.cluster,
        time.time,
        timing=GuardTiming(**{"pause": 0.0, "long_pause": 0.0, "others_clean_up": 0.0} | timing),
    )
    found.guard = found.guard_with()
    found.guard.heard(INJECTED)
    found.left = lambda: traces(
        place.ask("GET", found.path)[1], place.world.store.list("replicasets.apps", NS), [CORRUPT]
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
    guard.heard(INJECTED)
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


def test_a_corrupt_image_whose_record_somebody_removed_is_put_back(corrupt: SimpleNamespace) -> None:
    annotations = corrupt.place.ask("GET", corrupt.path)[1]["metadata"]["annotations"]
    corrupt.patch({"metadata": {"annotations": dict.fromkeys(k for k in annotations if "chaos" in k)}})
    corrupt.guard.run()
    assert corrupt.left() == []


def test_a_record_of_which_only_the_original_image_is_left_is_undone(corrupt: SimpleNamespace) -> None:
    corrupt.patch({"metadata": {"annotations": {"chaos.operatorchaos.io/image-corrupt": None}}})
    corrupt.guard.run()
    assert corrupt.left() == []


def test_a_second_injection_of_somebody_else_is_not_undone(corrupt: SimpleNamespace) -> None:
    restored = {"name": "app", "image": "localhost/app:v2"}
    corrupt.patch({"spec": {"template": {"spec": {"containers": [restored]}}}})
    corrupt.guard.run()
    assert images(corrupt.place.ask("GET", corrupt.path)[1]) == {"app": "localhost/app:v2"}
    assert corrupt.left() == []


class Told:
    """Stands for a guard, and keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def decided(self, entry: Entry) -> None:
        self.said.append(f"decided {entry.original}")

    def injected(self, injection_id: str) -> None:
        self.said.append("injected")

    def release(self, injection_id: str) -> None:
        self.said.append("released")

    def leave(self, injection_id: str) -> None:
        self.said.append("nothing")


@pytest.mark.parametrize(("trouble", "said"), [("lose", "nothing"), (None, "released")])
def test_it_is_released_only_when_nothing_can_have_been_stored(
    corrupt: SimpleNamespace, trouble: str | None, said: str
) -> None:
    """Somebody writes at the same time; then the Deployment is looked at again, and is refused."""
    corrupt.guard.run()
    told, process = Told(), InProcessClient(corrupt.place, "injector")
    process.troubles = [None, trouble]
    # at the patch, whose version is then too old, or at its repetition, of which that is known already
    other = {"metadata": {"annotations": None, "labels": {"chaos.operatorchaos.io/type": "AnotherFault"}}}
    process.meanwhile = {3 if trouble else 2: lambda: corrupt.patch(other)}
    injection = Injection(
        Target("web", NS, process), FaultSpec(None, CORRUPT, 60.0), GuardHandle(Settings(), lambda *_: told)
    )
    with pytest.raises(Refused):
        injection.inject()
    assert told.said == [said]


def test_it_is_told_the_original_that_was_decided_last(corrupt: SimpleNamespace) -> None:
    corrupt.guard.run()
    told, process = Told(), InProcessClient(corrupt.place, "injector")
    deployed = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "localhost/app:v2"}]}}}}
    process.meanwhile = {2: lambda: corrupt.patch(deployed)}
    guard_handle = GuardHandle(Settings(), lambda *_: told)
    Injection(Target("web", NS, process), FaultSpec(None, CORRUPT, 60.0), guard_handle).inject()
    assert (set(told.said[:-1]), told.said[-1]) == ({"decided localhost/app:v2"}, "injected")


# guards as processes


@pytest.fixture
def fault(simulated_cluster: SimulatedCluster, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what corrupts a Deployment of the test's own, guarded; by default for long."""
    name = "guard-" + request.node.name.split("[")[0].replace("_", "-")[-40:] + f"-{time.monotonic_ns()}"
    monkeypatch.setenv("KUBECONFIG", str(simulated_cluster.simulator.kubeconfig))
    monkeypatch.setenv("XDG_STATE_HOME", str(simulated_cluster.folder / name))
    simulated_cluster.create(name)

    def corrupt(ttl: str = "300s", **more: Any) -> SimpleNamespace:
        done = corrupt_image(name, NS, ttl=ttl, **more)
        [pid] = simulated_cluster.guards(name)
        return SimpleNamespace(name=name, done=done, pid=pid, log=Path(done["guard_log"]))

    corrupt.name = name  # type: ignore[attr-defined]
    yield corrupt
    simulated_cluster.simulator.faults.clear()
    simulated_cluster.end(name)


def test_nothing_is_restored_before_the_expiry_and_all_is_soon_after(
    simulated_cluster: SimulatedCluster, fault: Any
) -> None:
    corrupted = fault("2s")
    assert soon(lambda: corrupted.name in simulated_cluster.healed)
    assert (
        -1 <= simulated_cluster.healed[corrupted.name] - from_rfc3339(corrupted.done["expires"]) < IN_TIME
    )  # rounded up
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))
    assert simulated_cluster.left(corrupted.name) == []


def test_the_log_has_a_line_for_each_event(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault("6s")
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))
    said = [line.split("] ", 1)[1] for line in corrupted.log.read_text().splitlines() if line.startswith("[I")]
    called = f"Deployment {NS}/{corrupted.name}"
    assert (
        said[0]
        == f"up, for injection {corrupted.done['id']} until {corrupted.done['expires']}, process {corrupted.pid}"
    )
    assert said[1:] == [
        f"{called}: the fault is in place",
        f"{called}: restore, then end",
        f"{called}: restored app to {IMAGE}",
        f"{called}: restored",
    ]


def test_no_secret_is_in_argv_environment_or_log(
    simulated_cluster: SimulatedCluster, fault: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = simulated_cluster.simulator.token
    monkeypatch.setenv("KUBERNETES_API_KEY", token)
    monkeypatch.setenv("KUBERNETES_PASSWORD", "a secret")
    (tmp_path / "ca").write_bytes(simulated_cluster.authority())
    secrets = {
        "KUBERNETES_HOST": simulated_cluster.simulator.url,
        "KUBERNETES_API_KEY": token,
        "KUBERNETES_CA_CERT_FILE": str(tmp_path / "ca"),
    }
    corrupted = fault(secrets=secrets)
    shown = [*command_of(corrupted.pid), *environment_of(corrupted.pid), corrupted.log.read_text()]
    assert len(shown) > 5
    assert [s for s in shown if token in s or "a secret" in s] == []
    assert corrupted.log.stat().st_mode & 0o777 == 0o600


def test_it_has_no_terminal_and_a_session_and_group_of_its_own(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault()
    parent, group, session, terminal = Path(f"/proc/{corrupted.pid}/stat").read_text().rpartition(")")[2].split()[1:5]
    assert terminal == "0"
    assert {int(group), int(session)}.isdisjoint({os.getpgrp(), os.getsid(0)})
    assert int(parent) != os.getpid()
    opened = {str(p.readlink()) for p in Path(f"/proc/{corrupted.pid}/fd").iterdir()}
    assert not any(o.startswith(("/dev/tty", "/dev/pts")) for o in opened)
    assert Path(f"/proc/{corrupted.pid}/cwd").readlink() == Path("/")


def test_it_ends_as_soon_as_the_record_is_gone(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault()
    restore_image(corrupted.name, NS)
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))


def test_it_ends_when_the_deployment_is_gone(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault()
    simulated_cluster.delete(corrupted.name)
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_restores_at_once_when_it_is_told_to_end(
    simulated_cluster: SimulatedCluster, fault: Any, number: int
) -> None:
    corrupted = fault()
    os.kill(corrupted.pid, number)
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))
    assert simulated_cluster.image(corrupted.name) == IMAGE
    assert simulated_cluster.left(corrupted.name) == []


def test_it_does_not_follow_a_closed_terminal(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault("2s")
    os.kill(corrupted.pid, signal.SIGHUP)
    assert soon(lambda: corrupted.name in simulated_cluster.healed)
    assert simulated_cluster.healed[corrupted.name] > from_rfc3339(corrupted.done["expires"]) - 1  # rounded up


def test_a_watch_that_lags_behind_does_not_make_it_end(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    simulated_cluster.simulator.faults.delay(1.5, path=rf"{fault.name}.*watch=true", times=None)
    corrupted = fault("3s")
    assert soon(lambda: corrupted.name in simulated_cluster.healed)
    assert (
        -1 <= simulated_cluster.healed[corrupted.name] - from_rfc3339(corrupted.done["expires"]) < IN_TIME
    )  # rounded up


def test_watches_that_end_and_expire_do_not_disturb_it(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault("2s")
    simulated_cluster.simulator.faults.close_watches()
    simulated_cluster.simulator.faults.expire_watches()
    assert soon(lambda: corrupted.name in simulated_cluster.healed)
    assert simulated_cluster.healed[corrupted.name] > from_rfc3339(corrupted.done["expires"]) - 1  # rounded up


def test_it_knows_the_original_that_was_decided_last(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    deployed = "localhost/app:v2"
    path, ci = rf"deployments/{fault.name}\?", []
    simulated_cluster.simulator.faults.hook(
        "before", lambda _: ci.append(simulated_cluster.write_inside(fault.name, deployed)), "PATCH", path
    )
    corrupted = fault("3s")
    assert ci and corrupted.done["original_image"] == deployed
    simulated_cluster.strip(corrupted.name)
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))
    assert simulated_cluster.image(corrupted.name) == deployed


def test_two_for_the_same_target_are_harmless(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault("6s", guard=True)
    settings = Settings(kubeconfig=str(simulated_cluster.simulator.kubeconfig))
    record = simulated_cluster.entry(corrupted.name)
    task = Task(corrupted.name, NS, record, time.time() + 5.0)
    start_guard(Orders((task,), settings, str(corrupted.log) + ".2"), os.environ).injected(record.id)
    assert len(simulated_cluster.guards(corrupted.name)) == 2
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))
    assert (simulated_cluster.image(corrupted.name), simulated_cluster.left(corrupted.name)) == (IMAGE, [])


def test_a_full_disk_does_not_stop_it(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault("60s", guard=True)
    settings = Settings(kubeconfig=str(simulated_cluster.simulator.kubeconfig))
    task = Task(corrupted.name, NS, simulated_cluster.entry(corrupted.name), time.time() + 0.5)
    start_guard(Orders((task,), settings, "/dev/full"), os.environ).injected(task.entry.id)
    assert soon(lambda: corrupted.name in simulated_cluster.healed)


def test_without_a_guard_that_is_up_nothing_is_injected(
    simulated_cluster: SimulatedCluster, fault: Any, tmp_path: Path
) -> None:
    before = simulated_cluster.get(fault.name)["spec"]
    with pytest.raises(Refused, match="did not start"):
        simulated_cluster.inject(fault.name, Settings(kubeconfig=str(tmp_path / "missing")))
    assert simulated_cluster.get(fault.name)["spec"] == before


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End a process that is perhaps stopped, also where a test fails."""
    try:
        yield
    finally:
        process.kill()


STOPPED = """
import os, signal, sys
from chaosimagecorrupt.guard import start_guard
from chaosimagecorrupt.fault.inject import FaultSpec, GuardHandle, Injection
from chaosimagecorrupt.kube.settings import read_settings
from chaosimagecorrupt.workload.target import Target

def start(orders, env):
    guard = start_guard(orders, env)
    os.kill(os.getpid(), int(sys.argv[3]))
    return guard

target = Target.of(sys.argv[1], sys.argv[2], None)
spec = FaultSpec(None, "registry.invalid/nonexistent:chaos", 1.0)
Injection(target, spec, GuardHandle(read_settings(None, os.environ), start)).inject()
"""


def test_a_process_that_is_stopped_across_the_expiry_and_goes_on_is_still_guarded(
    simulated_cluster: SimulatedCluster, fault: Any
) -> None:
    command = [sys.executable, "-c", STOPPED, fault.name, NS, str(int(signal.SIGSTOP))]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process, ended(process):
        assert soon(lambda: state_of(process.pid) == "T")
        time.sleep(2.5)  # the ttl is 1 s
        assert (
            set(simulated_cluster.guards(fault.name)) - {process.pid} and fault.name not in simulated_cluster.corrupted
        )
        process.send_signal(signal.SIGCONT)
        assert process.wait(60) == 0
    assert fault.name in simulated_cluster.corrupted
    assert soon(lambda: fault.name in simulated_cluster.healed)
    assert simulated_cluster.healed[fault.name] - simulated_cluster.corrupted[fault.name] < IN_TIME
    assert soon(lambda: not simulated_cluster.guards(fault.name))


def test_a_process_that_dies_before_the_patch_leaves_a_guard_that_ends(
    simulated_cluster: SimulatedCluster, fault: Any
) -> None:
    command = [sys.executable, "-c", STOPPED, fault.name, NS, str(int(signal.SIGKILL))]
    assert subprocess.run(command, stderr=subprocess.DEVNULL).returncode == -signal.SIGKILL
    [pid] = simulated_cluster.guards(fault.name)
    os.kill(pid, signal.SIGTERM)
    assert soon(lambda: not simulated_cluster.guards(fault.name))
    assert (simulated_cluster.image(fault.name), simulated_cluster.left(fault.name)) == (IMAGE, [])
