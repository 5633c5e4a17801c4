"""A guard needs nothing of what was there when it started, and says why when it does not start."""

import datetime
import os
import resource
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import yaml

import chaosimagecorrupt
from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.inject import GuardHandle, Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.guard.orders import Orders, Task
from chaosimagecorrupt.guard.start import start_guard
from chaosimagecorrupt.kube import client
from chaosimagecorrupt.kube.client import connect
from chaosimagecorrupt.kube.settings import Settings, read_settings
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import soon
from ..simulated_cluster import CORRUPT, IMAGE, NS, SimulatedCluster
from ..traces import images

pytest_plugins = ["tests.fixtures_simulated_cluster"]

EXEC = "client.authentication.k8s.io/v1"
INJECT = (
    "import sys; from chaosimagecorrupt.actions import corrupt_image; corrupt_image(*sys.argv[1:3], ttl=sys.argv[3])"
)


@pytest.fixture
def place(simulated_cluster: SimulatedCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a kubeconfig, that of the guards' logs, and the working folder; it is named as the Deployment."""
    folder = tmp_path / f"start-{tmp_path.parent.name}-{tmp_path.name}".lower().replace("_", "-")[:60].strip("-")
    folder.mkdir()
    shutil.copy(simulated_cluster.simulator.kubeconfig, folder / "config")
    monkeypatch.setenv("KUBECONFIG", "config")
    monkeypatch.setenv("XDG_STATE_HOME", str(simulated_cluster.folder / folder.name))
    monkeypatch.chdir(folder)
    simulated_cluster.create(folder.name)
    client._clusters.clear()  # another test may have had another file of this relative name
    yield folder
    client._clusters.clear()
    simulated_cluster.simulator.faults.clear()
    simulated_cluster.end(folder.name)


def with_plugin(folder: Path, simulated_cluster: SimulatedCluster, before: str) -> None:
    """Let the kubeconfig have a credential plugin, which does something before it hands out the token."""
    config = yaml.safe_load((folder / "config").read_text())
    config["users"][0]["user"] = {"exec": {"command": "./plugin", "apiVersion": EXEC, "interactiveMode": "Never"}}
    (folder / "config").write_text(yaml.safe_dump(config))
    said = (
        f'{{"apiVersion":"{EXEC}","kind":"ExecCredential","status":{{"token":"{simulated_cluster.simulator.token}"}}}}'
    )
    (folder / "plugin").write_text(f"#!/bin/sh\ncd {folder}\n{before}\necho '{said}'\n")
    (folder / "plugin").chmod(0o755)


def cut(simulated_cluster: SimulatedCluster, name: str) -> None:
    """Drop the connections that come next, so that new ones have to be made."""
    simulated_cluster.simulator.faults.drop("before", path=name, times=3)


def undone(simulated_cluster: SimulatedCluster, name: str) -> bool:
    return (
        soon(lambda: name in simulated_cluster.healed)
        and soon(lambda: not simulated_cluster.guards(name))
        and simulated_cluster.left(name) == []
    )


# What may be gone


@pytest.mark.parametrize("as_data", [True, False])
def test_kubeconfig_certificates_and_folders_may_be_gone(
    as_data: bool, simulated_cluster: SimulatedCluster, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not as_data:
        config = yaml.safe_load((place / "config").read_text())
        del config["clusters"][0]["cluster"]["certificate-authority-data"]
        config["clusters"][0]["cluster"]["certificate-authority"] = "ca"
        (place / "ca").write_bytes(simulated_cluster.authority())
        (place / "config").write_text(yaml.safe_dump(config))
    monkeypatch.setenv("TMPDIR", str(place))
    corrupt_image(place.name, NS, ttl="3s")
    shutil.rmtree(place)
    cut(simulated_cluster, place.name)
    assert undone(simulated_cluster, place.name)


def test_python_and_its_modules_may_be_gone(simulated_cluster: SimulatedCluster, place: Path) -> None:
    """As after the removal of the virtual environment, or of the working tree."""
    venv.create(place / "venv", symlinks=True)
    [packages] = (place / "venv/lib").glob("python*/site-packages")
    packages.rmdir()
    packages.symlink_to(sysconfig.get_path("purelib"))
    (place / "tree").mkdir()
    (place / "tree/chaosimagecorrupt").symlink_to(Path(chaosimagecorrupt.__file__).parent)
    command = [str(place / "venv/bin/python"), "-c", INJECT, place.name, NS, "3s"]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(place / "tree")}, check=True, capture_output=True)
    shutil.rmtree(place)
    cut(simulated_cluster, place.name)
    assert undone(simulated_cluster, place.name)


