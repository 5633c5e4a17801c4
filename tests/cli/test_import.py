"""`chaos image-corrupt import`: what it writes is valid and runs; what cannot be carried over is said on stderr."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.quick_cluster import manifests_of, quick_cluster

from .conftest import CHAOS, Run
from .operator_chaos.chaos_experiments import AVAILABLE, a_chaos_experiment

ONE = a_chaos_experiment(blastRadius={"maxPodsAffected": 2})
ANOTHER = a_chaos_experiment({"name": "another"})
POD_KILL = a_chaos_experiment({"name": "pod-kill"}, injection={"type": "PodKill"})
CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def file_of(*documents: Any, name: str = "theirs.yaml") -> str:
    Path(name).write_text(yaml.safe_dump_all(documents))
    return name


def names_in(text: str) -> list[str]:
    return [document["title"].partition(":")[0] for document in yaml.safe_load_all(text)]


def test_stdout_gets_yaml_alone_and_stderr_what_has_no_counterpart(command: Run) -> None:
    done = command("import", file_of(ONE))
    assert (done.code, names_in(done.out)) == (0, ["web-image"])
    (note,) = done.err.splitlines()
    assert note.startswith("web-image: spec.blastRadius.maxPodsAffected: 2 has no counterpart")
    assert f"# {note.removeprefix('web-image: ')}\n" in done.out


@pytest.mark.parametrize("name", ["ours.yaml", "ours.yml", "ours.json"])
def test_the_name_of_the_file_says_which_format(command: Run, name: str) -> None:
    done = command("import", file_of(ANOTHER), "-o", name)
    assert (done.code, done.out, done.err) == (0, "", f"Wrote {name}; run it: chaos run {name}\n")
    read = json.loads if name.endswith("json") else yaml.safe_load
    assert read(Path(name).read_text())["method"]


def test_stdin_is_read(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run(
        [*CHAOS, "import", "-"], input=yaml.safe_dump(ANOTHER), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, names_in(done.stdout), done.stderr) == (0, ["another"], "")


@pytest.mark.parametrize(
    "documents",
    [
        [ONE, ANOTHER],
        [{"apiVersion": "v1", "kind": "List", "items": [ONE, ANOTHER]}],
        [{"kind": "ChaosExperimentList", "items": [ONE]}, ANOTHER],
    ],
    ids=["documents", "List", "ChaosExperimentList"],
)
def test_several_are_a_file_each(command: Run, documents: list[Any]) -> None:
    assert command("import", file_of(*documents)).error == (
        "there are 2 experiments; -o FOLDER/ writes each into a file of its own"
    )
    assert command("import", file_of(*documents), "-o", "ours/").code == 0
    assert sorted(path.name for path in Path("ours").iterdir()) == ["another.yaml", "web-image.yaml"]


def test_several_files_are_read(command: Run) -> None:
    files = [file_of(ONE, name="a.yaml"), file_of(ANOTHER, name="b.yaml")]
    assert command("import", *files, "-o", "ours/").code == 0
    assert len([*Path("ours").iterdir()]) == 2


def test_two_of_one_name_would_be_one_file(command: Run) -> None:
    error = command("import", file_of(ONE, ONE), "-o", "ours/").error
    assert error == "two experiments have the name web-image; import them one by one"


def test_what_is_something_else_is_skipped_and_told(command: Run) -> None:
    done = command("import", file_of(CONFIG_MAP, {"a": 1}, POD_KILL, ANOTHER, ["x"]))
    assert (done.code, names_in(done.out)) == (0, ["another"])
    assert done.err.splitlines() == [
        "Skipped: theirs.yaml: object 1 has the kind ConfigMap, not ChaosExperiment",
        "Skipped: theirs.yaml: object 2 has no kind, not ChaosExperiment",
        "Skipped: theirs.yaml: object 3 has the type PodKill, not ImageCorrupt",
        "Skipped: theirs.yaml: object 5 has no kind, not ChaosExperiment",
    ]


def test_a_file_without_any_is_an_error(command: Run) -> None:
    assert command("import", file_of(POD_KILL)).error == "theirs.yaml: object 1 has the type PodKill, not ImageCorrupt"
    assert command("import", file_of(POD_KILL, CONFIG_MAP)).error == "there is no ChaosExperiment of type ImageCorrupt"
    assert command("import", file_of()).error == "there is no ChaosExperiment of type ImageCorrupt"


def test_if_one_is_refused_nothing_is_written(command: Run) -> None:
    wrong = a_chaos_experiment({"name": "wrong"}, injection={"ttl": "soon"})
    error = command("import", file_of(ONE, wrong), "-o", "ours/").error
    assert error.startswith("theirs.yaml: spec.injection.ttl: 'soon' is not a duration")
    assert not Path("ours").exists()


def test_if_one_of_the_files_is_there_none_is_written(command: Run) -> None:
    Path("ours").mkdir()
    Path("ours/another.yaml").write_text("mine")
    arguments = ("import", file_of(ONE, ANOTHER), "-o", "ours/")
    assert command(*arguments).error == "ours/another.yaml exists already; --force overwrites it"
    assert [path.name for path in Path("ours").iterdir()] == ["another.yaml"]


def test_a_file_that_is_there_is_not_overwritten_without_being_told(command: Run) -> None:
    Path("ours.yaml").write_text("mine")
    arguments = ("import", file_of(ONE), "-o", "ours.yaml")
    assert command(*arguments).error == "ours.yaml exists already; --force overwrites it"
    assert Path("ours.yaml").read_text() == "mine"
    assert command(*arguments, "--force").code == 0
    assert names_in(Path("ours.yaml").read_text()) == ["web-image"]


@pytest.mark.parametrize("path", ["no/such/folder.yaml", "no/such/folder/", "/proc/nothing.yaml"])
def test_a_file_that_cannot_be_written_is_one_line(command: Run, path: str) -> None:
    assert " cannot be written: " in command("import", file_of(ONE), "-o", path).error


@pytest.mark.parametrize("path", ["nothing.yaml", ".", "\x1b[2J.yaml"])
def test_a_file_that_cannot_be_read_is_one_line(command: Run, path: str) -> None:
    error = command("import", path).error
    assert " cannot be read: " in error and error.isprintable()


@pytest.mark.parametrize(
    "content",
    [
        b"a: &a [x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (n, n, b", ".join([b"*%c" % (n - 1)] * 10)) for n in range(98, 118)),
        b"kind: ChaosExperiment\nspec: {injection: {type: ImageCorrupt, ttl: 0x" + b"f" * 5000 + b"}}",
        b"kind: ChaosExperiment\nspec: {injection: {type: [ImageCorrupt]}}",
        b'kind: ChaosExperiment\nspec: {injection: {type: ImageCorrupt}}\nmetadata: {name: "a\\e[2Jb"}',
        b"kind: ChaosExperiment\nspec: 5",
        b"kind: ChaosExperiment\n\x1b",
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b"x" * 2_000_000,
    ],
    ids=range(9),
)
def test_what_is_hostile_is_one_line(command: Run, content: bytes) -> None:
    Path("hostile.yaml").write_bytes(content)
    error = command("import", "hostile.yaml").error
    assert error.startswith("hostile.yaml: ") and error.isprintable() and len(error) < 400


def test_what_is_data_is_never_a_variable_or_a_comment_that_ends(command: Run) -> None:
    hostile = a_chaos_experiment(
        {"annotations\nmethod: []": "x"},
        hypothesis={"description": '${KUBERNETES_CONTEXT}\n# it\'s "quoted": {x}\x1b[2J'},
        target={"component": "a: # {b}", "resource": "Deployment/web"},
    )
    experiment = yaml.safe_load(command("import", file_of(hostile)).out)
    assert experiment["description"] == '${KUBERNETES_CONTEXT} # it\'s "quoted": {x}\\x1b[2J'
    assert "component:a: # {b}" in experiment["tags"]
    assert len(experiment["method"]) > 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "Missing argument 'FILE...'."),
        (("a.yaml", "-o", "ours.txt"), "--output: ours.txt ends neither with .yaml, .yml nor .json"),
    ],
)
def test_wrong_usage_is_exit_code_2(command: Run, arguments: tuple[str, ...], expected: str) -> None:
    assert command("import", *arguments).usage_error.startswith(expected)


def test_what_was_written_is_valid_runs_and_proves_the_fault(tmp_path: Path) -> None:
    radius = {"allowedNamespaces": ["shop"], "maxPodsAffected": 1}
    exists = {"type": "resourceExists", "apiVersion": "v1", "kind": "Namespace", "name": "shop"}
    checks = {"checks": [AVAILABLE, exists], "timeout": "30s"}
    theirs = a_chaos_experiment(blastRadius=radius, steadyState=checks, hypothesis={"recoveryTimeout": "60s"})
    with quick_cluster(manifests_of("shop", {"web": {"replicas": 1}})) as kubeconfig:
        environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "XDG_STATE_HOME": str(tmp_path / "state")}
        for arguments in (
            ["image-corrupt", "import", file_of(theirs), "-o", "ours.json"],
            ["validate", "ours.json"],
            ["run", "--journal-path", "journal.json", "ours.json"],
        ):
            done = subprocess.run(
                [*CHAOS[:2], *arguments], env=environment, capture_output=True, text=True, timeout=240
            )
            assert done.returncode == 0, done.stdout + done.stderr
    journal = json.loads(Path("journal.json").read_text())
    assert (journal["status"], journal["image-corrupt"]["verdict"]) == ("completed", "Resilient")
    assert [p["output"] for p in journal["steady_states"]["after"]["probes"]] == [True, True]
    assert journal["image-corrupt"]["thresholds"]["recovery_within"] == 60
