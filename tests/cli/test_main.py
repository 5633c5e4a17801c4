"""`chaos` loads the command at each start, and only warns when it does not load; wrong usage is exit code 2."""

import json
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from chaosimagecorrupt.cli import image_corrupt
from tests.cluster.simulated import Place

from .conftest import CHAOS, Run


def test_chaos_lists_the_subcommand(tmp_path: Path) -> None:
    done = subprocess.run([CHAOS[0], "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert re.search(r"^  image-corrupt  +Corrupt a Deployment's image on purpose", done.stdout, re.MULTILINE)
    assert done.stderr == ""
    assert not (tmp_path / "chaostoolkit.log").exists()


def test_a_subcommand_starts_without_a_warning_of_the_plugin(tmp_path: Path) -> None:
    listed = [*CHAOS, "simulate", "--list", "--output", "json"]
    listed.insert(1, "--log-file=asked-for.log")
    done = subprocess.run(listed, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "istio-system/istiod" in json.loads(done.stdout)
    assert "plugin" not in (tmp_path / "asked-for.log").read_text()


def test_entry_point_loads_as_the_subcommand() -> None:
    (found,) = entry_points(group="chaostoolkit.cli_plugins", name="image-corrupt")
    assert found.load() is image_corrupt


def test_chaos_starts_without_loading_the_simulator_the_client_or_the_tables() -> None:
    slow = ("kubernetes", "aiohttp", "trustme", "rich")
    program = f"import sys, chaosimagecorrupt.cli; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"


WRONG_USAGE = [
    (),
    ("preflight",),
    ("nothing",),
    ("restore",),
    ("restore", "web", "--all"),
    ("status", "--output", "xml"),
    ("watch", "a", "b"),
    ("report",),
]


@pytest.mark.parametrize("arguments", WRONG_USAGE, ids=str)
def test_wrong_usage_is_exit_code_2(command: Run, shop: Place, arguments: tuple[str, ...]) -> None:
    done = command(*arguments)
    assert (done.code, "Usage: " in done.err) == (2, True)


def test_every_subcommand_explains_itself(command: Run) -> None:
    for name in image_corrupt.list_commands(click.Context(image_corrupt)):
        assert command(name, "--help").out.startswith(f"Usage: image-corrupt {name} ")
    assert "Exit codes: 0 done; 1 " in command("--help").out
