"""The wheel and the sdist: what is in them, and that they work without what only the simulator or a checkout has."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt import __version__

ROOT = Path(__file__).parent.parent
# what users and contributors find in the sdist, besides the package
FILES = (
    *("pyproject.toml", "setup.cfg", "setup.py", "MANIFEST.in", "Makefile", "action.yml", "mkdocs.yml"),
    *("Dockerfile", ".dockerignore", ".pre-commit-config.yaml"),
    *("README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "RELEASING.md"),
)
FOLDERS = ("tests", "experiments", "deploy", "docs", "benchmarks", ".github", ".ci")

# with a version: an action or a workflow, the package, the image, the image's tag in kustomize
OURS_WITH_A_VERSION = re.compile(
    r"(?:chaostoolkit-image-corrupt(?:[\w./-]*@v|(?:\[[\w,]+\])?==|:)|newTag: )(\d+\.\d+\.\d+\w*)"
)
# some that have one
WITH_A_VERSION = {
    *("Dockerfile", "action.yml", ".github/workflows/experiment.yml", "docs/how-to/ci.md", "docs/in-the-cluster.md"),
    *("deploy/install.yaml", "deploy/components/image/kustomization.yaml"),
}

# as if the packages of the extra [simulator] were not installed
BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("aiohttp", "trustme"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
"""


def in_the_tree(folder: Path) -> set[str]:
    """Paths of a folder's files, as an archive is to name them."""
    files = {p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    return {p.relative_to(folder.parent).as_posix() for p in files}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: Any) -> Any:
    """A copy of what the archives are built from, so that nothing is left in the tree."""
    folder = tmp_path_factory.mktemp("copied")
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    for name in ("chaosimagecorrupt", *FOLDERS):
        shutil.copytree(
            ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis")
        )
    return folder


def build(copied: Path, kind: str) -> Path:
    """Build a wheel or an sdist, without a network."""
    program = f"from setuptools.build_meta import build_{kind}; build_{kind}('dist-{kind}')"
    done = subprocess.run([sys.executable, "-c", program], cwd=copied, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (built,) = (copied / f"dist-{kind}").iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(copied: Path) -> Path:
    return build(copied, "wheel")


@pytest.fixture(scope="module")
def sdist(copied: Path) -> Path:
    return build(copied, "sdist")


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: Any) -> Any:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    return top


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    archive = zipfile.ZipFile(wheel)
    return message_from_bytes(archive.read(next(n for n in archive.namelist() if n.endswith("/METADATA"))))


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


def test_wheel_has_the_package_with_its_data_and_nothing_else(copied: Path, names: set[str]) -> None:
    # what it was built from: the tree itself may have changed meanwhile
    package = {name for name in in_the_tree(copied / "chaosimagecorrupt") if "/data/" not in name}
    data = {name for name in in_the_tree(copied / "experiments") if not name.endswith("Kustomization")}
    data |= {"deploy/install.yaml", *(n for n in in_the_tree(copied / "deploy") if n.startswith("deploy/samples/"))}
    found = {n for n in names if not n.startswith("chaostoolkit_image_corrupt-")}
    assert found == package | {f"chaosimagecorrupt/data/{name}" for name in data}
    assert {"chaosimagecorrupt/py.typed", "chaosimagecorrupt/data/deploy/samples/seed.yaml"} <= found


def test_sdist_has_all_that_it_was_built_from(copied: Path, sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = set(FILES).union(*(in_the_tree(copied / name) for name in ("chaosimagecorrupt", *FOLDERS)))
    assert wanted - names == set()


def test_tests_pass_in_the_unpacked_sdist(unpacked: Path) -> None:
    """Some that read the folders beside the package."""
    some = ("tests/cli/test_experiments.py", "tests/preflight/test_rights.py", "tests/test_layout.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *some]
    done = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_metadata_names_license_readme_and_extras(metadata: Message) -> None:
    needed = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert [line for line in needed if "aiohttp" in line or "trustme" in line or "pytest" in line] == []
    assert "simulator" in metadata.get_all("Provides-Extra", [])
    assert (metadata["Requires-Python"], metadata["License-File"]) == (">=3.11", "LICENSE")
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_changelog_has_a_section_of_this_version_with_its_date_once_it_is_released() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert [h for h in headings[1:] if not re.fullmatch(r"\d+\.\d+\.\d+ - (\d{4}-\d{2}-\d{2}|unreleased)", h)] == []
    assert headings[1].startswith(f"{__version__} - ")


def test_metadata_leads_to_the_repository(metadata: Message) -> None:
    repository = metadata["Home-page"]
    urls = dict(line.split(", ") for line in metadata.get_all("Project-URL", []))
    assert set(urls) == {"Source", "Documentation", "Changelog", "Issues"}
    assert all(url.startswith(repository) for url in urls.values())


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_every_file_that_names_a_version_of_ours_names_this_one(metadata: Message) -> None:
    command = ["git", "ls-files", "-z", "*.md", "*.yml", "*.yaml", "*.py", "*.toml", "*.cfg", "Dockerfile"]
    tracked = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60).stdout
    files = [name for name in tracked.split("\0") if name and (ROOT / name).exists() and name != "CHANGELOG.md"]
    found = {name: set(OURS_WITH_A_VERSION.findall((ROOT / name).read_text())) for name in files}
    named = {name: versions for name, versions in found.items() if versions}
    assert {name: versions for name, versions in named.items() if versions != {metadata["Version"]}} == {}
    assert set(named) >= WITH_A_VERSION


def test_links_of_the_readme_hold_on_a_package_index(metadata: Message) -> None:
    links = re.findall(r"\]\(([^)]*)\)", str(metadata.get_payload()))
    own = [link.removeprefix(metadata["Home-page"]) for link in links if link.startswith(metadata["Home-page"])]
    at = f"v{metadata['Version']}"
    assert all(link.startswith("https://") for link in links)
    assert own and all(re.match(rf"/(blob|raw)/{at}/", path) for path in own)
    files = {re.sub(rf"/(blob|raw)/{at}/", "", path).partition("#")[0] for path in own}
    assert [file for file in files if not (ROOT / file).exists()] == []
    assert f"/raw/{at}/docs/report.png" in own  # a picture, not the page that shows it


def test_experiments_and_manifests_come_from_the_wheel(installed: Any) -> None:
    program = """
from click.testing import CliRunner
from chaosimagecorrupt.cli import image_corrupt
for arguments in (["experiments", "--path", "cert-manager"], ["manifests"], ["manifests", "seed"]):
    result = CliRunner().invoke(image_corrupt, arguments)
    print(result.exit_code, result.output.count("site"), "kind: Deployment" in result.output, len(result.output) > 1000)
"""
    assert installed(BLOCKED + program) == "0 1 False False\n0 0 False True\n0 0 True True\n"


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
