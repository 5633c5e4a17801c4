"""`chaos image-corrupt simulate` as a process: what it runs, what it passes on, what it leaves."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from chaosimagecorrupt.cli import image_corrupt
from chaosimagecorrupt.guard.processes import guards_of

from .conftest import Process, Start

CHAOS = str(Path(sys.executable).with_name("chaos"))
SEED = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: "localhost/app:v1"}]}
"""


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "seed.yaml"
    path.write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
    return path


@pytest.fixture
def start(tmp_path: Path, seed: Path) -> Start:
    """Return what starts `chaos image-corrupt simulate` with a command of Python, which may use what `os` gives."""

    def simulate(program: str, *options: str) -> Process:
        command = [CHAOS, "--no-version-check", "image-corrupt", "simulate", "--seed", str(seed), *options]
        return Process(
            [*command, "--", sys.executable, "-c", f"import os, signal, sys\n{program}"],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return simulate


class Finished(NamedTuple):
    """The exit code of a process, and what it wrote."""

    code: int
    out: str
    err: str


def finish(process: Process) -> Finished:
    out, err = process.communicate(timeout=60)
    return Finished(process.returncode, out, err)


def simulate(folder: Path, *arguments: str) -> Finished:
    command = [CHAOS, "--no-version-check", "image-corrupt", "simulate", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    return Finished(done.returncode, done.stdout, done.stderr)


def kubeconfigs(folder: Path) -> list[Path]:
    return list(folder.glob("*kubeconfig*"))


@pytest.mark.parametrize(
    ("program", "code"),
    [("", 0), ("sys.exit(3)", 3), ("os.kill(os.getpid(), signal.SIGKILL)", 137)],
    ids=["success", "exit code 3", "SIGKILL"],
)
def test_exit_code_is_passed_on(start: Start, program: str, code: int) -> None:
    assert finish(start(program)).code == code


def test_command_gets_a_kubeconfig_that_is_removed_afterwards(start: Start, tmp_path: Path) -> None:
    program = "print(os.environ['KUBECONFIG'], oct(os.stat(os.environ['KUBECONFIG']).st_mode))"
    code, out, err = finish(start(program))
    path, mode = out.split()
    assert (code, mode) == (0, "0o100600")
    assert not Path(path).exists()
    assert kubeconfigs(tmp_path) == []
    assert "A simulated cluster, not a real one, is at https://127.0.0.1:" in err


def test_command_finds_what_the_seed_made(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(SEED)
    program = "from chaosimagecorrupt.probes import deployment_recovered as r; print(r('web', 'shop', timeout=30))"
    code, out, _ = simulate(tmp_path, "--seed", "web.yaml", "--", sys.executable, "-c", program)
    assert (code, out) == (0, "True\n")


WORKLOADS = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  replicas: 3
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: app, image: "localhost/app:v1"}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: log}
spec:
  selector: {matchLabels: {app: log}}
  template:
    metadata: {labels: {app: log}}
    spec: {containers: [{name: app, image: "localhost/app:v1"}]}
"""


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
def test_stateful_sets_and_daemon_sets_of_a_seed_are_ready_at_once(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(WORKLOADS)
    ready = "{.items[*].status.readyReplicas} {.items[*].status.numberReady}"
    command = ("kubectl", "get", "statefulsets,daemonsets", "-A", "-o", f"jsonpath={ready}")
    assert simulate(tmp_path, "--seed", "seed.yaml", "--", *command)[:2] == (0, "3 1")


def test_the_list_names_all_workloads(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(f"{SEED}---{WORKLOADS}")
    listed = simulate(tmp_path, "--seed", "seed.yaml", "--list")
    assert listed[:2] == (0, "shop/web\nshop/statefulset/db\ndefault/daemonset/log\n")


def test_without_a_seed_the_components_of_the_experiments_are_there(tmp_path: Path) -> None:
    program = (
        "from chaosimagecorrupt.probes import pods_ready as r; print(r('cert-manager', 'cert-manager', timeout=30))"
    )
    assert simulate(tmp_path, "--", sys.executable, "-c", program)[:2] == (0, "True\n")


def test_options_of_the_command_are_its_own(tmp_path: Path, seed: Path) -> None:
    code, out, _ = simulate(tmp_path, "--seed", "seed.yaml", "--", "echo", "--seed", "x", "--help", "-v")
    assert (code, out) == (0, "--seed x --help -v\n")


@pytest.mark.parametrize(("command", "code"), [("no-such-command", 127), (".", 126), ("./text", 126)])
def test_command_that_cannot_be_run_is_named_as_by_a_shell(tmp_path: Path, seed: Path, command: str, code: int) -> None:
    (tmp_path / "text").write_text("no program\n")
    (tmp_path / "text").chmod(0o755)
    returned, out, err = simulate(tmp_path, "--seed", "seed.yaml", "--", command)
    assert (returned, out) == (code, "")
    assert err.splitlines()[-1].startswith(f"Error: {command}: ")
    assert "Traceback" not in err


WAIT = """
def leave(number, frame):
    print("got", signal.Signals(number).name, flush=True)
    sys.exit(42)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, leave)
