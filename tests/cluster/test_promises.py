"""The promises, held by `chaos run` however it ends: healed in time, nothing lost, no trace, no process left."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image, restore_images
from tests.fixtures_http import soon
from tests.simulated_cluster import environment_of, processes
from tests.traces import images, traces

from .conftest import IMAGE, OTHER_IMAGE, ROOT, Object

CORRUPT = "registry.invalid/nonexistent:chaos"
# Seconds; promised is to be healed 5 after the expiry, and the rest is for a slow machine with much to do
TTL, LONG_TTL, IN_TIME = 4.0, 10.0, 20.0
# so long that whatever is healed in time was healed by the control
NEVER = 600.0
# within which the control restores, however slow the machine
CONTROL_TIME = 60.0
# The ways to end after which there is nobody but the guard to restore
ONLY_GUARD = ("sigkill", "sighup", "os-exit")
AT_A_TIME = 4

# How a run is left: os._exit and an exception in an activity of someone else
ACTIVITIES = """
import os

def leave():
    os._exit(3)

def fail():
    raise RuntimeError("someone else's bug")
"""


@dataclass
class Run:
    """One `chaos run`, and what became of it and of its Deployment."""

    folder: Path
    ns: str
    name: str
    code: int | None = None  # of `chaos`
    ttl: float = TTL  # seconds
    corrupted: float = 0.0  # seconds since 1970
    ended: float = 0.0
    healed: float = 0.0
    image_at_end: str = ""  # when `chaos` ended
    left: list[str] = field(default_factory=list)
    guards: list[int] = field(default_factory=list)

    def journal(self) -> Object:
        return dict(json.loads((self.folder / "journal.json").read_text()))


def provider(func: str, module: str = "chaosimagecorrupt.probes", **arguments: Any) -> Object:
    return {"type": "python", "module": module, "func": func, "arguments": arguments}


def corruption(name: str, ns: str, **more: Any) -> Object:
    arguments = {"name": name, "ns": ns, "ttl": "${ttl}"}
    return {
        "type": "action",
        "name": "corrupt",
        "provider": provider("corrupt_image", "chaosimagecorrupt.actions", **arguments),
        **more,
    }


def waiting(name: str, ns: str) -> Object:
    return {
        "type": "probe",
        "name": "wait",
        "tolerance": True,
        "provider": provider("deployment_recovered", name=name, ns=ns, timeout=60),
    }


def at_a_probe(name: str, ns: str) -> Object:
    return {"method": [corruption(name, ns), waiting(name, ns)]}


def at_a_pause(name: str, ns: str) -> Object:
    return {"method": [corruption(name, ns, pauses={"after": 60})]}


def in_a_rollback(name: str, ns: str) -> Object:
    return {"method": [corruption(name, ns)], "rollbacks": [{**waiting(name, ns), "type": "action"}]}


def leaving(how: str) -> Callable[[str, str], Object]:
    def method(name: str, ns: str) -> Object:
        return {"method": [corruption(name, ns), {"type": "action", "name": how, "provider": provider(how, "left")}]}

    return method


def deviating(name: str, ns: str) -> Object:
    """The hypothesis holds before the fault, and not while it is there."""
    probe = {
        "type": "probe",
        "name": "no-fault",
        "tolerance": False,
        "provider": provider("image_corrupted", name=name, ns=ns),
    }
    return {"steady-state-hypothesis": {"title": "no fault", "probes": [probe]}, "method": [corruption(name, ns)]}


SIGNALS = ["SIGTERM", "SIGINT", "SIGUSR1", "SIGUSR2", "SIGHUP", "SIGKILL"]
PLACES = {"probe": at_a_probe, "pause": at_a_pause, "rollback": in_a_rollback}
WAYS = {"exception": leaving("fail"), "deviation": deviating}
STRATEGIES = ["never", "default", "always", "deviated"]
CASES: dict[str, tuple[Callable[[str, str], Object], str, str]] = {
    **{f"{s.lower()}-{p}": (make, "always", s) for p, make in PLACES.items() for s in SIGNALS},
    **{f"{way}-{strategy}": (make, strategy, "") for way, make in WAYS.items() for strategy in STRATEGIES},
    "os-exit": (leaving("leave"), "always", ""),
}


@pytest.fixture(scope="module")
def runs(own_place: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, "Future[Run]"]]:
    """All cases, some at a time, each on a Deployment of its own."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "left.py").write_text(ACTIVITIES)
    with own_place(folder / "state") as place, ThreadPoolExecutor(AT_A_TIME) as pool:
        yield {
            case: pool.submit(run, place, folder, case, make, strategy, number)
            for case, (make, strategy, number) in CASES.items()
        } | {"experiment": pool.submit(run_experiment, place, folder)}


