"""Journals with verdicts, `tests/verdicts/*.json`: of scenarios, recordings of a real cluster, and simulated runs.

Add a scenario to `SCENARIOS`, or the journal of a run with `adopt`. The expected verdicts are in
`tests/verdict/test_corpus.py`. With the variable UPDATE_VERDICTS set, that test first writes the files of the
scenarios again, and the new verdicts into the other files.
"""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from chaosimagecorrupt.control.arguments import Arguments
from chaosimagecorrupt.control.method import Method
from chaosimagecorrupt.control.sections import target_json, verdict_json
from chaosimagecorrupt.timeline.journal import TimelineJson
from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.verdict import JOURNAL_KEY, Facts, Thresholds, judge
from chaosimagecorrupt.verdict.facts_json import facts_from_json, facts_to_json
from chaosimagecorrupt.verdict.judge_again import judge_again
from chaosimagecorrupt.verdict.steady_states import Checks, FailedProbe, Hypothesis, Safeguard
from chaosimagecorrupt.workload.accepted import AcceptedCondition
from chaosimagecorrupt.workload.deployment import DEPLOYMENT

from .timelines import Scenario, of_recording, resilient

__all__ = ["FOLDER", "SCENARIOS", "adopt", "journal_of", "judged_again", "written"]

FOLDER = Path(__file__).parent / "verdicts"

Json = dict[str, Any]

_OPERATOR = Operator("v1", "Shop", "main", None, (AcceptedCondition("Ready", "False"),))
_AT = "2026-11-22T15:01:20Z"
_BROKEN = FailedProbe("checkout-works", "answered 1, expected 0", at=_AT)
_RAISED = FailedProbe("checkout-works", "raised OSError: no route to host", raised=True, at=_AT)
_AWAY = FailedProbe("pods-are-ready", "raised Unreachable: not reachable", raised=True, unreachable=True, at=_AT)


def _facts_of(scenario: Scenario, ended: float = 100, **facts: Any) -> tuple[TimelineJson, Facts]:
    return scenario.timeline.to_json(ended), Facts("web", **{**scenario.facts, **facts})


def _met(**phases: Checks) -> Hypothesis:
    return Hypothesis(**{"before": Checks(1, 0), "after": Checks(1, 0), **phases})


def _without_operator() -> Scenario:
    scenario = resilient()
    scenario.timeline.add_missing(_OPERATOR.source, "Shop main does not exist")
    return scenario


SCENARIOS: dict[str, tuple[TimelineJson, Facts]] = {
    "recording-rolling-update": of_recording("rolling-update"),
    "recording-recreate": of_recording("recreate"),
    "recording-deadline": of_recording("deadline"),
    "recording-zero-replicas": of_recording("zero-replicas"),
    "recording-whitespace-image": of_recording("whitespace-image"),
    "recording-quota": of_recording("quota"),
    "recording-reverted-by-operator": of_recording("reverted-by-operator"),
    "hypothesis-not-met-after": _facts_of(resilient(), hypothesis=_met(after=Checks(1, 1, (_BROKEN,)))),
    "hypothesis-not-met-during": _facts_of(resilient(), hypothesis=_met(during=Checks(40, 3, (_BROKEN,)))),
    "hypothesis-not-read-after": _facts_of(resilient(), hypothesis=_met(after=Checks(1, 1, (_RAISED,)))),
    "hypothesis-not-met-before": _facts_of(Scenario(), entries=(), hypothesis=_met(before=Checks(1, 1, (_BROKEN,)))),
    "api-server-away-before": _facts_of(Scenario(), entries=(), hypothesis=_met(before=Checks(1, 1, (_AWAY,)))),
    "fail-fast": _facts_of(
        Scenario().corrupted().restored(30).recovered(31),
        hypothesis=_met(during=Checks(20, 1, (_BROKEN,)), after=Checks(1, 1, (_BROKEN,))),
        activities_left=3,
    ),
    "interrupted": _facts_of(resilient(), interrupted=True),
    "safeguard": _facts_of(
        resilient(), interrupted=True, safeguard=Safeguard("error-rate", "answered 0.4, expected [0, 0.1]", _AT)
    ),
    "operator-absent": _facts_of(_without_operator(), operators=(_OPERATOR,)),
    "own-thresholds": _facts_of(
        Scenario().corrupted().restored().recovered(100), 130, thresholds=Thresholds(20.0, 60.0, max_reconcile_cycles=0)
    ),
    "min-ready-seconds": _facts_of(Scenario(minReadySeconds=30).corrupted().restored().recovered(130), 160),
    "not-restored": _facts_of(Scenario().corrupted(), restore_error="the role does not allow to patch Deployments"),
}


def journal_of(name: str) -> Json:
    """Return the journal of a scenario."""
    timeline, facts = SCENARIOS[name]
    target: Any = SimpleNamespace(
        name="web", namespace="shop", kind=DEPLOYMENT, cluster=SimpleNamespace(address="https://10.0.0.1:6443")
    )
    judged = target_json(target, timeline, facts, judge(timeline, facts), Method({}, None, None))
    arguments = Arguments(thresholds=facts.thresholds)
    section = {**verdict_json([judged]), "thresholds": arguments.to_json(), "problems": []}
    status = "interrupted" if facts.interrupted else "completed"
    return _plain({**_frame(name), "status": status, JOURNAL_KEY: section})


def adopt(path: Path, name: str) -> None:
    """Take the journal of a run into the corpus, without what tells about the machine that it ran on."""
    content = json.loads(path.read_text())
    for target in content[JOURNAL_KEY]["targets"]:
        for each in (*target["containers"], *target["facts"]["entries"]):
            each["by"] = "me@host"
    kept = {k: content[k] for k in ("status", "deviated", JOURNAL_KEY)}
    (FOLDER / f"{name}.json").write_text(written({**_frame(name), **kept}))


def judged_again(content: Json) -> Json:
    """Return a journal with the verdict that the judging gives now."""
    section = content[JOURNAL_KEY]
    targets: list[Any] = []
    for target in section["targets"]:
        found = judge_again(target).judgement
        timeline = {**target["timeline"], "marks": found.marks}
        verdict = {k: getattr(found, k) for k in ("verdict", "reasons", "recovery", "serving", "thresholds")}
        targets.append(
            {
                **target,
                **verdict,
                "facts": facts_to_json(facts_from_json(target["facts"])),
                "rubric": [r.to_json(target["namespace"], target["deployment"]) for r in found.rubric],
                "timeline": timeline,
            }
        )
    overall: Any = verdict_json(targets) if targets else {}
    return _plain({**content, JOURNAL_KEY: {**section, **overall}})


def written(content: Json) -> str:
    """Return a journal as its file has it; one line for each part, so that a difference can be read."""
    return json.dumps(content, indent=1) + "\n"


def _frame(name: str) -> Json:
    return {"experiment": {"title": name}, "run": [], "deviated": False}


def _plain(content: Json) -> Json:
    return dict(json.loads(json.dumps(content)))
