"""What a verdict consists of enters the journal as plain JSON."""

import json

import pytest

from chaosimagecorrupt.verdict import VERDICTS, Evidence, Result
from chaosimagecorrupt.verdict.advice import ADVICE
from chaosimagecorrupt.verdict.model import Criterion

from ..timelines import STARTED

CRITERION = Criterion("Expected", "deadline", "a title")
EVIDENCE = Evidence("Pod web-1", "Ready", None)


def test_verdicts_are_strings_the_worst_first() -> None:
    assert json.dumps(VERDICTS) == '["Failed", "Inconclusive", "Degraded", "Resilient"]'


def test_a_criterion_becomes_a_row_with_each_result() -> None:
    rows = [CRITERION.violated("why"), CRITERION.not_observed("why"), CRITERION.met("why")]
    assert [r.result for r in rows] == ["violation", "not observed", "pass"] == list(Result)
    assert rows[1] == CRITERION.decided(Result.NOT_OBSERVED, "why")


def test_a_time_of_the_api_server_is_not_exact() -> None:
    at = ("2026-11-22T15:00:04Z", "2026-11-22T15:00:04.800Z", None)
    found = [Evidence("Pod web-1", "Ready", time) for time in at]
    assert [e.exact for e in found] == [False, True, False]
    assert [e.seconds for e in found] == [STARTED + 4.0, pytest.approx(STARTED + 4.8), None]


def test_a_row_has_plain_strings_in_the_journal() -> None:
    written = CRITERION.violated("why", EVIDENCE).to_json("shop", "web")
    assert type(written["result"]) is str
    assert written == {
        "section": "Expected",
        "row": "deadline",
        "title": "a title",
        "result": "violation",
        "why": "why",
        "evidence": [{"object": "Pod web-1", "what": "Ready", "at": None}],
        "advice": ADVICE["deadline"],
    }
