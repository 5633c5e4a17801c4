"""What a run says at its end: verdict, cause and advice, of many Deployments the worst three, and what is next."""

import copy
import json
import logging
from typing import Any

from chaosimagecorrupt.control.closing import closing_lines

from ..corpus import FOLDER

NEXT = "next: chaos image-corrupt report journal.json -o report.html"

Json = dict[str, Any]


def section_of(name: str) -> Any:
    """Return what the control wrote into a journal of the corpus."""
    return {"problems": [], **json.loads((FOLDER / f"{name}.json").read_text())["image-corrupt"]}


def section_of_many(**names: str) -> Any:
    """Return one section on several Deployments, each with the verdict of a journal of the corpus."""
    found: Any = None
    for deployment, name in names.items():
        one = section_of(name)
        one["targets"][0]["deployment"] = deployment
        found = found or {**copy.deepcopy(one), "targets": [], "problems": []}
        found["targets"] += one["targets"]
    return found


def texts(section: Any, journal: str = "journal.json") -> list[str]:
    return [line.text for line in closing_lines(section, journal)]


def test_a_good_run_says_its_verdict_and_what_is_next() -> None:
    lines = closing_lines(section_of("run-resilient"), "journal.json")
    assert {line.level for line in lines} == {logging.INFO}
    assert (lines[0].text, lines[-1].text) == ("verdict on shop/web: Resilient", NEXT)


def test_a_run_that_was_stopped_by_a_quota_says_so_first() -> None:
    first = closing_lines(section_of("recording-quota"), "journal.json")[0]
    assert first.level == logging.ERROR
    assert first.text.startswith(
        'verdict on shop/web: Inconclusive: ReplicaFailure: pods "web-7c6847bf7b-98kp2" is forb'
    )
    assert first.text.count("exceeded quota: q") == 1


def test_each_violated_row_has_its_advice() -> None:
    said = texts(section_of("run-recreate"))
    assert "  violated: No ready pod is lost: 0 of 2 pods were ready at the lowest" in said
    assert any(text.startswith("    advice: Set maxUnavailable to 0") for text in said)


def test_of_many_the_total_and_the_worst_three_are_said() -> None:
    section = section_of_many(
        one="run-resilient", two="run-recreate", three="not-restored", four="run-quota", five="run-resilient"
    )
    section["recovery"]["worst"] = 125.04
    said = texts(section)
    total = "5 Deployments: 1 Failed, 1 Inconclusive, 1 Degraded, 2 Resilient; the slowest recovered in 2 min 5 s"
    assert said[0] == total
    verdicts = [text.partition(": ")[0] for text in said if text.startswith("verdict on ")]
    assert verdicts == ["verdict on shop/three", "verdict on shop/four", "verdict on shop/two"]
    assert said[-2:] == ["the report has the other 2", NEXT]


def test_what_went_wrong_with_the_run_itself_is_an_error() -> None:
    section: Any = {**section_of("run-resilient"), "problems": ["the fault was not injected"]}
    assert (logging.ERROR, "the fault was not injected") in closing_lines(section, "journal.json")


def test_a_run_that_was_not_to_inject_anything_says_nothing() -> None:
    assert texts({**section_of("run-resilient"), "targets": []}) == []


def test_the_path_of_the_journal_can_be_pasted() -> None:
    assert texts(section_of("run-resilient"), "my run/j.json")[-1] == (
        "next: chaos image-corrupt report 'my run/j.json' -o report.html"
    )
