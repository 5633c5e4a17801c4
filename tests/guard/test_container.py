"""A guard that ends with its container is warned of, and no other."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chaosimagecorrupt.guard.container import ends_with, warning

from ..simulated_cluster import CORRUPT, SimulatedCluster

pytest_plugins = ["tests.fixtures_simulated_cluster"]

CONTAINER = "pid:[4026532177]"
SAID = "from chaosimagecorrupt.guard.container import warning; print(warning())"
NEW = ["unshare", "--pid", "--fork", "--mount-proc"]


@pytest.mark.parametrize(
    "above",
    [
        [(1, "chaos")],
        [(7, "chaos"), (1, "sh")],
        [(9, "python3"), (8, "chaos"), (7, "sh"), (1, "tini")],  # it ends with the process that it started
        [(9, "chaos"), (7, "my (odd) init"), (1, "java")],
    ],
)
def test_below_the_first_process_of_a_container_it_ends_with_that(above: list[tuple[int, str]]) -> None:
    assert ends_with(CONTAINER, above) == above[-1][1]


@pytest.mark.parametrize(
    ("namespace", "above"),
    [
        ("pid:[4026531836]", [(812, "chaos"), (811, "bash"), (1, "systemd")]),
        ("pid:[4026531836]", [(812, "chaos"), (811, "sh"), (1, "init-of-a-vm")]),  # when it ends, so does the machine
        (CONTAINER, [(812, "chaos"), (1, "systemd")]),  # a container that is like a machine
        (CONTAINER, [(812, "chaos"), (811, "bash"), (1, "init(Ubuntu)")]),  # WSL
        (CONTAINER, [(812, "chaos"), (811, "bash")]),  # kubectl exec: it goes on when we end
    ],
)
def test_it_outlives_us_elsewhere(namespace: str, above: list[tuple[int, str]]) -> None:
    assert ends_with(namespace, above) is None


def in_a_container(*command: str) -> str:
    if shutil.which("unshare") is None or subprocess.run([*NEW, "true"], capture_output=True).returncode:
        pytest.skip("no pid namespace can be made here: that takes util-linux and CAP_SYS_ADMIN")
    return subprocess.run([*NEW, *command], capture_output=True, text=True, check=True).stdout.strip()


def test_the_first_process_is_warned() -> None:
    assert "its first process, 'python" in in_a_container(sys.executable, "-c", SAID)


def test_a_child_of_the_first_process_is_warned() -> None:
    said = in_a_container("sh", "-c", '"$@"; true', "sh", sys.executable, "-c", SAID)
    assert said == (
        "the guard ends with this container, at the latest when its first process, 'sh', does, and the fault then "
        "stays: install the sweeper (chaos image-corrupt manifests)"
    )


def test_what_entered_the_container_from_outside_is_not_warned() -> None:
    holder = subprocess.Popen([*NEW, "sh", "-c", "echo ready; cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        if holder.stdout.readline() != b"ready\n":
            pytest.skip("no pid namespace can be made here: that takes util-linux and CAP_SYS_ADMIN")
        [first] = children(holder.pid)
        entering = ["nsenter", "--target", str(first), "--pid", "--mount", sys.executable, "-c", SAID]
        said = subprocess.run(entering, capture_output=True, text=True, check=True).stdout.strip()
        holder.communicate(b"")
    assert said == "None"


def children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_where_linux_does_not_tell_nothing_is_said(tmp_path: Path) -> None:
    assert warning(tmp_path) is None


INJECT = """
import json, sys
from chaosimagecorrupt.actions import corrupt_image, corrupt_images
if sys.argv[2] == "one":
    print(json.dumps(corrupt_image(sys.argv[1], "shop")["warnings"]))
else:
    print(json.dumps(corrupt_images(f"app={sys.argv[1]}", "shop")["warnings"]))
"""


@pytest.mark.parametrize("how", ["one", "many"])
def test_the_actions_warn_and_what_they_say_is_true(
    how: str, simulated_cluster: SimulatedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = simulated_cluster.create(f"container-{how}-{time.monotonic_ns()}")
    monkeypatch.setenv("KUBECONFIG", str(simulated_cluster.simulator.kubeconfig))
    monkeypatch.setenv("XDG_STATE_HOME", str(simulated_cluster.folder / name))
    warned = json.loads(in_a_container(sys.executable, "-c", INJECT, name, how))
    assert any("the guard ends with this container" in w for w in warned)
    assert (simulated_cluster.image(name), simulated_cluster.guards(name)) == (CORRUPT, [])
