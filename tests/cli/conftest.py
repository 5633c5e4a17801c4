"""`chaos image-corrupt` against a simulated cluster of the five components, to which each test adds a namespace."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.cli import image_corrupt
from chaosimagecorrupt.kube.client import Patience, connect
from tests.cluster import conftest as _cluster_conftest  # noqa: F401  # it and `simulated` import each other, it goes first
from tests.cluster.simulated import Place, account, cluster, own_place, place, simulator

from ..faulty_simulator import FaultySimulator
from .terminal import Terminal

__all__ = [
    "CHAOS",
    "Corrupt",
    "Done",
    "OpenTerminal",
    "Process",
    "Run",
    "Start",
    "account",
    "cluster",
    "own_place",
    "place",
    "simulator",
]

CHAOS = (str(Path(sys.executable).with_name("chaos")), "--no-version-check", "image-corrupt")


@dataclass(frozen=True)
class Done:
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The output as JSON, a value for each line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> str:
        """The error; it is one line, without a traceback."""
        assert self.code == 1
        assert re.fullmatch(r"(.*TLS.*\n|.*trying again\n)*Error: .+\n", self.err), self.err
        return self.err.splitlines()[-1].removeprefix("Error: ")

    @property
    def usage_error(self) -> str:
        """What was wrong with the command line, after the line on its usage."""
        assert self.code == 2
        assert re.fullmatch(r"Usage: .+\nTry .+\n\nError: .+\n", self.err), self.err
        return self.err.splitlines()[-1].removeprefix("Error: ")


class Process(subprocess.Popen[str]):
    """A process whose output is read through pipes."""

    stdout: IO[str]
    stderr: IO[str]


Run = Callable[..., Done]  # of the command's arguments
Corrupt = Callable[..., str]  # of the Deployment's name and spec
Start = Callable[..., Process]
OpenTerminal = Callable[..., Terminal]


@pytest.fixture(scope="session")
def maybe_simulator() -> Iterator[FaultySimulator]:
    with FaultySimulator() as running:
        yield running


@pytest.fixture
def shop(
    place: Place,  # a fixture, imported above
    simulator: FaultySimulator,  # a fixture, imported above
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    """A namespace of the test's own, which is also where commands write their files."""
    monkeypatch.chdir(tmp_path)
    yield place
    simulator.faults.accept()


@pytest.fixture
def corrupt(shop: Place) -> Corrupt:
    """Return what creates a Deployment and corrupts it, without a guard; it returns the Deployment's name."""

    def make(name: str = "web", ttl: str = "1h", **spec: Any) -> str:
        shop.deploy(name, **spec)
        corrupt_image(name, shop.ns, ttl=ttl, guard=False)
        return name

    return make


@pytest.fixture
def of_operator_chaos(shop: Place) -> Corrupt:
    """Return what creates a Deployment and corrupts it as operator-chaos does; it returns the original image."""

    def make(name: str = "web", **spec: Any) -> str:
        shop.deploy(name, **spec)
        original = shop.image(name=name)
        prefix = "chaos.operatorchaos.io/"
        annotations = {f"{prefix}original-image-app": original, f"{prefix}corrupt-container-name": "app"}
        pod = {"containers": [{"name": "app", "image": "registry.invalid/theirs:1"}]}
        fault = {"metadata": {"annotations": annotations}, "spec": {"template": {"spec": pod}}}
        shop.api.patch(shop.ns, name, fault, manager="operator-chaos")
        return original

    return make


@pytest.fixture
def chaos(tmp_path: Path) -> Run:
    """Return what runs `chaos image-corrupt` as a process."""

    def run(*arguments: str, **env: str) -> Done:
        done = subprocess.run(
            [*CHAOS, *arguments],
            cwd=tmp_path,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            timeout=120,
            encoding="utf-8",
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def command() -> Run:
    """Return what runs a subcommand in this process, which is quick."""

    def run(*arguments: str) -> Done:
        result = CliRunner().invoke(image_corrupt, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def impatient(shop: Place) -> Iterator[None]:
    """Have this process give up at once when the API server is away."""
    reached = connect()
    reached.patience = Patience(retry_for=0)
    yield
    reached.patience = Patience()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return what starts `chaos image-corrupt` without a terminal; it is killed when the test ends before it does."""
    started = []

    def run(*arguments: str) -> Process:
        process = Process(
            [*CHAOS, *arguments],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[OpenTerminal]:
    """Return what starts `chaos image-corrupt` on a terminal of 120 columns and 60 rows by default."""
    started = []

    def run(*arguments: str, columns: int = 120, rows: int = 60, **env: str) -> Terminal:
        opened = Terminal([*CHAOS, *arguments], tmp_path, columns, env, rows)
        started.append(opened)
        return opened

    yield run
    for opened in started:
        opened.close()
