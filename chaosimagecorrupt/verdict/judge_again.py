"""Judges a target of a journal again, from its timeline and its facts alone."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from ..errors import Refused
from ..timeline.journal import TimelineJson
from .facts_json import facts_from_json
from .judge import Judgement, judge
from .model import Facts

__all__ = ["SecondJudgement", "judge_again"]


class SecondJudgement(NamedTuple):
    """A second judgement of a target.

    Attributes:
        judgement: the new one.
        differences: the keys of the target in the journal that the new judgement would write in another way.
    """

    judgement: Judgement
    differences: list[str]


def judge_again(target: Mapping[str, Any]) -> SecondJudgement:
    """Judge a target of a journal again, without a cluster.

    Args:
        target: as the journal keeps it.

    Raises:
        Refused: it has no facts, since an older version wrote it, or it is damaged.
    """
    if "facts" not in target:
        raise Refused("it was written without the facts of the verdict, by an older version")
    facts = facts_from_json(target["facts"])
    judgement = _judge(target.get("timeline"), facts)
    called = str(target.get("namespace")), str(target.get("deployment"))
    found = {
        "verdict": judgement.verdict.value,
        "reasons": judgement.reasons,
        "rubric": [row.to_json(*called, facts.workload) for row in judgement.rubric],
        "recovery": judgement.recovery,
        "serving": judgement.serving,
        "thresholds": judgement.thresholds,
        "marks": judgement.marks,
    }
    written = {**target, "marks": target["timeline"].get("marks")}
    differences = [key for key, value in found.items() if written.get(key) != json.loads(json.dumps(value))]
    return SecondJudgement(judgement, differences)


def _judge(timeline: Any, facts: Facts) -> Judgement:
    try:
        return judge(cast(TimelineJson, timeline), facts)
    # A timeline in a file can be anything; whatever raises an error here is damage
    except (AttributeError, ArithmeticError, LookupError, TypeError, ValueError, AssertionError) as x:
        raise Refused(f"its timeline is damaged: {type(x).__name__}") from x
