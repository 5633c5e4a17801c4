"""One guard serves a whole process, however many injections it makes; and none of these is without one."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import yaml

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.kube import client
from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import soon
from ..simulated_cluster import IMAGE, NS, SimulatedCluster
from ..simulator_faults import Moment

pytest_plugins = ["tests.fixtures_simulated_cluster"]

IN_TIME = 20.0  # seconds after the expiry; promised: 5, and the rest is for a slow machine


class Place:
    """Deployments of the test's own, and the guards that this process has for them."""

    def __init__(self, cluster: SimulatedCluster, name: str) -> None:
        self.cluster, self.name = cluster, name
        self.names = [cluster.create(f"{name}-{n}") for n in range(4)]

    def guards(self) -> list[int]:
        return self.cluster.guards(self.name)

    def only(self, pid: int) -> bool:
        return self.guards() == [pid]

    def ended(self) -> bool:
        return soon(lambda: not self.guards())

    def undone(self, *names: str) -> bool:
        """Whether the faults are undone, and no trace is left; it waits."""
        return soon(lambda: all(self.cluster.image(n) == IMAGE and not self.cluster.left(n) for n in names))

    def requests(self) -> Callable[[], list[str]]:
        """Return what returns the requests since now, without those of a waiting guard."""
        before = len(self.cluster.simulator.requests)
        return lambda: [f"{r.method} {r.path}" for r in self.cluster.simulator.requests[before:]]


