"""`chaos image-corrupt report`: files, formats, and files that are no journals."""

import json
from pathlib import Path

import pytest

from tests.report.journals import a_journal

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
    assert "/proc/nothing cannot be written: " in command("report", str(journal), "-o", "/proc/nothing").error
