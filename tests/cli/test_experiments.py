"""`chaos image-corrupt experiments`: every experiment can be found, written and run by its name."""

import os
import sys
from pathlib import Path

import pytest
import yaml
from chaoslib.experiment import ensure_experiment_is_valid

from chaosimagecorrupt.cli.experiments import shipped_experiments

from .conftest import Run

FOLDER = Path(__file__).parent.parent.parent / "experiments"
NAMES = sorted(shipped_experiments())


def test_all_files_of_experiments_are_listed_with_their_titles(command: Run) -> None:
    rows = [line.split(maxsplit=1) for line in command("experiments").out.splitlines()[1:]]
    files = [path for path in sorted(FOLDER.rglob("*")) if path.suffix in (".json", ".yaml")]
    contents = [yaml.safe_load(path.read_text()) for path in files]
    titles = [content["title"] for content in contents if "method" in content]  # Chaos Toolkit's settings have none
    assert [title for _, title in rows] == titles
    assert [name for name, _ in rows] == NAMES and {"cert-manager", "deployment", "safeguards"} <= set(NAMES)


def test_scripts_get_names_titles_and_paths(command: Run) -> None:
    found = command("experiments", "-o", "json").json
    assert [item["name"] for item in found] == NAMES
    assert all(yaml.safe_load(Path(item["path"]).read_text())["title"] == item["title"] for item in found)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_the_file_and_a_valid_experiment(
    command: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Chaos Toolkit looks for the commands that an experiment runs
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    written = command("experiments", name).out
    assert written == Path(command("experiments", "--path", name).out.rstrip("\n")).read_text()
    ensure_experiment_is_valid(yaml.safe_load(written))


def test_path_leads_to_the_file_itself_not_through_a_link(command: Run) -> None:
    path = Path(command("experiments", "--path", "cert-manager").out.rstrip("\n"))
    assert path == path.resolve()
    assert path.read_text() == (FOLDER / "cert-manager-image-corrupt.json").read_text()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("cert",), "Invalid value for '[NAME]': 'cert' is not one of 'cert-manager', "),
        (("--path",), "--path: name the experiment"),
        (("kserve", "-o", "json"), "--output: only the list has another form, an experiment is written as it is"),
    ],
)
def test_wrong_usage_says_what_is_wrong(command: Run, arguments: tuple[str, ...], error: str) -> None:
    assert command("experiments", *arguments).usage_error.startswith(error)