@pytest.fixture
def place(
    simulated_cluster: SimulatedCluster, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    name = "reuse-" + request.node.name.split("[")[0].replace("_", "-")[-30:].strip("-") + f"-{time.monotonic_ns()}"
    monkeypatch.setenv("KUBECONFIG", str(simulated_cluster.simulator.kubeconfig))
    monkeypatch.setenv("XDG_STATE_HOME", str(simulated_cluster.folder / name))
    yield Place(simulated_cluster, name)
    simulated_cluster.simulator.faults.clear()
    simulated_cluster.end(name)


def test_all_injections_of_a_process_have_one_guard_and_one_log(place: Place) -> None:
    done = [corrupt_image(name, NS) for name in place.names[:2]]
    place.cluster.patch(place.names[2], {"metadata": {"labels": {"group": place.name}}})
    place.cluster.patch(place.names[3], {"metadata": {"labels": {"group": place.name}}})
    many = corrupt_images(f"group={place.name}", NS)
    [pid] = place.guards()
    [log] = {Path(d["guard_log"]) for d in (*done, many)}
    said = log.read_text()
    for each in (*done, *many["targets"]):
        assert f"up, for injection {each['id']} until {each['expires']}, process {pid}" in said
    for name in place.names:
        assert soon(partial(is_said, log, f"Deployment {NS}/{name}: the fault is in place"))
        assert place.guards() == [pid]
        restore_image(name, NS)
    assert place.ended()


def is_said(log: Path, line: str) -> bool:
    return line in log.read_text()


def test_a_further_injection_takes_one_request_of_the_guard_before_the_patch(place: Place) -> None:
    corrupt_image(place.names[0], NS)
    sent = place.requests()
    corrupt_image(place.names[1], NS)
    before_patch = [r for r in sent() if place.names[1] in r]
    before_patch = before_patch[: next(n for n, r in enumerate(before_patch) if r.startswith("PATCH"))]
    path = f"/apis/apps/v1/namespaces/{NS}/deployments"
    by_name = Counter(r for r in before_patch if "?" not in r)
    assert by_name == {f"GET {path}/{place.names[1]}": 2}


def test_each_is_undone_at_its_own_expiry(place: Place) -> None:
    done = {name: corrupt_image(name, NS, ttl=ttl) for name, ttl in zip(place.names, ("6s", "2s", "4s"), strict=False)}
    assert len(place.guards()) == 1
    assert place.undone(*done) and place.ended()
    healed = place.cluster.healed
    assert healed[place.names[1]] < healed[place.names[2]] < healed[place.names[0]]


def test_background_activities_share_one(place: Place) -> None:
    threads = [threading.Thread(target=corrupt_image, args=(name, NS)) for name in place.names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(place.guards()) == 1
    assert all(name in place.cluster.corrupted for name in place.names)
    for name in place.names:
        restore_image(name, NS)
    assert place.ended()


def test_after_the_guard_has_ended_the_next_one_starts(place: Place) -> None:
    corrupt_image(place.names[0], NS, ttl="1s")
    [first] = place.guards()
    assert place.ended() and place.undone(place.names[0])
    corrupt_image(place.names[1], NS, ttl="1s")
    [second] = place.guards()
    assert first != second
    assert place.undone(place.names[1]) and place.ended()


def test_an_injection_while_the_guard_is_about_to_end_has_a_guard_all_the_same(place: Place) -> None:
    for n in range(12):
        corrupt_image(place.names[0], NS)
        restoring = threading.Thread(target=restore_image, args=(place.names[0], NS))
        restoring.start()
        time.sleep(n / 200)  # at another moment of the restore
        done = corrupt_image(place.names[1], NS)
        restoring.join()
        [pid] = re.findall(f"injection {done['id']} .* process ([0-9]+)", Path(done["guard_log"]).read_text())
        assert soon(partial(place.only, int(pid)))
        restore_image(place.names[1], NS)
        assert place.ended()
    assert place.undone(*place.names)


def test_what_a_killed_guard_guarded_the_next_one_guards_too(place: Place) -> None:
    corrupt_image(place.names[0], NS, ttl="8s")
    corrupt_image(place.names[1], NS, ttl="300s")
    corrupt_image(place.names[2], NS, ttl="300s")
    [first] = place.guards()
    os.kill(first, signal.SIGKILL)
    restore_image(place.names[2], NS)
    done = corrupt_image(place.names[3], NS, ttl="2s")
    [second] = place.guards()
    assert first != second
    assert place.undone(place.names[3], place.names[0])
    assert place.guards() == [second]
    restore_image(place.names[1], NS)
    assert place.ended() and place.undone(*place.names)
    assert place.names[2] not in Path(done["guard_log"]).read_text()


def test_a_guard_that_is_stopped_is_replaced_and_does_no_harm_when_it_goes_on(place: Place) -> None:
    corrupt_image(place.names[0], NS)
    [first] = place.guards()
    os.kill(first, signal.SIGSTOP)
    corrupt_image(place.names[1], NS, ttl="2s")
    [second] = set(place.guards()) - {first}
    assert place.undone(place.names[1])
    assert soon(lambda: second not in place.guards())
    os.kill(first, signal.SIGCONT)
    restore_image(place.names[0], NS)
    assert place.ended() and place.undone(*place.names)


def test_a_guard_that_was_asked_to_end_gets_nothing_more(place: Place) -> None:
    corrupt_image(place.names[0], NS)
    [first] = place.guards()
    place.cluster.simulator.faults.hold("before", path=place.names[0], times=None)  # it takes its time
    os.kill(first, signal.SIGTERM)
    corrupt_image(place.names[1], NS)
    assert len(place.guards()) == 2
    assert soon(lambda: first not in place.guards())
    assert len(place.guards()) == 1 and place.cluster.image(place.names[1]) != IMAGE
    place.cluster.simulator.faults.clear()
    for name in place.names[:2]:
        restore_image(name, NS)
    assert place.ended()


def test_a_guard_that_cannot_read_any_longer_is_not_relied_on(place: Place) -> None:
    """The injecting process reads first, then the guard that is up, then the one that is started."""
    corrupt_image(place.names[0], NS)
    place.cluster.simulator.faults.answer(503, "GET", rf"deployments/{place.names[1]}\?|{place.names[1]}$", nth=2)
    corrupt_image(place.names[1], NS)
    assert len(place.guards()) == 2
    for name in place.names[:2]:
        restore_image(name, NS)
    assert place.ended()


@pytest.mark.parametrize("how", ["kubeconfig", "context", "environment"])
def test_another_user_or_environment_has_another_guard(
    place: Place, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrupt_image(place.names[0], NS)
    context = None
    if how == "kubeconfig":
        config = (place.cluster.simulator.kubeconfig).read_text()
        (tmp_path / "config").write_text(config)
        monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    elif how == "context":
        context = yaml.safe_load(place.cluster.simulator.kubeconfig.read_text())["current-context"]
    else:
        monkeypatch.setenv("AWS_PROFILE", "another")  # credential plugins read such
    corrupt_image(place.names[1], NS, configuration={"KUBERNETES_CONTEXT": context} if context else None)
    assert len(place.guards()) == 2
    for name in place.names[:2]:
        restore_image(name, NS)
    assert place.ended()


def test_the_same_relative_path_in_another_folder_is_another_kubeconfig(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "config")
    for name in place.names[:2]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "config").write_text(place.cluster.simulator.kubeconfig.read_text())
        monkeypatch.chdir(tmp_path / name)
        client._clusters.clear()
        corrupt_image(name, NS, ttl="300s")
    assert len(place.guards()) == 2
    for name in place.names[:2]:
        restore_image(name, NS)
    assert place.ended()


FORK = """
import os, sys
from chaosimagecorrupt.actions import corrupt_image
corrupt_image(sys.argv[1], sys.argv[3])
pid = os.fork()
if not pid:
    corrupt_image(sys.argv[2], sys.argv[3], ttl="2s")
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
"""


def run(program: str, *arguments: str) -> int:
    command = [sys.executable, "-c", program, *arguments, NS]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode


def test_a_forked_process_has_a_guard_of_its_own(place: Place) -> None:
    assert run(FORK, *place.names[:2]) == 0
    assert len(place.guards()) == 2
    assert place.undone(place.names[1])
    assert soon(lambda: len(place.guards()) == 1)
    assert place.cluster.image(place.names[0]) != IMAGE


DIE = """
import os, signal, sys
from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.guard import reuse
from chaosimagecorrupt.guard.report import GuardProcess

class Dying(GuardProcess):
    def add(self, tasks):
        assert super().add(tasks)
        os.kill(os.getpid(), signal.SIGKILL)

def start(orders, env):
    guard = started(orders, env)
    guard.__class__ = Dying
    return guard

started, reuse.start_guard = reuse.start_guard, start
corrupt_image(sys.argv[1], sys.argv[3], ttl="3s")
corrupt_image(sys.argv[2], sys.argv[3], ttl="3s")
"""


def test_a_process_that_is_killed_right_after_the_answer_leaves_all_that_was_taken_guarded(place: Place) -> None:
    first, second = place.names[:2]
    assert run(DIE, first, second) == -signal.SIGKILL
    [pid] = place.guards()
    assert place.undone(first) and second not in place.cluster.corrupted
    assert place.guards() == [pid]  # the second's request may still be on its way
    os.kill(pid, signal.SIGTERM)
    assert place.ended() and place.undone(second)


TWO = """
import sys
from chaosimagecorrupt.actions import corrupt_image
corrupt_image(sys.argv[1], sys.argv[3], ttl="300s")
corrupt_image(sys.argv[2], sys.argv[3], ttl="2s")
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_is_killed_at_its_second_patch_leaves_that_guarded(place: Place, moment: Moment) -> None:
    pids, second = list[int](), place.names[1]
    # a status that is written between its read and its patch would make this a conflict
    assert soon(lambda: place.cluster.complete(second))

    def kill(request: object) -> None:
        os.kill(pids[0], signal.SIGKILL)

    place.cluster.simulator.faults.hook(moment, kill, "PATCH", second)
    with subprocess.Popen([sys.executable, "-c", TWO, *place.names[:2], NS], stderr=subprocess.DEVNULL) as process:
        pids.append(process.pid)
    assert process.returncode == -signal.SIGKILL
    assert second in place.cluster.corrupted and len(place.guards()) == 1
    assert place.undone(second)
    assert place.cluster.healed[second] - place.cluster.corrupted[second] < 2.0 + IN_TIME
    assert place.cluster.image(place.names[0]) != IMAGE and len(place.guards()) == 1


KILLED = """
import os, sys
from chaosimagecorrupt.actions import corrupt_image
for name in sys.argv[1:-1]:
    corrupt_image(name, sys.argv[-1], ttl="3s")
os.kill(os.getpid(), 9)
"""


def test_a_process_that_is_killed_after_many_injections_leaves_them_all_guarded(place: Place) -> None:
    assert run(KILLED, *place.names) == -signal.SIGKILL
    assert len(place.guards()) == 1
    assert place.undone(*place.names) and place.ended()
