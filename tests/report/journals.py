"""Journals as the control writes them: timelines folded from recordings of a real cluster, the rest made up."""

import json
from functools import cache
from typing import Any

from chaosimagecorrupt.report import Journal, Report
from chaosimagecorrupt.report.comparison import compare
from chaosimagecorrupt.report.read import read_run
from chaosimagecorrupt.timeline.chronicle import Chronicle, compact
from chaosimagecorrupt.timeline.journal import TimelineJson
from chaosimagecorrupt.timeline.timeline import Timeline, moment
from tests.recorded import RECORDINGS

__all__ = [
    "HOSTILE",
    "STARTED",
    "a_comparison",
    "a_journal",
    "a_row",
    "a_target",
    "a_timeline",
    "hostile_journal",
    "written",
]

STARTED = 1795359600.0  # 2026-11-22T15:00:00Z
HOSTILE = (
    "<script>alert(1)</script>|](javascript:alert(1)) `x` *b* @org/team #1\n"
    "\x1b[31m\x00\ud800\u202e\ufffe &amp; $x$ ]]>"
)

Json = dict[str, Any]


def a_timeline(recording: str = "rolling-update") -> Json:
    """Return the timeline of a recording, with its marks."""
    found: Json = json.loads(json.dumps(_timeline(recording)))
    return found


@cache
def _timeline(recording: str) -> Json:
    chronicle = Chronicle(Timeline(STARTED))
    marks: dict[str, float] = {}
    for event in map(json.loads, (RECORDINGS / f"{recording}.jsonl").read_text().splitlines()[1:]):
        if "step" in event:
            mark = {"corrupt": "corrupted", "restore": "restored", "heal": "restored"}.get(event["step"])
            marks |= {mark: event["t"]} if mark else {}
        elif event["type"] != "ERROR":
            kind = event["kind"]
            chronicle.take(event["t"], kind, compact(kind, event["object"]), gone=event["type"] == "DELETED")
    kept = chronicle.timeline.to_json(event["t"])
    return {**kept, "marks": {**marks, **_observed_marks(kept, marks)}}


def _observed_marks(timeline: TimelineJson, marks: dict[str, float]) -> dict[str, float]:
    """Return when the first pod could not pull, and when the rollout was complete after the restore."""
    found: dict[str, float] = {}
    for at, number, difference in timeline["changes"]:
        kind = timeline["objects"][number][0]
        if kind == "Pod" and any(k.startswith("waiting:") and v == "ErrImagePull" for k, v in difference.items()):
            found.setdefault("bit", at)
        if kind == "Deployment" and difference.get("complete") and at > marks.get("restored", at):
            found.setdefault("recovered", at)
    return found


def a_row(row: str = "pull-failing", result: str = "pass", section: str = "Expected", **changes: Any) -> Json:
    """Return a row of a rubric."""
    evidence = [{"object": "Pod web-1", "what": "app waits: ErrImagePull", "at": moment(STARTED, 4.8)}]
    texts = {"title": f"The title of {row}", "why": f"Why it is {result}", "evidence": evidence}
    return {"section": section, "row": row, "result": result, **texts, **changes}


def a_target(recording: str | None = "rolling-update", **changes: Any) -> Json:
    """Return a target of a verdict; without a recording it has no timeline."""
    timeline = a_timeline(recording) if recording else None
    marks = timeline["marks"] if timeline else {"corrupted": 4.2, "restored": 49.3, "recovered": 49.5}
    at = {kind: moment(STARTED, t) for kind, t in marks.items()}
    seconds = marks["recovered"] - marks["restored"] if {"recovered", "restored"} <= marks.keys() else None
    container = {
        "container": "app",
        "id": "22e07de285c142ba9f1e10cf7f153edb",
        "original_image": "localhost/app:v1",
        "corrupt_image": "registry.invalid/nonexistent:chaos",
        "injected": at["corrupted"],
        "expires": moment(STARTED, marks["corrupted"] + 300),
        "by": "someone@somewhere",
    }
    found = {
        "namespace": "shop",
        "deployment": "web",
        "component": "web-shop",
        "danger": "high",
        "containers": [container],
        "progress_deadline": {"original": 600, "set": 60},
        "verdict": "Degraded",
        "reasons": ["the operator said nothing"],
        "rubric": [
            a_row(),
            a_row("backoff-grows", "not observed", evidence=[]),
            a_row("operator-silent", "violation", "Violations"),
            a_row("recovery-seconds", "pass", "Recovery"),
        ],
        "recovery": {
            "restored_at": at.get("restored"),
            "recovered_at": at.get("recovered"),
            "seconds": seconds,
            "healed_by": None,
            "reconcile_cycles": 0,
        },
        "serving": {"replicas": 2, "fewest": 2},
        "timeline": timeline,
    }
    return {**found, **changes}


