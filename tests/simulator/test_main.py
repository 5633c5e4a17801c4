"""The command `python -m chaosimagecorrupt.simulator`."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .calls import deployment

MODULE = [sys.executable, "-m", "chaosimagecorrupt.simulator"]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Any]:
    """Starts the command, and ends it."""
    started: list[subprocess.Popen[str]] = []
    seed = tmp_path / "seed.yaml"
    seed.write_text(json.dumps(deployment()))
    path = tmp_path / "kubeconfig"

    def start(*options: str) -> subprocess.Popen[str]:
        command = [*MODULE, "--seed", str(seed), "--kubeconfig", str(path), *options]
        running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(running)
        assert running.stdout is not None
        assert running.stdout.readline() == f"KUBECONFIG={path}\n"
        return running

    yield start
    for running in started:
        running.kill()
        running.wait()
        for pipe in (running.stdin, running.stdout, running.stderr):
            assert pipe is not None
            pipe.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_command_ends_by_signal_and_cleans_up(process: Any, tmp_path: Path, number: signal.Signals) -> None:
    running = process()
    assert (tmp_path / "kubeconfig").exists()
    running.send_signal(number)
    _, told = running.communicate(timeout=60)
    assert (running.returncode, "SIMULATED" in told) == (0, True)
    assert not (tmp_path / "kubeconfig").exists()


def test_the_command_ends_with_its_input(process: Any, tmp_path: Path) -> None:
    running = process("--until-eof")
    running.stdin.close()
    assert running.wait(timeout=60) == 0
    assert not (tmp_path / "kubeconfig").exists()


def test_the_command_ends_with_its_parent(process: Any, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        running = process("--parent", str(parent.pid))
        assert running.poll() is None
        parent.communicate(b"\n")
    assert running.wait(timeout=60) == 0
    assert not (tmp_path / "kubeconfig").exists()


def test_a_command_whose_parent_is_gone_already_ends(process: Any) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as parent:
        parent.wait()
    assert process("--parent", str(parent.pid)).wait(timeout=60) == 0
    assert os.getpid() != parent.pid
