"""Files that are not journals are refused by one sentence that says why."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.report import read_journal, render
from chaosimagecorrupt.report.chart import specification
from chaosimagecorrupt.report.read import read_run
from tests.report.journals import a_journal, a_row, a_target, hostile_journal, written

_JSON = st.sampled_from([None, True, -1, 0.5, 10**400, float("nan"), "text", "", [], [1], {}, {"x": 1}])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is not JSON"),
        (b"\xff\xfe\x00", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "it has no `experiment` and `run`"),
        (b'{"experiment": {}}', "it has no `experiment` and `run`"),
        (b'{"experiment": {}, "run": []}', "ran without the control `chaosimagecorrupt.control`"),
        (b'{"experiment": {}, "run": [], "image-corrupt": []}', "image-corrupt is not an object"),
        (b'{"experiment": {}, "run": [], "image-corrupt": {}}', "written without a version"),
        (b'{"experiment": {}, "run": [], "image-corrupt": {"version": 2}}', "written by version 2"),
    ],
)
def test_a_file_that_is_no_journal_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(content)
    with pytest.raises(Refused, match=f"^{path} .*{why}"):
        read_journal(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file or directory"):
        read_journal(tmp_path / "none.json")


def test_a_journal_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    path.write_text(json.dumps(a_journal().content))
    assert json.loads(render([read_journal(path)], "json"))["runs"][0]["source"] == str(path)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"verdict": "Great"}, "image-corrupt.targets[0].verdict is not one of Failed, "),
        ({"rubric": [a_row(result="maybe")]}, "image-corrupt.targets[0].rubric[0].result is not one of "),
        ({"recovery": {"seconds": "1"}}, "image-corrupt.targets[0].recovery.seconds is not a number"),
        ({"serving": {"fewest": 0.5}}, "image-corrupt.targets[0].serving.fewest is not a whole number"),
        ({"timeline": {"version": 2}}, "image-corrupt.targets[0].timeline.version is not 1"),
    ],
)
def test_a_damaged_journal_is_refused_by_the_place_of_the_damage(change: dict[str, Any], place: str) -> None:
    journal = a_journal(a_target(), source="j.json")
    content = json.loads(json.dumps(journal.content))
    content["image-corrupt"]["targets"][0] |= change
    with pytest.raises(Refused) as caught:
        render([written(content, "j.json")], "json")
    assert str(caught.value).startswith(f"j.json is damaged: {place}")


@given(data=st.data())
def test_whatever_is_damaged_is_rendered_or_refused(data: st.DataObject) -> None:
    content = json.loads(json.dumps(a_journal().content))
    place: Any = content["image-corrupt"] if data.draw(st.booleans()) else content
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.integers(0, 3)) == 0:
            break
        place = place[key]
    place[key] = data.draw(_JSON)
    journal = written(content)
    try:
        for target in read_run(journal).targets:
            if target.chart is not None:
                specification(target.chart)
    except Refused:
        return
    assert all(render([journal], format) for format in ("json", "markdown", "junit"))


def test_an_error_about_a_hostile_journal_is_one_line() -> None:
    content = json.loads(json.dumps(hostile_journal().content))
    content["image-corrupt"]["targets"][0]["verdict"] = "\x1b[31m"
    with pytest.raises(Refused) as caught:
        render([written(content, "\x1b[2J\n")], "json")
    assert str(caught.value).isprintable()


def test_a_format_that_is_not_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="'pdf' is not one of html, markdown, junit, json"):
        render([a_journal()], "pdf")
