"""`make matrix` takes the oldest and the newest of what it finds, and says what it did not find."""

from pathlib import Path

import pytest

from .matrix import combinations, interpreter_of, not_installed, table_of

ROW = ["3.11.2", "1.19.0", "1.44.0", "29.0.0", "12 passed"]


def test_oldest_and_newest_python_each_with_the_oldest_and_the_newest_dependencies() -> None:
    found = [(c.python, c.pins[:1]) for c in combinations({"3.11": "a", "3.12": "b", "3.13": "c"})]
    assert found == [
        ("3.11", ("chaostoolkit==1.19.*",)),
        ("3.11", ()),
        ("3.13", ("chaostoolkit==1.21.*",)),
        ("3.13", ()),
    ]


def test_one_python_is_the_oldest_and_the_newest() -> None:
    assert [c.python for c in combinations({"3.12": "python3.12"})] == ["3.12", "3.12"]


def test_interpreters_that_do_not_run_are_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as those of pyenv for a version that is not chosen."""
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert interpreter_of("3.12") is None


def test_dependencies_that_cannot_be_installed_are_a_row_of_the_table() -> None:
    oldest, newest = map(not_installed, combinations({"3.11": "python3.11"}))
    assert oldest == ["3.11", "1.19.*", "1.44.*", "29.*", "not found: pip could not install these"]
    assert newest == ["3.11", "newest", "newest", "newest", "not found: pip could not install these"]


def test_table_says_what_ran_and_what_was_not_found() -> None:
    table = table_of([ROW], ["3.13", "3.14"], ["tests/kube"])
    assert "`pytest tests/kube`" in table and "Not found on that machine: Python 3.13, 3.14." in table
    assert table.splitlines()[-1] == "| 3.11.2 | 1.19.0 | 1.44.0 | 29.0.0 | 12 passed |"