def run(place: Any, folder: Path, case: str, make: Callable[[str, str], Object], strategy: str, number: str) -> Run:
    ttl = TTL if case.startswith(ONLY_GUARD) else NEVER
    found = Run(folder / case, place.ns, place.deploy(case, replicas=1), ttl=ttl)
    found.folder.mkdir()
    control = {"name": "image-corrupt", "provider": {"type": "python", "module": "chaosimagecorrupt.control"}}
    experiment = {
        "title": case,
        "description": "-",
        "configuration": {"ttl": f"{ttl:g}s"},
        "controls": [control],
        "runtime": {"rollbacks": {"strategy": strategy}},
        **make(found.name, found.ns),
    }
    path = found.folder / "experiment.json"
    path.write_text(json.dumps(experiment))
    with start(place, found, path) as process:
        watch(place, found, process, number)
    found.code = process.returncode
    return found


def run_experiment(place: Any, folder: Path) -> Run:
    """The experiment that everyone starts from, killed right after the corruption."""
    found = Run(folder / "experiment", place.ns, place.deploy("experiment", replicas=2), ttl=LONG_TTL)
    found.folder.mkdir()
    target = {"NAME": found.name, "NAMESPACE": place.ns, "TTL": f"{LONG_TTL:g}s"}
    path = ROOT / "experiments" / "deployment-image-corrupt.yaml"
    with start(place, found, path, **{f"IMAGE_CORRUPT_{k}": v for k, v in target.items()}) as process:
        watch(place, found, process, "SIGKILL")
    found.code = process.returncode
    return found


def start(place: Any, found: Run, path: Path, **more: str) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "KUBECONFIG": str(place.api.kubeconfig),
        "XDG_STATE_HOME": str(found.folder),
        "PYTHONPATH": str(found.folder.parent),
        **more,
    }
    chaos = Path(sys.executable).with_name("chaos")
    command = [str(chaos), "--no-version-check", "run", "--journal-path=journal.json", str(path)]
    return subprocess.Popen(
        command, env=environment, cwd=found.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def watch(place: Any, found: Run, process: "subprocess.Popen[bytes]", number: str) -> None:
    """Follow a run from the corruption until nothing is left, and signal it on the way."""
    # the template was changed, and may have been changed back: some of the runs undo the fault at once
    assert soon(lambda: place.get(found.name)["metadata"]["generation"] > 1)
    found.corrupted = time.time()
    if number:
        time.sleep(0.7)  # for what comes after the corruption to begin
        process.send_signal(signal.Signals[number])

    def healed() -> bool:
        deployment = place.get(found.name)
        if process.poll() is not None and not found.ended:
            found.ended, found.image_at_end = time.time(), images(deployment)["app"]
        return images(deployment)["app"] == IMAGE and not place.record(found.name)

    soon(healed, min(found.ttl, CONTROL_TIME) + IN_TIME + 1.0)
    found.healed = time.time()
    if not found.ended:
        process.wait(90)
        found.ended, found.image_at_end = time.time(), place.image("app", found.name)
    soon(lambda: not left(place, found) and not guards(found))
    found.left, found.guards = left(place, found), guards(found)


def left(place: Any, found: Run) -> list[str]:
    return traces(place.get(found.name), place.api.replica_sets(found.ns), [CORRUPT])


def guards(found: Run) -> list[int]:
    return [p for p in processes() if f"XDG_STATE_HOME={found.folder}" in environment_of(p)]


def assert_promised(found: Run) -> None:
    assert found.healed - found.corrupted <= min(found.ttl, CONTROL_TIME) + IN_TIME
    assert (found.left, found.guards) == ([], [])


@pytest.mark.parametrize("case", CASES)
def test_promises_hold_however_a_run_ends(runs: dict[str, "Future[Run]"], case: str) -> None:
    found = runs[case].result()
    assert_promised(found)
    if found.ttl == NEVER:
        assert found.image_at_end == IMAGE  # by the control


def test_killed_right_after_the_corruption(runs: dict[str, "Future[Run]"]) -> None:
    found = runs["experiment"].result()
    assert (found.code, found.image_at_end) == (-signal.SIGKILL, CORRUPT)
    assert_promised(found)


# what people do afterwards


@pytest.fixture
def kubectl(place: Any, tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    path = shutil.which("kubectl")
    if path is None:
        pytest.skip("kubectl is not on the PATH")
    environment = {**os.environ, "KUBECONFIG": str(place.api.kubeconfig), "HOME": str(tmp_path)}

    def call(*arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
        command = [path, "--namespace", place.ns, *arguments]
        return subprocess.run(command, input=said, env=environment, capture_output=True, text=True, timeout=60)

    return call


def manifest(image: str) -> str:
    labels = {"app": "web"}
    pod = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "app", "image": image}]}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    return json.dumps({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec})