print("ready", flush=True)
signal.pause()
"""


def test_ctrl_c_is_the_commands_to_handle(start: Start, tmp_path: Path) -> None:
    process = start(WAIT)
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    code, out, err = finish(process)
    assert (code, out, kubeconfigs(tmp_path)) == (42, "got SIGINT\n", [])
    assert "Traceback" not in err


def test_sigterm_is_passed_on_to_the_command(start: Start, tmp_path: Path) -> None:
    process = start(WAIT)
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    code, out, err = finish(process)
    assert (code, out, kubeconfigs(tmp_path)) == (42, "got SIGTERM\n", [])
    assert "Traceback" not in err


def test_command_that_dies_of_sigterm_is_reported_as_by_a_shell(start: Start) -> None:
    process = start("print('ready', flush=True)\nsignal.pause()")
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert finish(process).code == 143


STUCK = SEED.replace("localhost/app:v1", "registry.invalid/never:1")


def test_sigterm_while_the_cluster_still_starts_leaves_nothing(start: Start, tmp_path: Path, seed: Path) -> None:
    seed.write_text(STUCK)  # so that it takes its time
    process = start("print('ran')")
    give_up = time.monotonic() + 60
    while not kubeconfigs(tmp_path) and time.monotonic() < give_up:
        time.sleep(0.01)
    process.terminate()
    code, out, err = finish(process)
    assert (code, out, kubeconfigs(tmp_path)) == (143, "", [])
    assert "Traceback" not in err


def test_sigterm_while_the_command_starts_is_not_lost(start: Start, tmp_path: Path) -> None:
    process = start("print(os.getpid(), flush=True)\nsignal.pause()")
    assert "A simulated cluster" in process.stderr.readline()
    process.terminate()
    code, out, _ = finish(process)
    assert (code, kubeconfigs(tmp_path)) == (143, [])
    with pytest.raises(ProcessLookupError):
        os.kill(int(out or 2**22), 0)


def test_options_after_the_command_are_its_own_without_dashes_too(tmp_path: Path, seed: Path) -> None:
    code, out, _ = simulate(tmp_path, "--seed", "seed.yaml", "echo", "-o", "wide", "--output", "x")
    assert (code, out) == (0, "-o wide --output x\n")


def test_seed_without_objects_makes_an_empty_cluster(tmp_path: Path) -> None:
    program = "from chaosimagecorrupt.rollbacks import restore_images as r; print(r(unlabelled=True)['deployments'])"
    (tmp_path / "empty.json").write_text('{"apiVersion": "v1", "kind": "List", "items": []}')
    code, out, _ = simulate(tmp_path, "--seed", "empty.json", "--", sys.executable, "-c", program)
    assert (code, out) == (0, "[]\n")


CORRUPT = "from chaosimagecorrupt.actions import corrupt_image as c; c('web', 'shop')"
RESTORE = "from chaosimagecorrupt.rollbacks import restore_image as r; r('web', 'shop')"


@pytest.mark.parametrize(("program", "says"), [(CORRUPT, True), (f"{CORRUPT}\n{RESTORE}", False)])
def test_no_guard_of_its_cluster_is_left(tmp_path: Path, program: str, says: bool) -> None:
    (tmp_path / "web.yaml").write_text(SEED)
    code, _, err = simulate(tmp_path, "--seed", "web.yaml", "--", sys.executable, "-c", program)
    [url] = re.findall(r"https://127\.0\.0\.1:\d+", err)[:1]
    assert (code, guards_of(url)) == (0, [])
    assert ("Faults were left to 1 guard, asked to restore them" in err) == says


BAD_SEEDS = {
    "no YAML": b"a: [",
    "tabs": b"a:\n\tb: 1",
    "binary": b"\xff\xfe\x00",
    "number": b"5",
    "list": b"[]",
    "text": b"web",
    "no kind": b"apiVersion: v1\nmetadata: {name: a}",
    "no apiVersion": b"kind: Namespace\nmetadata: {name: a}",
    "kind is a list": b"apiVersion: apps/v1\nkind: [Deployment]\nmetadata: {name: a}",
    "no metadata": b"apiVersion: v1\nkind: Namespace",
    "metadata is null": b"apiVersion: v1\nkind: Namespace\nmetadata:",
    "metadata is text": b"apiVersion: v1\nkind: Namespace\nmetadata: a",
    "name is a number": b"apiVersion: v1\nkind: Namespace\nmetadata: {name: 5}",
    "no name": b"apiVersion: v1\nkind: Namespace\nmetadata: {}",
    "impossible name": b"apiVersion: v1\nkind: Namespace\nmetadata: {name: A/B}",
    "impossible namespace": b"apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: ../b}",
    "no spec": b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}",
    "spec is text": b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: x",
    "no containers": SEED.replace('[{name: app, image: "localhost/app:v1"}]', "[]").encode(),
    "no image": SEED.replace(', image: "localhost/app:v1"', "").encode(),
    "selector misses the template": SEED.replace("labels: {app: web}", "labels: {app: wbe}").encode(),
    "twice the same": (SEED + "---" + SEED.partition("---")[2]).encode(),
    "aliases that explode": b"a: &a [x,x]\nb: &b [*a,*a]\nkind: *b",
    "template": b"{{ .Values.x }}",
    "python object": b"!!python/object/apply:os.system ['echo no']",
}


@pytest.mark.parametrize("content", BAD_SEEDS.values(), ids=BAD_SEEDS)
def test_bad_seed_is_a_clear_error_and_the_command_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "bad.yaml").write_bytes(content)
    arguments = ["simulate", "--seed", str(tmp_path / "bad.yaml"), "--", "touch", str(tmp_path / "ran")]
    result = CliRunner().invoke(image_corrupt, arguments)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.exception
    error = result.output.partition("Error: ")[2]
    assert re.match(rf"{tmp_path}/bad\.yaml: .{{10,}}", error)
    assert error.count("bad.yaml: ") == 1
    assert not (tmp_path / "ran").exists()


def test_bad_seed_ends_the_process_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(BAD_SEEDS["no image"])
    code, out, err = simulate(tmp_path, "--seed", "bad.yaml", "--", "echo", "ran")
    assert (code, out) == (1, "")
    assert err.startswith("Error: bad.yaml: ") and "Required value" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("seed", ["nothing.yaml", "."])
def test_seed_that_is_no_file_is_a_usage_error(tmp_path: Path, seed: str) -> None:
    code, _, err = simulate(tmp_path, "--seed", seed, "--", "true")
    assert code == 2
    assert re.search(r"Invalid value for '--seed': File '(nothing\.yaml|\.)' (does not exist|is a directory)", err)


def test_command_is_required(tmp_path: Path) -> None:
    code, _, err = simulate(tmp_path)
    assert (code, "give a COMMAND after --" in err) == (2, True)


def test_keep_tells_scripts_where_it_is(tmp_path: Path) -> None:
    process = Process(
        [CHAOS, "--no-version-check", "image-corrupt", "simulate", "--keep", "--output", "json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
    assert found["server"].startswith("https://127.0.0.1:") and Path(found["kubeconfig"]).exists()
    process.terminate()
    assert (process.communicate(timeout=60)[0], Path(found["kubeconfig"]).exists()) == ("", False)
