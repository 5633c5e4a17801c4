"""The wheel that users install: what is in it, and that it works without what only the simulator needs."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("pyproject.toml", "setup.cfg", "README.md", "LICENSE")

# as if the packages of the extra [simulator] were not installed
BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("aiohttp", "trustme"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
"""


def in_the_tree(package: Any) -> Any:
    """Paths of the package's files, as the wheel is to name them."""
    files = {p for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    return {p.relative_to(package.parent).as_posix() for p in files}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: Any) -> Any:
    """The wheel, built from a copy so that nothing is left in the tree; no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    for package in ("chaosimagecorrupt", "tests"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        "dist",
        ".",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (built,) = (folder / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def names(wheel: Any) -> Any:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def installed(wheel: Any, tmp_path_factory: Any) -> Any:
    """Return what runs a program with the wheel in front of everything else, and gives its output."""
    site = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(site)

    def run(program: Any) -> Any:
        command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(site)!r})\n{program}"]
        done = subprocess.run(command, cwd=site, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_wheel_has_the_package_with_its_data_and_nothing_else(wheel: Any, names: Any) -> None:
    # what it was built from: the tree itself may have changed meanwhile
    there = in_the_tree(wheel.parent.parent / "chaosimagecorrupt")
    assert {n for n in names if not n.startswith("chaostoolkit_image_corrupt-")} == there
    assert "chaosimagecorrupt/py.typed" in there


def test_metadata_names_license_readme_and_extras(wheel: Any) -> None:
    archive = zipfile.ZipFile(wheel)
    path = next(n for n in archive.namelist() if n.endswith("/METADATA"))
    metadata = archive.read(path).decode().splitlines()
    needed = [line for line in metadata if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert [line for line in needed if "aiohttp" in line or "trustme" in line or "pytest" in line] == []
    assert {"Provides-Extra: simulator", "Requires-Python: >=3.11", "License-File: LICENSE"} <= set(metadata)
    assert "Description-Content-Type: text/markdown" in metadata


def test_wheel_is_what_is_imported(installed: Any) -> None:
    assert "site" in installed("import chaosimagecorrupt; print(chaosimagecorrupt.__file__)")


def test_activities_work_without_the_extra(installed: Any) -> None:
    program = """
from chaosimagecorrupt import discover
from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Refused
try:
    corrupt_image("web", image="")
except Refused:
    print(len(discover()["activities"]) > 15)
"""
    assert installed(BLOCKED + program) == "True\n"


def test_simulate_without_the_extra_says_which_one_is_missing(installed: Any) -> None:
    program = """
from click.testing import CliRunner
from chaosimagecorrupt.cli import image_corrupt
result = CliRunner().invoke(image_corrupt, ["simulate", "--", "true"])
print(result.exit_code, type(result.exception).__name__, result.output)
"""
    said = installed(BLOCKED + program)
    assert said.startswith("1 SystemExit Error: the simulator needs more packages (No module named '")
    assert "pip install 'chaostoolkit-image-corrupt[simulator]'" in said


def test_simulator_of_the_wheel_starts(installed: Any) -> None:
    program = "from chaosimagecorrupt.simulator import Simulator\nwith Simulator([]) as s: print(s.kubeconfig.exists())"
    assert installed(program) == "True\n"
