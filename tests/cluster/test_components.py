"""The five components' experiments as they are, on simulated operators that behave in different ways.

The runs take about a minute each, because the kubelet's back-off does; all of them go on at the same time.
"""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from chaosimagecorrupt.simulator import Simulator
from chaosimagecorrupt.simulator.components import default_manifests
from chaosimagecorrupt.simulator.controllers.operator import PREFIX

from ..shown_output import not_printed, steps
from .conftest import E2E, ROOT, Object

pytestmark = pytest.mark.skipif(E2E is not None, reason="a real cluster has none of the five components")

COMPONENTS = ("cert-manager", "istiod", "knative-serving-controller", "kserve", "odh-model-controller")
# any Deployment: one that no experiment of a component touches
ANY = {"IMAGE_CORRUPT_NAME": "cert-manager-cainjector", "IMAGE_CORRUPT_NAMESPACE": "cert-manager"}

SETTINGS: dict[str, dict[str, str]] = {
    "as the real ones": {},
    "report": {"behaviour": "reports"},
    "silent": {"behaviour": "silent"},
    "heal": {"behaviour": "heals", "delay": "1"},
}

MANAGERS = {
    "cert-manager": "cert-manager-operator",
    "istiod": "sail-operator",
    "knative-serving-controller": "knative-operator",
    "kserve": "opendatahub-operator",
    "odh-model-controller": "opendatahub-operator",
}
REPORTS = {
    "cert-manager": "cert-manager-controller-deploymentProgressing=True (DeploymentNotReady)",
    "istiod": "Ready=False (DeploymentNotReady)",
    "knative-serving-controller": "DeploymentsAvailable=False (DeploymentNotReady)",
    "kserve": "KserveReady=False (DeploymentsNotReady)",
    "odh-model-controller": "ModelControllerReady=False (DeploymentsNotReady)",
}
AT_A_TIME = 20


class Done(NamedTuple):
    """A run that has ended."""

    code: int
    printed: str
    journal: Object

    @property
    def target(self) -> Object:
        return dict(self.journal["image-corrupt"]["targets"][0])

    @property
    def verdict(self) -> str:
        return str(self.target["verdict"])

    def row(self, name: str) -> Object:
        return next(dict(r) for r in self.target["rubric"] if r["row"] == name)

    @property
    def expected(self) -> dict[str, str]:
        """The results of the section Expected by row."""
        return {r["row"]: r["result"] for r in self.target["rubric"] if r["section"] == "Expected"}


def operated(settings: dict[str, str]) -> list[Object]:
    """The five components, with operators that behave so."""
    manifests: list[Object] = copy.deepcopy(default_manifests())
    for each in manifests:
        annotations = each["metadata"].get("annotations") or {}
        if PREFIX + "watches" in annotations:
            annotations.update({PREFIX + name: value for name, value in settings.items()})
            if settings.get("behaviour") == "reports" and each["kind"] == "KnativeServing":
                annotations[PREFIX + "watches"] = annotations[PREFIX + "watches"].removesuffix(":available")
            if settings.get("behaviour") == "silent":
                each.setdefault("status", {})["conditions"] = healthy(annotations[PREFIX + "watches"])
    return manifests


def healthy(watches: str) -> list[dict[str, Any]]:
    """The conditions that a silent operator wrote once."""
    types = [each.strip().partition("=")[2].partition(":") for each in watches.split(",")]
    return [{"type": t, "status": "False" if rule == "progressing" else "True"} for t, _, rule in types]


def run(kubeconfig: Path, folder: Path, experiment: str, **env: str) -> Done:
    folder.mkdir()
    path = next((ROOT / "experiments").glob(f"{experiment}-image-corrupt.*"))
    command: list[str | Path] = [
        Path(sys.executable).with_name("chaos"),
        "--no-version-check",
        "run",
        "--journal-path=journal.json",
        path,
    ]
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "XDG_STATE_HOME": str(folder), **env}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300
    )
    return Done(done.returncode, done.stdout, json.loads((folder / "journal.json").read_text()))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], "Future[Done]"]]:
    """All runs, by component and by how the operators behave."""
    folder = tmp_path_factory.mktemp("components")
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(AT_A_TIME))
        found = {}
        for how, settings in SETTINGS.items():
            simulator = stack.enter_context(Simulator(operated(settings)))
            chosen = COMPONENTS if how != "report" else ("knative-serving-controller",)
            for name in chosen:
                path = folder / f"{how}-{name}"
                found[name, how] = pool.submit(run, simulator.kubeconfig, path, name)
            if not settings:
                found["any", how] = pool.submit(run, simulator.kubeconfig, folder / "any", "deployment", **ANY)
        yield found
        pool.shutdown()  # before the simulators end


Runs = dict[tuple[str, str], "Future[Done]"]


@pytest.mark.parametrize("name", [*COMPONENTS, "any"])
def test_every_row_of_what_is_expected_is_observed(runs: Runs, name: str) -> None:
    found = runs[name, "as the real ones"].result()
    assert (found.code, found.journal["deviated"]) == (0, False), found.printed
    rows = ["pull-failing", "back-off-grows", "deadline", "operator-reports", "clean-rollout"]
    expected = dict.fromkeys([r for r in rows if name != "any" or r != "operator-reports"], "pass")
    if name == "knative-serving-controller":
        expected["operator-reports"] = "violation"
    assert found.expected == expected, found.target["rubric"]
    assert found.verdict == ("Degraded" if name == "knative-serving-controller" else "Resilient")
    assert found.journal["duration"] < 120


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("README.md", "cert-manager"),
        ("docs/quickstart.md", "cert-manager"),
        ("docs/quickstart.md", "knative-serving-controller"),
    ],
)
def test_a_run_prints_what_the_page_shows(runs: Runs, page: str, name: str) -> None:
    (shown,) = [lines for command, lines in steps(ROOT / page) if command.endswith(f"--path {name})")]
    of_the_run = [line for line in shown if not line.startswith("A simulated cluster")]
    assert of_the_run and not_printed(of_the_run, runs[name, "as the real ones"].result().printed) == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_an_operator_that_reports(runs: Runs, name: str) -> None:
    found = (runs.get((name, "report")) or runs[name, "as the real ones"]).result()
    assert (found.code, found.verdict) == (0, "Resilient"), found.printed
    assert found.row("operator-reports")["why"].endswith(f" s after the corruption: {REPORTS[name]}")


@pytest.mark.parametrize("name", COMPONENTS)
def test_an_operator_that_stays_silent(runs: Runs, name: str) -> None:
    found = runs[name, "silent"].result()
    assert (found.code, found.verdict) == (0, "Degraded"), found.printed
    assert found.row("operator-reports")["result"] == found.row("operator-silent")["result"] == "violation"
    assert "did not write its status within" in found.row("operator-silent")["why"]


@pytest.mark.parametrize("name", COMPONENTS)
def test_an_operator_that_heals_ends_the_run_early(runs: Runs, name: str) -> None:
    found = runs[name, "heal"].result()
    assert (found.code, found.verdict) == (0, "Resilient"), found.printed
    assert found.target["recovery"]["healed_by"]["manager"] == MANAGERS[name]
    assert found.row("operator-silent")["result"] != "violation"
