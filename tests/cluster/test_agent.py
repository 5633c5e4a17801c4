"""Our verdict beside Chaos Toolkit's own: the table of docs/verdict.md, a real run for each of its rows.

Chaos Toolkit 1.21 sums a run up as an outcome (`chaos run --output agent`); without that version, its status counts.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ..fixtures_http import soon
from .conftest import OTHER_IMAGE, ROOT, Api, Object
from .test_verdict import CORRUPT, RESTORE, Lab, activity

HAS_AGENT = find_spec("chaostoolkit.agent") is not None
ARGUMENTS = {"name": "web", "ns": "${ns}"}
PROOF = activity("probe", "probes", "image_pull_failing", **ARGUMENTS, timeout=60, required=True)
RECOVERED = activity("probe", "probes", "deployment_recovered", **ARGUMENTS, timeout=30)
PULLABLE = activity("action", "actions", "corrupt_image", **ARGUMENTS, guard=False, image=OTHER_IMAGE)
READY = {**activity("probe", "probes", "pods_ready", **ARGUMENTS, timeout=60), "tolerance": True}


def shell(name: str, script: str, kind: str = "action") -> Object:
    """An activity that runs a script."""
    provider = {"type": "process", "path": "bash", "arguments": ["-c", script]}
    return {"type": kind, "name": name, "provider": provider}


# the user's own: 0 unless there is a file
INTACT = {**shell("shop-is-intact", "test ! -e broken", "probe"), "tolerance": 0}
BREAK, MEND = shell("break", "touch broken; sleep 2"), shell("mend", "rm broken; sleep 1")
ABSENT = {**activity("probe", "probes", "pods_ready", name="nobody", ns="${ns}"), "tolerance": True}
MISSED = activity("probe", "probes", "image_pull_failing", **ARGUMENTS, timeout=1, required=True)
CONTINUOUSLY = ("--hypothesis-strategy=continuously", "--hypothesis-frequency=0.3")


class Row(NamedTuple):
    """One row of the table: how a run goes, and what both say of it."""

    method: list[Object]
    status: str
    deviated: bool
    outcome: str
    conclusive: bool
    verdict: str
    code: int
    reason: str
    steady: tuple[Object, ...] = (READY, INTACT)
    options: tuple[str, ...] = ()
    deploy: Object = {}  # noqa: RUF012  # nobody changes it


WHOLE = [CORRUPT, PROOF, RESTORE, RECOVERED]
ROWS = {
    "resilient": Row(WHOLE, "completed", False, "passed", True, "Resilient", 0, "the fault took effect"),
    "degraded": Row(
        WHOLE,
        "completed",
        False,
        "passed",
        True,
        "Degraded",
        0,
        "ready pods lost",
        deploy={"strategy": {"type": "Recreate"}},
    ),
    "no proof": Row(
        [PULLABLE, MISSED, RESTORE, RECOVERED],
        "failed",
        False,
        "passed",
        False,
        "Inconclusive",
        1,
        "no proof that the fault took effect",
    ),
    "not met after": Row(
        [*WHOLE, BREAK],
        "failed",
        True,
        "deviated",
        True,
        "Failed",
        1,
        "not met after the method: shop-is-intact answered",
    ),
    "not met during": Row(
        [CORRUPT, PROOF, BREAK, MEND, RESTORE, RECOVERED],
        "completed",
        False,
        "deviated",
        True,
        "Degraded",
        0,
        "not met during the method in . of .* checks: shop-is-intact answered",
        steady=(INTACT,),
        options=CONTINUOUSLY,
    ),
    "fail fast": Row(
        [CORRUPT, PROOF, BREAK, RESTORE, RECOVERED],
        "failed",
        True,
        "deviated",
        True,
        "Inconclusive",
        1,
        "ended early",
        steady=(INTACT,),
        options=(*CONTINUOUSLY, "--fail-fast"),
    ),
    "not met before": Row(
        WHOLE,
        "failed",
        False,
        "baseline-not-met",
        False,
        "Inconclusive",
        1,
        "not met before the fault: pods_ready answered true, expected false",
        steady=({**READY, "tolerance": False},),
    ),
    "a probe raised": Row(
        WHOLE,
        "failed",
        False,
        "probe-error",
        False,
        "Inconclusive",
        1,
        "before the fault could not be checked: pods_ready raised",
        steady=(ABSENT,),
    ),
    "aborted": Row(
        [CORRUPT, PROOF, {"ref": "nothing"}, RESTORE],
        "aborted",
        False,
        "aborted",
        False,
        "Inconclusive",
        1,
        "interrupted before the end",
        options=("--no-validation",),
    ),
    "interrupted": Row(
        [CORRUPT, PROOF, shell("stop", "kill -INT $PPID; sleep 5"), RESTORE],
        "interrupted",
        False,
        "interrupted",
        False,
        "Inconclusive",
        1,
        "interrupted before the end",
    ),
}
for kind in ("actions", "probes", "activities", "pause"):
    row = Row([CORRUPT, PROOF, RESTORE, RECOVERED], "completed", False, "passed", False, "Inconclusive", 0, "dry run")
    ROWS[f"dry run: {kind}"] = row._replace(options=("--dry", kind))


class Ended(NamedTuple):
    """A run that is over."""

    code: int
    printed: str
    report: Object | None
    journal: Object


def start(lab: Lab, row: Row) -> "subprocess.Popen[str]":
    experiment = {
        "title": "test",
        "description": "test",
        "configuration": {"ns": lab.ns},
        "controls": [{"name": "image-corrupt", "provider": {"type": "python", "module": "chaosimagecorrupt.control"}}],
        "steady-state-hypothesis": {"title": "ready", "probes": list(row.steady)},
        "method": row.method,
        "rollbacks": [],
    }
    (lab.folder / "experiment.json").write_text(json.dumps(experiment))
    agent = ["--output=agent"] if HAS_AGENT else []
    chaos = str(Path(sys.executable).with_name("chaos"))
    command = [chaos, "--no-version-check", "run", "--journal-path=journal.json", *agent, *row.options]
    environment = {**os.environ, "KUBECONFIG": str(lab.api.kubeconfig)}
    with (lab.folder / "stderr").open("w") as stderr:
        return subprocess.Popen(
            [*command, "experiment.json"],
            cwd=lab.folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )


def finish(lab: Lab, run: "subprocess.Popen[str]") -> Ended:
    stdout, _ = run.communicate(timeout=300)
    journal = json.loads((lab.folder / "journal.json").read_text())
    report = json.loads(stdout) if HAS_AGENT else None
    return Ended(run.returncode, stdout + (lab.folder / "stderr").read_text(), report, journal)


@pytest.fixture(scope="module")
def ended(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ended]]:
    """The run of each row; they run at the same time."""
    labs = {name: Lab(api, tmp_path_factory.mktemp("agent")) for name in ROWS}
    for name, lab in labs.items():
        lab.deploy(**ROWS[name].deploy)
    # a dry run waits for nothing
    assert soon(lambda: all(lab.is_ready() for lab in labs.values()))
    runs = {name: start(lab, ROWS[name]) for name, lab in labs.items()}
    yield {name: finish(lab, runs[name]) for name, lab in labs.items()}
    for lab in labs.values():
        api.core.delete_namespace(lab.ns)


@pytest.mark.parametrize("name", ROWS)
def test_our_verdict_and_the_exit_code(ended: dict[str, Ended], name: str) -> None:
    row, found = ROWS[name], ended[name]
    section = found.journal["image-corrupt"]
    assert (section["verdict"], found.code) == (row.verdict, row.code), found.printed
    assert re.search(row.reason, "\n".join(section["reasons"])), section["reasons"]


@pytest.mark.parametrize("name", ROWS)
def test_the_status_that_chaos_toolkit_writes(ended: dict[str, Ended], name: str) -> None:
    row, journal = ROWS[name], ended[name].journal
    assert (journal["status"], journal["deviated"]) == (row.status, row.deviated), ended[name].printed


@pytest.mark.skipif(not HAS_AGENT, reason="chaostoolkit 1.21 (Python 3.12 or newer) is not installed")
@pytest.mark.parametrize("name", ROWS)
def test_the_outcome_that_chaos_toolkit_reports(ended: dict[str, Ended], name: str) -> None:
    row, report = ROWS[name], ended[name].report
    assert report is not None
    assert (report["outcome"], report["conclusive"]) == (row.outcome, row.conclusive), report


@pytest.mark.parametrize("name", [n for n in ROWS if n.startswith("dry run")])
def test_a_dry_run_injects_nothing_and_no_activity_fails(ended: dict[str, Ended], name: str) -> None:
    journal = ended[name].journal
    assert {r["status"] for r in journal["run"]} == {"succeeded"}
    assert (journal["image-corrupt"]["targets"], journal["image-corrupt"]["problems"]) == ([], [])
    assert sum(r["duration"] for r in journal["run"]) < 20


def test_what_makes_ours_inconclusive_makes_theirs_inconclusive_but_for_fail_fast() -> None:
    rows = {name: row for name, row in ROWS.items() if row.verdict == "Inconclusive" and row.conclusive}
    assert list(rows) == ["fail fast"]


def test_the_table_of_the_documentation_has_these_rows() -> None:
    text = (ROOT / "docs" / "verdict.md").read_text()
    section = text.partition("## Beside Chaos Toolkit's own report")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    found = {tuple(cell.strip(" `") for cell in line.split("|")[2:6]) for line in lines}
    expected = {(r.outcome, "yes" if r.conclusive else "no", r.verdict, str(r.code)) for r in ROWS.values()}
    assert expected <= found


def test_arguments_that_make_no_sense_start_nothing(api: Api, tmp_path: Path) -> None:
    lab = Lab(api, tmp_path)
    lab.deploy()
    generation = api.deployment(lab.ns, "web")["metadata"]["generation"]
    found = lab.finish(_unvalidated(lab, recovery_withn=5))
    assert (found.code, found.journal["status"], found.verdict) == (1, "interrupted", "Inconclusive")
    assert "does not know the argument recovery_withn" in found.found["problems"][0]
    assert (found.journal["run"], api.deployment(lab.ns, "web")["metadata"]["generation"]) == ([], generation)
    api.core.delete_namespace(lab.ns)


def _unvalidated(lab: Lab, **arguments: Any) -> "subprocess.Popen[str]":
    """Start a run that Chaos Toolkit does not validate, under the control with these arguments."""
    lab.start(CORRUPT, **arguments).communicate(timeout=60)  # refused; it leaves the experiment there
    chaos = str(Path(sys.executable).with_name("chaos"))
    command = [chaos, "--no-version-check", "run", "--no-validation", "--journal-path=journal.json", "experiment.json"]
    environment = {**os.environ, "KUBECONFIG": str(lab.api.kubeconfig)}
    return subprocess.Popen(
        command, cwd=lab.folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
