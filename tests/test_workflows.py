"""The workflows of the repository, and the action for users, whose steps are run here in a simulated cluster."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from chaosimagecorrupt import __version__

from .faulty_simulator import FaultySimulator

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = ROOT / "action.yml"
EXPERIMENT = ROOT / ".github" / "workflows" / "experiment.yml"
OURS = "chaostoolkit-image-corrupt/chaostoolkit-image-corrupt"

Step = dict[str, Any]


def jobs(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())["jobs"]
    return found


def steps(path: Path) -> list[Step]:
    if path == ACTION:
        found: list[Step] = yaml.safe_load(path.read_text())["runs"]["steps"]
        return found
    return [step for job in jobs(path).values() for step in job["steps"]]


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.name)
def test_actions_of_others_are_pinned_by_their_commit(path: Path) -> None:
    others = [u for step in steps(path) if (u := step.get("uses", "./")) != "./" and not u.startswith(OURS)]
    assert others and [u for u in others if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", u)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_no_right_that_they_do_not_name_and_end_in_time(path: Path) -> None:
    assert yaml.safe_load(path.read_text())["permissions"] in ({}, {"contents": "read"})
    assert [name for name, job in jobs(path).items() if "timeout-minutes" not in job] == []


def test_users_get_the_action_and_the_package_of_this_version() -> None:
    (ours,) = [s["uses"] for s in steps(EXPERIMENT) if OURS in s.get("uses", "")]
    package = yaml.safe_load(ACTION.read_text())["inputs"]["package"]["default"]
    assert (ours, package) == (f"{OURS}@v{__version__}", f"chaostoolkit-image-corrupt[report]=={__version__}")


def test_the_workflow_for_users_passes_on_what_the_action_takes_with_the_same_defaults() -> None:
    (called,) = [s["with"] for s in steps(EXPERIMENT) if OURS in s.get("uses", "")]
    taken = yaml.safe_load(ACTION.read_text())["inputs"]
    # `on` is a boolean of YAML 1.1
    offered = yaml.safe_load(EXPERIMENT.read_text())[True]["workflow_call"]["inputs"]
    assert called == {name: f"${{{{ inputs.{name} }}}}" for name in taken if name != "python-version"}
    assert {name: offered[name].get("default") for name in called} == {
        name: taken[name].get("default") for name in called
    }


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not on the PATH")
def test_actionlint_finds_nothing() -> None:
    done = subprocess.run(["actionlint", *WORKFLOWS], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


class Runner:
    """Runs the steps of the action that are scripts, as a runner does.

    Args:
        folder: of the runner's files; has an environment in which this extension is installed.
    """

    def __init__(self, folder: Path, **inputs: str) -> None:
        self.folder = folder
        self.code, self.printed = 0, ""
        declared = yaml.safe_load(ACTION.read_text())["inputs"]
        self._inputs = {name: inputs.get(name.replace("-", "_"), i.get("default", "")) for name, i in declared.items()}
        self._outputs: dict[str, dict[str, str]] = {}

    def run(self, **env: str) -> None:
        """Run the steps until one fails."""
        for number, step in enumerate(s for s in steps(ACTION) if "run" in s and s["name"] != "Install"):
            if self.code == 0:
                self._run(step, self.folder / f"output-{number}", env)

    def judge(self, fail_on: str) -> None:
        """Run the last step again, with other verdicts to fail on."""
        self._inputs["fail-on"] = fail_on
        self._run(steps(ACTION)[-1], self.folder / "output", {})

    def output(self, name: str) -> str:
        return self._filled(yaml.safe_load(ACTION.read_text())["outputs"][name]["value"])

    @property
    def summary(self) -> str:
        return (self.folder / "summary.md").read_text()

    def _run(self, step: Step, output: Path, env: dict[str, str]) -> None:
        output.touch()
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}
        own = {name: self._filled(str(value)) for name, value in step.get("env", {}).items()}
        script = self.folder / "script.sh"
        script.write_text(step["run"])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.folder,
            env={**os.environ, "RUNNER_TEMP": str(self.folder), **files, **own, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        self.code, self.printed = done.returncode, self.printed + done.stdout
        written = dict(line.split("=", 1) for line in output.read_text().splitlines())
        self._outputs[step.get("id", "")] = written

    def _filled(self, text: str) -> str:
        text = re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: self._inputs[m[1]], text)
        return re.sub(r"\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}", lambda m: self._outputs[m[1]].get(m[2], ""), text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "image-corrupt").symlink_to(Path(sys.executable).parent.parent)
    return tmp_path


QUICK = {"IMAGE_CORRUPT_PROGRESS_DEADLINE": "3", "IMAGE_CORRUPT_BACKOFF_TIMEOUT": "1"}


class TestAction:
    def test_attaches_reports_on_an_installed_experiment_and_fails_on_its_verdict(self, folder: Path) -> None:
        runner = Runner(folder, experiment="cert-manager")
        with FaultySimulator() as simulator:
            runner.run(KUBECONFIG=str(simulator.kubeconfig), **QUICK)
        assert (runner.code, runner.output("verdict")) == (0, "Resilient"), runner.printed
        assert "Resilient" in runner.summary
        attached = {path.name for path in (folder / "image-corrupt-report").iterdir()}
        assert attached == {"chaostoolkit.log", "journal.json", "report.html", "report.md", "report.xml"}
        runner.judge(fail_on="")
        assert runner.code == 0
        runner.judge(fail_on="Degraded Resilient")
        assert runner.code == 1 and "::error title=image-corrupt::verdict Resilient, see the report" in runner.printed

    def test_fails_when_nothing_was_injected_and_still_reports(self, folder: Path) -> None:
        runner = Runner(folder, experiment="deployment")
        with FaultySimulator() as simulator:
            runner.run(KUBECONFIG=str(simulator.kubeconfig), IMAGE_CORRUPT_STEADY_TIMEOUT="0")
        assert runner.code == 1 and (folder / "image-corrupt-report" / "report.html").exists()

    def test_fails_as_chaos_does_when_the_experiment_is_not_valid_and_keeps_its_log(self, folder: Path) -> None:
        (folder / "invalid.yaml").write_text("title: no method\n")
        runner = Runner(folder, experiment="invalid.yaml")
        runner.run()
        assert (runner.code, runner.output("verdict")) == (1, "")
        assert "::error title=image-corrupt::chaos run ended with exit code 1, see the artifact's log" in runner.printed
        log = (folder / "image-corrupt-report" / "chaostoolkit.log").read_text()
        assert "experiment requires a description" in log
        (upload,) = [step for step in steps(ACTION) if "upload-artifact" in step.get("uses", "")]
        assert upload["if"] == "always()"

    def test_names_the_experiments_when_there_is_none_of_that_name(self, folder: Path) -> None:
        runner = Runner(folder, experiment="nothing")
        runner.run()
        assert runner.code == 2 and "'nothing' is not one of 'cert-manager', " in runner.printed
