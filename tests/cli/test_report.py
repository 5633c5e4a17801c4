"""`chaos image-corrupt report`: files, formats, and files that are no journals."""

import json
from pathlib import Path

import pytest

from tests.report.journals import a_journal, a_target

from .conftest import Run

BAD_JOURNALS = {
    "binary": b"\x00\xff\xfe",
    "empty": b"",
    "number": b"5",
    "null": b"null",
    "list": b"[[]]",
    "deep": b"[" * 100_000,
    "a number of many digits": b"1" * 10_000,
    "run is text": b'{"run": "x", "experiment": {}}',
    "run of numbers": b'{"run": [1, null], "experiment": {"title": 5}}',
    "experiment is a list": b'{"run": [], "experiment": [1]}',
    "times are no times": b'{"run": [], "experiment": {}, "start": 5, "end": {}, "chaosimagecorrupt": 7}',
}


@pytest.mark.parametrize("content", BAD_JOURNALS.values(), ids=BAD_JOURNALS)
@pytest.mark.parametrize("form", ["html", "json"])
def test_a_file_that_is_no_journal_is_one_line(command: Run, tmp_path: Path, content: bytes, form: str) -> None:
    path = tmp_path / "[red]journal.json"
    path.write_bytes(content)
    assert str(path) in command("report", str(path), "--format", form).error


def test_a_folder_and_a_missing_file_are_no_journals(command: Run, tmp_path: Path) -> None:
    assert str(tmp_path) in command("report", str(tmp_path)).error
    assert "nothing.json" in command("report", "nothing.json").error


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.json"
    path.write_text(json.dumps(a_journal().content))
    return path


def test_the_report_is_printed(command: Run, journal: Path) -> None:
    done = command("report", str(journal), "--format", "json")
    assert (done.code, done.json["runs"][0]["source"]) == (0, str(journal))


def test_the_report_is_written_to_a_file(command: Run, journal: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    done = command("report", str(journal), "-o", str(path))
    assert (done.code, done.out, done.err) == (0, "", f"Wrote {path}\n")
    assert path.read_text().startswith("<!DOCTYPE html>")


def test_a_file_that_cannot_be_written_is_one_line(command: Run, journal: Path) -> None:
    assert "/proc/nothing.md cannot be written: " in command("report", str(journal), "-o", "/proc/nothing.md").error


@pytest.mark.parametrize(
    ("name", "beginning"), [("r.html", "<!DOCTYPE html>"), ("r.md", "## "), ("r.xml", "<?xml "), ("r.json", "{")]
)
def test_the_ending_of_the_output_is_the_format(
    command: Run, journal: Path, tmp_path: Path, name: str, beginning: str
) -> None:
    assert command("report", str(journal), "-o", str(tmp_path / name)).code == 0
    assert (tmp_path / name).read_text().startswith(beginning)


@pytest.mark.parametrize("name", ["r.pdf", "r", "r.html.bak"])
def test_another_ending_is_wrong_usage_and_the_endings_are_listed(
    command: Run, journal: Path, tmp_path: Path, name: str
) -> None:
    done = command("report", str(journal), "-o", str(tmp_path / name))
    assert done.code == 2
    assert f"{name} names no format: .html (html), .md (markdown), .xml (junit), .json (json)" in done.err
    assert not (tmp_path / name).exists()


def test_a_format_that_is_named_does_not_depend_on_the_ending(command: Run, journal: Path, tmp_path: Path) -> None:
    assert command("report", str(journal), "--format", "markdown", "-o", str(tmp_path / "comment.txt")).code == 0
    assert (tmp_path / "comment.txt").read_text().startswith("## ")


@pytest.mark.parametrize("form", ["html", "markdown", "junit", "json"])
def test_one_that_cannot_be_read_does_not_stop_the_report_on_the_others(
    command: Run, journal: Path, tmp_path: Path, form: str
) -> None:
    odd = tmp_path / "odd.json"
    odd.write_text('{"experiment": {}}')
    done = command("report", str(odd), str(journal), "--format", form)
    assert (done.code, done.err) == (
        1,
        f"Error: {odd} is not a journal of Chaos Toolkit: it has no `experiment` and `run`\n",
    )
    assert "odd.json" in done.out
    assert "web-shop" in done.out


@pytest.fixture
def slower(tmp_path: Path) -> Path:
    path = tmp_path / "slower.json"
    path.write_text(json.dumps(a_journal(a_target(None, recovery={"seconds": 30.0})).content))
    return path


def test_a_regression_is_said_and_with_the_option_it_is_the_exit_code(
    command: Run, journal: Path, slower: Path
) -> None:
    arguments = ("report", "--baseline", str(journal), str(slower), "--format", "json")
    said = "Regression: web-shop: recovered in 30.0 s; the slowest of the baseline took 0.2 s\n"
    assert [(done.code, done.err) for done in (command(*arguments), command(*arguments, "--fail-on-regression"))] == [
        (0, said),
        (1, said),
    ]
    better = command("report", "--baseline", str(slower), str(journal), "--format", "json", "--fail-on-regression")
    assert (better.code, better.err) == (0, "")


def test_a_regression_needs_a_baseline(command: Run, journal: Path) -> None:
    done = command("report", str(journal), "--fail-on-regression")
    assert done.code == 2
    assert "--fail-on-regression needs --baseline" in done.err


def test_a_baseline_that_cannot_be_read_is_one_line(command: Run, journal: Path) -> None:
    assert "nothing.json" in command("report", "--baseline", "nothing.json", str(journal)).error
