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
SETTINGS = "combined/notifications"
TITLES = {SETTINGS: "No experiment, but settings of Chaos Toolkit: they tell a webhook of each run."}


def title_of(name: str, path: Path) -> str:
    return TITLES.get(name) or str(yaml.safe_load(path.read_text())["title"])


def test_all_files_of_experiments_are_listed_with_their_titles(command: Run) -> None:
    rows = [line.split(maxsplit=1) for line in command("experiments").out.splitlines()[1:]]
    files = [path for path in sorted(FOLDER.rglob("*")) if path.suffix in (".json", ".yaml")]
    assert [shipped_experiments()[name].name for name, _ in rows] == [path.name for path in files]
    assert [title for _, title in rows] == [title_of(name, path) for (name, _), path in zip(rows, files, strict=True)]
    assert {"cert-manager", "deployment", "safeguards", "combined/prometheus", SETTINGS} <= set(NAMES)


def test_scripts_get_names_titles_and_paths(command: Run) -> None:
    found = command("experiments", "-o", "json").json
    assert [item["name"] for item in found] == NAMES
    assert all(item["title"] == title_of(item["name"], Path(item["path"])) for item in found)


def test_settings_that_go_with_the_experiments_are_written_too(command: Run) -> None:
    settings = yaml.safe_load(command("experiments", SETTINGS).out)
    assert [each["type"] for each in settings["notifications"]] == ["http"]


@pytest.mark.parametrize("name", [name for name in NAMES if name != SETTINGS])
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
