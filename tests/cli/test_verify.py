"""`chaos image-corrupt verify` judges again from journals alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.verdict import JOURNAL_KEY

from ..corpus import FOLDER, journal_of
from ..report.journals import a_journal


def written(folder: Any, content: Any, name: Any = "j.json") -> Any:
    path = folder / name
    path.write_text(json.dumps(content))
    return str(path)


def test_every_journal_of_the_corpus_comes_to_the_same(command: Any) -> None:
    paths = sorted(str(p) for p in FOLDER.glob("*.json"))
    lines = command("verify", *paths).out.splitlines()
    assert len(lines) >= len(paths) and all(line.endswith("the same as written") for line in lines)


def test_a_verdict_that_was_changed_is_found(command: Any, tmp_path: Path) -> None:
    content = journal_of("hypothesis-not-met-after")
    content[JOURNAL_KEY]["targets"][0]["verdict"] = content[JOURNAL_KEY]["verdict"] = "Resilient"
    done = command("verify", written(tmp_path, content))
    assert done.code == 1
    assert "j.json: shop/web: Failed, written Resilient; what differs: verdict; the reasons now: the steady" in done.out
    assert done.out.splitlines()[1].endswith("j.json: Failed, written Resilient")


def test_one_bad_journal_does_not_stop_the_others(command: Any, tmp_path: Path) -> None:
    odd, good = written(tmp_path, {"experiment": {}}, "odd.json"), written(tmp_path, journal_of("safeguard"))
    done = command("verify", odd, good)
    assert done.code == 1
    assert done.out.splitlines()[0].startswith(f"{odd}: is not a journal")
    assert done.out.splitlines()[-1] == f"{good}: Failed, the same as written"


def test_an_older_journal_cannot_be_judged_again(command: Any, tmp_path: Path) -> None:
    done = command("verify", written(tmp_path, a_journal().content))
    assert done.code == 1 and "shop/web: cannot be judged again: it was written without the facts" in done.out


def test_scripts_get_json(command: Any, tmp_path: Path) -> None:
    found = command("verify", "-o", "json", written(tmp_path, journal_of("interrupted"))).json
    assert [(f["target"], f["written"], f["judged"], f["same"]) for f in found] == [
        ("shop/web", "Inconclusive", "Inconclusive", True),
        (None, "Inconclusive", "Inconclusive", True),
    ]


@pytest.mark.parametrize("targets", [5, [5], {"x": 1}])
def test_a_damaged_journal_is_one_line(command: Any, tmp_path: Path, targets: Any) -> None:
    content = journal_of("interrupted")
    content[JOURNAL_KEY]["targets"] = targets
    done = command("verify", written(tmp_path, content))
    assert done.code == 1 and "it is damaged: the targets are not a list of objects" in done.out
