"""Guards as processes: what they show of themselves, what ends them, and what they do not follow."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.duration import from_rfc3339
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.guard.orders import Orders, Task
from chaosimagecorrupt.guard.start import start_guard
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import soon
from ..simulated_cluster import CORRUPT, IMAGE, NS, SimulatedCluster, command_of, environment_of, state_of

pytest_plugins = ["tests.fixtures_simulated_cluster"]

# Seconds after the expiry; measured: below 1, promised: 5, and the rest is for a slow machine with much to do
IN_TIME = 20.0


class Corrupting:
    """Corrupts a Deployment of the test's own, guarded; by default for long."""

    def __init__(self, cluster: SimulatedCluster, name: str) -> None:
        self._cluster, self.name = cluster, name

    def __call__(self, ttl: str = "300s", **more: Any) -> SimpleNamespace:
        done = corrupt_image(self.name, NS, ttl=ttl, **more)
        [pid] = self._cluster.guards(self.name)
        return SimpleNamespace(name=self.name, done=done, pid=pid, log=Path(done["guard_log"]))


@pytest.fixture
def fault(simulated_cluster: SimulatedCluster, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what corrupts a Deployment that is there."""
    name = "guard-" + request.node.name.split("[")[0].replace("_", "-")[-40:] + f"-{time.monotonic_ns()}"
    monkeypatch.setenv("KUBECONFIG", str(simulated_cluster.simulator.kubeconfig))
    monkeypatch.setenv("XDG_STATE_HOME", str(simulated_cluster.folder / name))
    simulated_cluster.create(name)
    yield Corrupting(simulated_cluster, name)
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
        f"{called}: restore",
        f"{called}: restored app to {IMAGE}",
        f"{called}: restored",
        f"{called}: the fault is undone; clean up",
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


def without_answers(simulated_cluster: SimulatedCluster, corrupted: Any, *, undone: bool) -> str:
    """Have the API server hang on requests for the Deployment; return what the guard is to say of what is left."""
    if not undone:
        simulated_cluster.simulator.faults.hold("before", path=corrupted.name, times=None)
        return "may still be corrupted"
    simulated_cluster.set_image(corrupted.name, IMAGE)
    simulated_cluster.strip(corrupted.name)
    # the list and the watch go on, so that the guard gets to know that the fault is undone
    simulated_cluster.simulator.faults.hold("before", path=f"deployments/{corrupted.name}", times=None)
    assert soon(lambda: "clean up" in corrupted.log.read_text())
    return "traces of the fault may be left"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("undone", [False, True])
def test_it_ends_within_5_s_of_a_signal_when_the_api_server_hangs(
    simulated_cluster: SimulatedCluster, fault: Any, number: int, undone: bool
) -> None:
    corrupted = fault()
    left = without_answers(simulated_cluster, corrupted, undone=undone)
    asked = time.monotonic()
    os.kill(corrupted.pid, number)
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))
    assert time.monotonic() - asked < 6.0  # promised: 5; the rest is for a slow machine
    last = corrupted.log.read_text().splitlines()[-1]
    assert left in last and f"chaos image-corrupt restore {corrupted.name} -n {NS}" in last


def test_it_ends_within_5_s_of_a_signal_when_nothing_was_injected(
    simulated_cluster: SimulatedCluster, fault: Any
) -> None:
    settings = Settings(kubeconfig=str(simulated_cluster.simulator.kubeconfig))
    task = Task(fault.name, NS, Entry("app", IMAGE, CORRUPT, "id1"), time.time() + 300.0)
    process = start_guard(Orders((task,), settings, os.devnull), os.environ)
    [pid] = simulated_cluster.guards(fault.name)
    os.kill(pid, signal.SIGTERM)
    assert soon(lambda: not simulated_cluster.guards(fault.name), 6.0)
    process.release("id1")
    assert simulated_cluster.left(fault.name) == []


def test_it_ends_at_once_when_the_run_has_restored_and_cleaned_up(
    simulated_cluster: SimulatedCluster, fault: Any
) -> None:
    corrupted = fault()
    restore_image(corrupted.name, NS)
    simulated_cluster.simulator.faults.hold("before", path=corrupted.name, times=None)
    assert soon(lambda: not simulated_cluster.guards(corrupted.name), 5.0)
    assert "nothing left to guard" in corrupted.log.read_text()


def corrupt_replica_sets(simulated_cluster: SimulatedCluster, name: str) -> list[str]:
    return [trace for trace in simulated_cluster.left(name) if "ReplicaSet" in trace]


def test_it_leaves_the_history_that_the_run_was_told_to_leave(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault()
    assert soon(lambda: corrupt_replica_sets(simulated_cluster, corrupted.name))
    restore_image(corrupted.name, NS, clean_history=False)
    assert soon(lambda: not simulated_cluster.guards(corrupted.name))
    assert corrupt_replica_sets(simulated_cluster, corrupted.name)


def test_its_arguments_say_what_it_guards(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    corrupted = fault()
    assert command_of(corrupted.pid)[-3:-1] == [simulated_cluster.simulator.url, f"{NS}/{corrupted.name}"]


INJECT = """
import os, sys
from chaosimagecorrupt.actions import corrupt_image, corrupt_images
corrupt_image(sys.argv[1], sys.argv[2], stop_below=sys.argv[3])
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("stop_below", ["1", "100%"])
def test_it_restores_at_once_when_its_stop_condition_is_met_although_chaos_was_killed(
    simulated_cluster: SimulatedCluster, fault: Any, stop_below: str
) -> None:
    assert soon(lambda: simulated_cluster.get(fault.name)["status"].get("readyReplicas"))
    done = subprocess.run([sys.executable, "-c", INJECT, fault.name, NS, stop_below], stderr=subprocess.DEVNULL)
    assert done.returncode == -signal.SIGKILL
    [pid] = simulated_cluster.guards(fault.name)
    assert fault.name not in simulated_cluster.healed
    stopped = time.time()
    simulated_cluster.lose_pods(fault.name)
    assert soon(lambda: not simulated_cluster.guards(fault.name))
    assert simulated_cluster.healed[fault.name] - stopped < 5.0  # promised: 2; the rest is for a slow machine
    assert simulated_cluster.left(fault.name) == []
    [log] = (simulated_cluster.folder / fault.name).rglob("guard-*.log")
    assert "restore, because 0 of 1 pods are ready, and stop_below demands 1" in log.read_text(), pid
    [note] = simulated_cluster.event_notes(fault.name, "GuardRestored")
    assert "The stop condition was met: 0 of 1 pods are ready" in note


def test_a_stop_condition_that_is_met_before_the_fault_refuses_it(
    simulated_cluster: SimulatedCluster, fault: Any
) -> None:
    with pytest.raises(Refused, match="pods are ready, and stop_below demands 5, before anything is corrupted"):
        fault(stop_below=5)
    with pytest.raises(Refused, match="it needs guard: true"):
        fault(stop_below=1, guard=False)
    assert simulated_cluster.image(fault.name) == IMAGE


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
    path, ci = rf"deployments/{fault.name}\?", list[object]()

    def write(request: object) -> None:
        ci.append(request)
        simulated_cluster.write_inside(fault.name, deployed)

    simulated_cluster.simulator.faults.hook("before", write, "PATCH", path)
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
from chaosimagecorrupt.guard.start import start_guard
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.fault.inject import GuardHandle, Injection
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


def test_the_guards_of_a_namespace_share_a_watch(simulated_cluster: SimulatedCluster, fault: Any) -> None:
    def is_clean(name: str) -> bool:
        return not simulated_cluster.left(name)

    names = [fault.name, *(f"{fault.name}-{n}" for n in range(4))]
    for name in names[1:]:
        simulated_cluster.create(name)
    for name in names:
        simulated_cluster.patch(name, {"metadata": {"labels": {"group": fault.name}}})
    before = len(simulated_cluster.simulator.requests)
    corrupt_images(f"group={fault.name}", NS, ttl="300s", max_targets=len(names))
    for name in names[1:]:  # each guard sees what happens to its own Deployment
        simulated_cluster.set_image(name, IMAGE)
        simulated_cluster.strip(name)
        assert soon(partial(is_clean, name))
    watches = [r for r in simulated_cluster.simulator.requests[before:] if "watch=true" in r.path]
    # not five: but the first guard may list its Deployment again, and leave its watch, before another one shares it
    assert len([r for r in watches if "/deployments?" in r.path and "fieldSelector" not in r.path]) in (1, 2)
    assert not [r for r in watches if "/deployments?" in r.path and "fieldSelector" in r.path]
    restore_image(fault.name, NS)
    assert soon(lambda: not simulated_cluster.guards(fault.name))
