"""`chaos image-corrupt init`: what it writes is valid, runs, and proves the fault on that Deployment."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.conftest import IMAGE
from tests.cluster.simulated import Place
from tests.quick_cluster import manifests_of, quick_cluster

from .conftest import CHAOS, Run

# The Deployments' own progress deadline is over before the ttl; init must leave it as it is
DEADLINE = {"progressDeadlineSeconds": 30}
KINDS: dict[str, dict[str, Any]] = {
    "rolling": {},
    "recreate": {"strategy": {"type": "Recreate"}},
    "no-surge": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}},
    "init-container": {"pod": {"initContainers": [{"name": "prepare", "image": IMAGE, "args": ["true"]}]}},
    "single": {"replicas": 1},
    "min-ready": {"minReadySeconds": 1},
}
OPTIONS = {"init-container": ["--container", "prepare"], "single": ["single.json"]}

VERDICTS = {"recreate": "Degraded", "no-surge": "Degraded"}  # they lost pods


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `chaos run` made of what `init` wrote for each kind of Deployment, all at the same time."""
    folder = tmp_path_factory.mktemp("init")
    run = f'{CHAOS[0]} --no-version-check run --journal-path "$1.journal" "$(ls $1*.json $1*.yaml 2>/dev/null)"'
    written = [*CHAOS, "init", '"$1"', "-n", "shop", '"${@:2}"']
    script = f"{' '.join(written)} && {run}"
    with quick_cluster(manifests_of("shop", {name: DEADLINE | spec for name, spec in KINDS.items()})) as kubeconfig:
        environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "XDG_STATE_HOME": str(folder / "state")}
        started = {
            name: subprocess.Popen(
                ["bash", "-c", script, "-", name, *OPTIONS.get(name, [])],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for name in KINDS
        }
        printed = {name: process.communicate(timeout=240)[0] for name, process in started.items()}
    assert {n: p.returncode for n, p in started.items()} == dict.fromkeys(KINDS, 0), printed
    for name, text in printed.items():
        (folder / f"{name}.log").write_text(text)
    return folder


@pytest.mark.parametrize("name", KINDS)
def test_the_run_of_what_was_written_proves_the_fault_and_the_recovery(runs: Path, name: str) -> None:
    journal = json.loads((runs / f"{name}.journal").read_text())
    assert (journal["status"], journal["deviated"]) == ("completed", False)
    (target,) = journal["image-corrupt"]["targets"]
    outputs = {r["activity"]["name"]: r["output"] for r in journal["run"]}
    assert outputs["new-pods-cannot-pull"] is True
    assert outputs["stuck-rollout-is-reported"] is True
    assert outputs["pauses-between-pulls-grow"] is True
    expected = {r["row"]: r["result"] for r in target["rubric"] if r["section"] == "Expected"}
    assert expected == dict.fromkeys(("pull-failing", "back-off-grows", "deadline", "clean-rollout"), "pass")
    assert outputs["deployment-recovers"] is True
    assert journal["image-corrupt"]["verdict"] == VERDICTS.get(name, "Resilient"), journal["image-corrupt"]["reasons"]


@pytest.mark.parametrize("name", KINDS)
def test_no_line_of_the_run_has_seconds_with_more_than_one_decimal(runs: Path, name: str) -> None:
    lines = (runs / f"{name}.log").read_text().splitlines()
    assert [line for line in lines if re.search(r"\d\.\d\d+ s\b", line)] == []
    assert any(re.search(r": waiting for .*, \d+ s at most$", line) for line in lines)


@pytest.mark.parametrize("name", KINDS)
def test_the_run_ends_with_its_verdict_and_the_command_that_makes_the_report(runs: Path, name: str) -> None:
    said = [line.partition("image-corrupt: ")[2] for line in (runs / f"{name}.log").read_text().splitlines()]
    assert any(text.startswith("verdict on ") for text in said)
    assert said[-1] == f"next: chaos image-corrupt report {name}.journal -o report.html"


def test_validate_accepts_what_was_written(runs: Path) -> None:
    validate = [CHAOS[0], "--no-version-check", "validate"]
    for path in ("rolling-image-corrupt.yaml", "single.json"):
        assert subprocess.run([*validate, path], cwd=runs, capture_output=True, timeout=120).returncode == 0


def test_yaml_has_comments_and_json_is_json(runs: Path) -> None:
    text = (runs / "recreate-image-corrupt.yaml").read_text()
    assert "# warning: capacity: Recreate: 0 of 2 pods keep serving during the fault; the service is down" in text
    assert "# The rollout reports that it is stuck well before the ttl is over" in text
    assert yaml.safe_load(text)["method"][0]["provider"]["arguments"]["name"] == "recreate"
    assert json.loads((runs / "single.json").read_text())["method"][0]["provider"]["arguments"]["name"] == "single"


@pytest.mark.parametrize(("name", "serving"), [("rolling", 1), ("recreate", 0), ("no-surge", 1)])
def test_tolerances_follow_from_the_strategy_whatever_an_autoscaler_does(runs: Path, name: str, serving: int) -> None:
    experiment = yaml.safe_load((runs / f"{name}-image-corrupt.yaml").read_text())
    (probe,) = (p for p in experiment["steady-state-hypothesis"]["probes"] if p["name"] == "enough-pods-serve")
    assert probe["tolerance"]["range"] == [serving, 2147483647]


def test_only_recreate_asks_first_whether_the_original_image_can_be_pulled(runs: Path) -> None:
    texts = {name: (runs / f"{name}-image-corrupt.yaml").read_text() for name in ("rolling", "recreate")}
    assert {name: "original_pullable" in text for name, text in texts.items()} == {"rolling": False, "recreate": True}
    before = json.loads((runs / "recreate.journal").read_text())["steady_states"]["before"]["probes"][-1]
    assert (before["activity"]["name"], before["output"]) == ("original-image-can-be-pulled", True)


@pytest.mark.parametrize(
    ("name", "result", "why"),
    [
        ("recreate", "pass", "original_pullable showed that it can be pulled; no pull of it was observed"),
        ("rolling", "not observed", "not known: no pod had to start"),
    ],
)
def test_the_verdict_says_whether_the_original_image_was_pulled(runs: Path, name: str, result: str, why: str) -> None:
    (target,) = json.loads((runs / f"{name}.journal").read_text())["image-corrupt"]["targets"]
    (row,) = (row for row in target["rubric"] if row["row"] == "original-pulled")
    assert row["result"] == result and row["why"].startswith(why)


def test_a_file_that_is_there_is_not_overwritten_without_being_told(command: Run, shop: Place) -> None:
    shop.deploy()
    path = Path("web-image-corrupt.yaml")
    path.write_text("mine")
    error = command("init", "web", "-n", shop.ns).error
    assert (error, path.read_text()) == (f"{path} exists already; --force overwrites it", "mine")
    assert command("init", "web", "-n", shop.ns, "--force").code == 0
    assert path.read_text() != "mine"


def test_output_json_says_what_was_written(command: Run, shop: Place) -> None:
    shop.deploy()
    found = command("init", "web", "-n", shop.ns, "-o", "json").json
    assert yaml.safe_load(Path(found["file"]).read_text())["title"].startswith("What happens when the image of web")
    assert {line["name"] for line in found["preflight"]} >= {"rights", "capacity", "dry run"}


def test_stdout_gets_the_experiment_alone(command: Run, shop: Place) -> None:
    shop.deploy()
    assert command("init", "web", "-", "-n", shop.ns, "--format", "json").json["method"]
    assert yaml.safe_load(command("init", "web", "-", "-n", shop.ns).out)["method"]


@pytest.mark.parametrize("path", ["no/such/folder.yaml", "/proc/nothing.yaml"])
def test_a_file_that_cannot_be_written_is_one_line(command: Run, shop: Place, path: str) -> None:
    shop.deploy()
    assert f"{path} cannot be written: " in command("init", "web", path, "-n", shop.ns).error


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("web.txt",), "FILE: 'web.txt' ends with none of .yaml, .yml and .json, so `chaos run` does not read it"),
        (("",), "FILE: '.' ends with none of .yaml, .yml and .json, so `chaos run` does not read it"),
        (("web.json", "--format", "yaml"), "--format: `chaos run` reads web.json as JSON"),
        (("--image", ""), "--image: a reference is needed"),
        (("--container", ""), "--container: '' is not the name of a container"),
    ],
    ids=str,
)
def test_what_no_experiment_could_be_written_by_is_wrong_usage(
    command: Run, shop: Place, arguments: tuple[str, ...], error: str
) -> None:
    with shop.no_request():
        assert command("init", "web", *arguments, "-n", shop.ns).usage_error.startswith(error)


def test_a_full_disk_is_one_line(command: Run, shop: Place, tmp_path: Path) -> None:
    shop.deploy()
    (tmp_path / "full.yaml").symlink_to("/dev/full")
    error = command("init", "web", "full.yaml", "-n", shop.ns, "--force").error
    assert error == "full.yaml cannot be written: No space left on device"


def test_a_protected_namespace_is_allowed_in_what_is_written(command: Run, shop: Place) -> None:
    shop.deploy()
    experiment = command("init", "web", "-", "-n", shop.ns, "--format", "json", "--allow-protected").json
    (corrupt,) = (a for a in experiment["method"] if a["name"] == "corrupt-the-image")
    assert corrupt["provider"]["arguments"]["allow_protected"] is True


def test_a_container_that_is_not_there_is_refused_and_nothing_is_written(
    command: Run, shop: Place, tmp_path: Path
) -> None:
    shop.deploy()
    error = command("init", "web", "-n", shop.ns, "--container", "no").error
    assert error.endswith("has no container 'no'; it has app")
    assert list(tmp_path.glob("*.yaml")) == []