def written(content: Any, source: str = "journal.json") -> Journal:
    """Return a journal as it is after it was written to a file and read."""
    return Journal(source, json.loads(json.dumps(content)))


def a_journal(*targets: Json, title: str = "What happens?", source: str = "journal.json", **changes: Any) -> Journal:
    """Return a journal with these targets, or with one of the usual kind."""
    found = list(targets) or [a_target()]
    order = ("Failed", "Inconclusive", "Degraded", "Resilient")
    verdict = min((t["verdict"] for t in found), key=order.index)
    own = {"version": 1, "verdict": verdict, "reasons": found[0]["reasons"], "problems": [], "targets": found}
    return written(
        {
            "chaoslib-version": "1.44.0",
            "experiment": {"title": title, "description": "The image is replaced.", "tags": ["danger:high"]},
            "start": "2026-11-22T15:00:00.000000+00:00",
            "end": "2026-11-22T15:01:00.000000+00:00",
            "status": "completed",
            "deviated": False,
            "steady_states": {"before": {"steady_state_met": True, "probes": [_ran("is-available", True)]}},
            "run": [_ran("corrupt-the-image", {"id": "1"}), _ran("serving", 2)],
            "rollbacks": [_ran("restore", None, status="failed", exception=["Traceback\n", "Refused: no\n"])],
            "image-corrupt": {**own, **changes},
        },
        source,
    )


def a_comparison(*baseline: float, now: float = 9.0, **changes: Any) -> Report:
    """Return the report on a run that took so many seconds to recover, compared with earlier ones."""
    runs = [
        read_run(written({**a_journal(a_target(None, recovery={"seconds": s}, **changes)).content, "start": _on(day)}))
        for day, s in enumerate((*baseline, now), 1)
    ]
    return Report((runs[-1],), comparisons=compare(runs[-1:], runs[:-1]))


def _on(day: int) -> str:
    return f"2026-11-{day:02}T15:00:00Z"


def hostile_journal() -> Journal:
    """Return a journal all of whose texts are hostile, but for those that are one of a few known ones."""
    return written(_hostile(json.loads(json.dumps(a_journal().content))), HOSTILE)


def _hostile(value: Any, key: str = "") -> Any:
    known = key in {"verdict", "result", "how"} or key.endswith(("_at", "at", "start", "end", "started"))
    if isinstance(value, dict):
        return {k: _hostile_timeline(v) if k == "timeline" else _hostile(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_hostile(v, key) for v in value]
    return HOSTILE if isinstance(value, str) and not known and key not in {"injected", "expires"} else value


def _hostile_timeline(timeline: Json) -> Json:
    """A timeline whose names and conditions are hostile; its kinds, and why containers wait, decide what is shown."""

    def changed(key: str, value: Any) -> tuple[str, Any]:
        if not key.startswith("condition:"):
            return key, value
        return f"{key}{HOSTILE}", [HOSTILE if isinstance(v, str) else v for v in value]

    return {
        **timeline,
        "objects": [[kind, f"{name}{HOSTILE}"] for kind, name in timeline["objects"]],
        "changes": [[at, n, dict(changed(*kv) for kv in found.items())] for at, n, found in timeline["changes"]],
        "gaps": [[1.0, 2.0, HOSTILE, HOSTILE]],
        "missing": {HOSTILE: HOSTILE},
        "dropped": {HOSTILE: 3},
    }


def _ran(name: str, output: Any, **changes: Any) -> Json:
    return {
        "activity": {"type": "probe", "name": name},
        "output": output,
        "status": "succeeded",
        "start": "2026-11-22T15:00:01.000000+00:00",
        "duration": 0.25,
        **changes,
    }
