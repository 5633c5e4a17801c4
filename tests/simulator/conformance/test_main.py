"""The command that compares recordings with the simulator."""

import subprocess
import sys
from pathlib import Path

import pytest

from chaosimagecorrupt.simulator.conformance.__main__ import main

from .recorded import FEW, RECORDINGS


def test_the_tool_runs_as_a_process_over_several_recordings() -> None:
    some = ["paused", "sts-rolling", "ds-rolling"]  # all of them: test_search.py
    paths = [str(RECORDINGS / f"{scenario}.jsonl") for scenario in some]
    command = [sys.executable, "-m", "chaosimagecorrupt.simulator.conformance", *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == some
    assert all(": agree (" in line for line in done.stdout.splitlines())


def test_the_tool_says_where_a_recording_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (RECORDINGS / "zero-replicas.jsonl").read_text().splitlines()
    path = tmp_path / "changed.jsonl"
    dropped = [line for line in lines if '"kind":"Deployment"' in line and "NewReplicaSetCreated" in line][-1]
    path.write_text("\n".join(line for line in lines if line is not dropped))
    assert main([str(path), "--patience", str(FEW)]) == 1
    assert capsys.readouterr().out.startswith(
        "zero-replicas: differs: Deployment web: expected observedGeneration 2, revision 2 at 3.83 s, "
        "found revision 2, Progressing True/NewReplicaSetCreated at 3.8"
    )


def test_one_bad_recording_does_not_keep_the_others_from_being_compared(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([str(RECORDINGS / "api.jsonl"), str(RECORDINGS / "paused.jsonl")])
    assert code == 2
    assert "paused: agree" in capsys.readouterr().out
