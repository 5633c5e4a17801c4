"""What a report is about, and what of it could not be read."""

import json
from pathlib import Path

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.report.contents import Report, read_report, report_on
from tests.report.journals import a_journal, a_target


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.json"
    path.write_text(json.dumps(a_journal().content))
    return path


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.json"
    path.write_text('{"experiment": {}}')
    return path


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    path = tmp_path / "damaged.json"
    path.write_text(json.dumps(a_journal(a_target(rubric=5)).content))
    return path


def test_what_cannot_be_read_does_not_stop_the_others(good: Path, odd: Path, damaged: Path) -> None:
    found = read_report([odd, good, damaged])
    assert [run.source for run in found.runs] == [str(good)]
    assert [u.source for u in found.unreadable] == [str(odd), str(damaged)]
    assert found.counts == "1 Degraded, 2 not readable"
    assert found.has_table


def test_the_only_one_is_refused(damaged: Path) -> None:
    with pytest.raises(Refused, match="rubric is not a list"):
        read_report([damaged])


def test_when_none_can_be_read_there_is_no_verdict(odd: Path, damaged: Path) -> None:
    found = read_report([odd, damaged])
    assert (found.runs, found.worst, found.counts) == ((), None, "2 not readable")


def test_verdicts_are_counted_the_worst_first() -> None:
    found = report_on(a_journal(a_target(None, verdict=v)) for v in ("Resilient", "Failed", "Resilient"))
    assert (found.worst, found.counts) == ("Failed", "1 Failed, 2 Resilient")


def test_one_deployment_is_compared_with_nothing() -> None:
    assert not report_on([a_journal()]).has_table
    assert report_on([a_journal(a_target(None), a_target(None))]).has_table
    assert Report(()).counts == ""


def journal_at(path: Path, seconds: float, day: int) -> Path:
    target = a_target(None, recovery={"seconds": seconds})
    path.write_text(json.dumps({**a_journal(target).content, "start": f"2026-11-{day:02}T15:00:00Z"}))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    history = tmp_path / "history"
    history.mkdir()
    for day in (1, 2, 3):
        journal_at(history / f"{day}.json", 4.0, day)
    return history


def test_a_baseline_is_a_file_or_a_folder(folder: Path, tmp_path: Path) -> None:
    new = journal_at(tmp_path / "new.json", 9.0, 4)
    for baseline, runs in (([folder / "1.json"], 1), ([folder], 3), ([folder / "1.json", folder], 4)):
        (found,) = read_report([new], baseline).comparisons
        assert len(found.baseline) == runs
    assert read_report([new], [folder]).counts == "1 Degraded, 1 regression"


def test_a_journal_is_not_compared_with_itself(folder: Path) -> None:
    (found,) = read_report([folder / "3.json"], [folder]).comparisons
    assert [Path(o.source).name for o in found.baseline] == ["1.json", "2.json"]


def test_what_of_a_folder_cannot_be_read_is_said(folder: Path, odd: Path, good: Path) -> None:
    odd.rename(folder / "odd.json")
    found = read_report([good], [folder])
    assert [Path(u.source).name for u in found.unreadable] == ["odd.json"]
    assert len(found.comparisons[0].baseline) == 3


def test_a_folder_without_journals_is_refused(tmp_path: Path, good: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused, match="empty has no journal of another run"):
        read_report([good], [tmp_path / "empty"])