def test_the_injecting_process_may_have_no_standard_streams(simulated_cluster: SimulatedCluster, place: Path) -> None:
    command = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", INJECT, place.name, NS, "1s"]
    assert subprocess.run(command).returncode == 0
    assert undone(simulated_cluster, place.name)


# Why it does not start


def refusal(simulated_cluster: SimulatedCluster, name: str) -> str:
    """Why nothing is injected; no process is left."""
    with pytest.raises(Refused, match="did not start, so nothing was injected") as refused:
        corrupt_image(name, NS, ttl="60s")
    assert images(simulated_cluster.get(name)) == {"app": IMAGE} and name not in simulated_cluster.corrupted
    assert soon(lambda: not simulated_cluster.guards(name))
    return str(refused.value)


def test_a_plugin_that_reads_does_not_wait_for_us(simulated_cluster: SimulatedCluster, place: Path) -> None:
    with_plugin(place, simulated_cluster, "cat > read")
    corrupt_image(place.name, NS, ttl="1s")
    assert (place / "read").read_bytes() == b""
    assert undone(simulated_cluster, place.name)


def test_what_a_plugin_says_that_fails_is_quoted(simulated_cluster: SimulatedCluster, place: Path) -> None:
    with_plugin(place, simulated_cluster, "[ ! -e done ] || { echo 'please log in' >&2; exit 3; }; touch done")
    assert "please log in" in refusal(simulated_cluster, place.name)


def test_a_plugin_that_hangs_is_ended(simulated_cluster: SimulatedCluster, place: Path) -> None:
    with_plugin(place, simulated_cluster, "[ ! -e done ] || sleep 600; touch done")
    hurried = GuardHandle(read_settings(None, os.environ), partial(start_guard, timeout=5.0))
    target = Target(place.name, NS, connect())
    with pytest.raises(Refused, match="nothing more in 5 s"):
        Injection(target, FaultSpec(None, CORRUPT, 60.0), hurried).inject()
    assert images(simulated_cluster.get(place.name)) == {"app": IMAGE}
    assert soon(lambda: not simulated_cluster.guards(place.name))


def test_a_role_that_does_not_let_it_look_is_quoted(simulated_cluster: SimulatedCluster, place: Path) -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": place.name, "namespace": NS}}
    simulated_cluster.simulator.call(lambda: simulated_cluster.simulator.world.store.create("serviceaccounts", account))
    nobody = Settings(kubeconfig=str(simulated_cluster.simulator.account_kubeconfig(NS, place.name)))
    with pytest.raises(Refused, match=r"the role does not allow to get deployments\.apps"):
        simulated_cluster.inject(place.name, nobody)
    assert place.name not in simulated_cluster.corrupted


def orders() -> Orders:
    entry = Entry(id="1", container="app", original="a", image="b", at="", expires="", by="", cluster="")
    return Orders((Task("web", NS, entry, 0.0),), Settings(kubeconfig="/missing"), os.devnull)


def test_a_kubeconfig_that_json_cannot_express_is_read_by_the_guard(
    simulated_cluster: SimulatedCluster, place: Path
) -> None:
    config = yaml.safe_load((place / "config").read_text())
    config["contexts"][0]["context"]["extensions"] = [{"name": "date", "extension": datetime.date(2026, 11, 26)}]
    (place / "config").write_text(yaml.safe_dump(config))
    simulated_cluster.inject(place.name, read_settings(None, os.environ))
    assert images(simulated_cluster.get(place.name)) == {"app": CORRUPT}


def test_of_much_that_is_said_the_end_is_quoted(simulated_cluster: SimulatedCluster, place: Path) -> None:
    many = "for i in 1 2 3 4 5 6 7 8 9; do printf '\\n\\033[31m%080d' $i >&2; done"
    with_plugin(place, simulated_cluster, f"[ ! -e done ] || {{ {many}; echo 'the reason' >&2; exit 3; }}; touch done")
    said = refusal(simulated_cluster, place.name)
    assert "failed with exit code 3" in said and "the reason" in said and said.isprintable() and len(said) < 1500


def test_a_python_that_cannot_start_is_quoted() -> None:
    with pytest.raises(Refused, match=r"It said: .*(No module named|Fatal Python error)"):
        start_guard(orders(), {**os.environ, "PYTHONHOME": "/missing"})


def test_no_more_open_files_is_one_clear_refusal() -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 3, limits[1]))
    try:
        with pytest.raises(Refused, match="Too many open files"):
            start_guard(orders(), os.environ)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    again = os.dup(0)
    os.close(again)
    assert again == free  # nothing is left open