def undone_by_hand(place: Any, kubectl: Any, deadline: int | None = 60, **how: Any) -> None:
    """A fault that someone has undone by `kubectl rollout undo`."""
    place.deploy(replicas=1)
    corrupt_image("web", place.ns, progress_deadline=deadline, **how)
    assert soon(lambda: len(place.api.replica_sets(place.ns)) == 2)
    assert kubectl("rollout", "undo", "deployment/web").returncode == 0
    assert (place.image(), place.get()["spec"]["progressDeadlineSeconds"]) == (IMAGE, deadline or 600)


def nothing_is_left(place: Any) -> bool:
    spec = place.get()["spec"]
    return not left(place, Run(Path(), place.ns, "web")) and spec["progressDeadlineSeconds"] == 600


def test_guard_cleans_up_after_a_rollout_undo(place: Any, kubectl: Any) -> None:
    undone_by_hand(place, kubectl, ttl="300s")
    assert soon(lambda: nothing_is_left(place), 15.0)


def test_run_cleans_up_after_a_rollout_undo(place: Any, kubectl: Any) -> None:
    undone_by_hand(place, kubectl, guard=False)
    result = restore_image("web", place.ns, this_run_only=True)
    assert result["outcome"] == "healed"
    assert result["containers"][0]["by"].startswith("kubectl")
    assert nothing_is_left(place)


@pytest.mark.parametrize(("deadline", "outcome"), [(60, "healed"), (None, "nothing-to-restore")])
def test_sweep_cleans_up_after_a_rollout_undo(
    place: Any, kubectl: Any, monkeypatch: pytest.MonkeyPatch, deadline: int | None, outcome: str
) -> None:
    undone_by_hand(place, kubectl, deadline, guard=False)
    MEMORY.forget()
    assert restore_images(ns=place.ns, expired_only=True)["deployments"][0]["outcome"] == outcome
    assert nothing_is_left(place)


@pytest.mark.parametrize("by", ["process", "guard"])
def test_rollout_undo_does_what_it_would_have_done_before(place: Any, kubectl: Any, by: str) -> None:
    place.deploy(replicas=1)
    place.api.set_image(place.ns, "web", OTHER_IMAGE)
    place.settle()
    corrupt_image("web", place.ns, ttl="300s" if by == "process" else "1s")
    if by == "process":
        restore_image("web", place.ns)
    assert place.guards_ended()
    assert place.image() == OTHER_IMAGE
    done = kubectl("rollout", "undo", "deployment/web")
    assert done.returncode == 0, done.stderr
    assert (place.image(), place.record()) == (IMAGE, {})


def test_rollout_undo_finds_nothing_when_there_was_nothing_before(place: Any, kubectl: Any) -> None:
    place.deploy(replicas=1)
    corrupt_image("web", place.ns)
    restore_image("web", place.ns)
    done = kubectl("rollout", "undo", "deployment/web")
    assert done.returncode == 1
    assert "no rollout history found" in done.stderr


def test_next_server_side_apply_of_the_owner_has_no_conflict(place: Any, kubectl: Any) -> None:
    apply = ["apply", "--server-side", "--field-manager=owner", "--filename=-"]
    assert kubectl(*apply, said=manifest(IMAGE)).returncode == 0
    place.settle()
    corrupt_image("web", place.ns)
    restore_image("web", place.ns)
    done = kubectl(*apply, said=manifest(OTHER_IMAGE))
    assert (done.returncode, done.stderr) == (0, "")
    assert place.image() == OTHER_IMAGE
    shown = kubectl("get", "deployment", "web", "--output=yaml", "--show-managed-fields")
    assert "chaos" not in shown.stdout
