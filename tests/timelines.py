"""Timelines: of the recordings, and written in a few lines."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, cast

from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.timeline.chronicle import Chronicle, compact
from chaosimagecorrupt.timeline.journal import TimelineJson
from chaosimagecorrupt.timeline.states import State
from chaosimagecorrupt.timeline.timeline import Timeline
from chaosimagecorrupt.verdict import Facts, Judgement, judge
from chaosimagecorrupt.workload.kinds import WORKLOADS, kind_named

from .recorded import RECORDINGS

__all__ = [
    "BAD",
    "ENTRY",
    "GOOD",
    "STARTED",
    "Scenario",
    "events_of",
    "healer",
    "of_recording",
    "resilient",
    "results",
    "row",
    "state_of",
]

STARTED = 1795359600.0  # 2026-11-22T15:00:00Z
GOOD, BAD = "localhost/app:v1", "registry.invalid/nonexistent:chaos"
ENTRY = Entry("app", GOOD, BAD, id="id1", generation=2)

Object = dict[str, Any]

_COUNTS = ("readyReplicas", "updatedReplicas", "availableReplicas")


def state_of(keys: Mapping[str, Any]) -> State:
    """Return a state whose keys a TypedDict cannot name."""
    return cast(State, keys)


class Judged(NamedTuple):
    """What is judged."""

    timeline: TimelineJson
    facts: Facts


def _lines_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (RECORDINGS / f"{name}.jsonl").read_text().splitlines()[1:]]


def events_of(name: str) -> list[dict[str, Any]]:
    """Return what happened to objects in a recording."""
    return [line for line in _lines_of(name) if "step" not in line and line["type"] != "ERROR"]


@cache
def of_recording(name: str) -> Judged:
    """Return a recording's timeline, and the fault that was put into it."""
    events = events_of(name)
    kind = next(event["kind"] for event in events if event["kind"] in WORKLOADS)
    chronicle = Chronicle(Timeline(STARTED), kind_named(kind))
    images: list[dict[str, str]] = []
    for event in events:
        found = compact(event["kind"], event["object"])
        chronicle.take(event["t"], event["kind"], found, gone=event["type"] == "DELETED")
        if event["kind"] == kind:
            pod = event["object"]["spec"]["template"]["spec"]
            images.append({c["name"]: c["image"] for f in ("containers", "initContainers") for c in pod.get(f, [])})
    container, bad = next((c, i) for state in images for c, i in state.items() if i != images[0][c])
    facts = Facts("web", [Entry(container, images[0][container], bad)], kind=kind)
    return Judged(chronicle.timeline.to_json(_lines_of(name)[-1]["t"]), facts)


class Scenario:
    """What happens to a Deployment of two pods, as a series of its states; the fault comes at 10 s."""

    def __init__(self, **state: Any) -> None:
        self.timeline = Timeline(STARTED)
        self.facts: Object = {"entries": [ENTRY], "webhooks": []}
        self._state: Object = {
            "generation": 1,
            "observedGeneration": 1,
            "replicas": 2,
            "progressDeadlineSeconds": 600,
            "paused": False,
            "strategy": "RollingUpdate",
            "maxSurge": "25%",
            "maxUnavailable": "25%",
            "image:app": GOOD,
            **dict.fromkeys(_COUNTS, 2),
            **state,
        }
        self.deployment(1, complete=True)

    def deployment(self, at: float, **changed: Any) -> "Scenario":
        """Change the Deployment's state; None takes a key away."""
        self._state = {k: v for k, v in {**self._state, **changed}.items() if v is not None}
        self.timeline.add(at, "Deployment", "web", state_of(self._state))
        return self

    def corrupted(self, at: float = 10, pull_fails: bool = True, **changed: Any) -> "Scenario":
        """Corrupt the image; a pod cannot pull it, a second later."""
        record = {"generation": 2, "image:app": BAD, "record": {"app": "id1"}, "complete": False}
        self.deployment(at, **{**record, "writer:app": ["chaosimagecorrupt", None], **changed})
        if pull_fails:
            self.pod(at + 1, **{"image:app": BAD, "waiting:app": "ErrImagePull"})
        return self

    def restored(self, at: float = 70, by: str | None = "chaosimagecorrupt", **changed: Any) -> "Scenario":
        """Put the image back; what is ours takes the record away."""
        writer = [by, "2026-11-22T15:01:10Z"] if by else None
        record = {"record": None} if by == "chaosimagecorrupt" else {}
        return self.deployment(at, **{"generation": 3, "image:app": GOOD, "writer:app": writer, **record, **changed})

    def recovered(self, at: float = 71) -> "Scenario":
        """Complete the rollout."""
        return self.deployment(at, complete=True, **dict.fromkeys(_COUNTS, 2))

    def pod(self, at: float, name: str = "web-abc-1", **state: Any) -> "Scenario":
        """Change a pod's state."""
        self.timeline.add(at, "Pod", name, state_of(state))
        return self

    def template(self, at: float, name: str = "web-abc", image: str = BAD, **state: Any) -> "Scenario":
        """Change a ReplicaSet's state."""
        found = {"replicas": 1, "totalReplicas": 1, "image:app": image, **state}
        self.timeline.add(at, "ReplicaSet", name, state_of(found))
        return self

    def pull(
        self, at: float, count: int, last: str, reason: str = "Pulling", image: str = BAD, pod: str = "web-abc-1"
    ) -> "Scenario":
        """Have the kubelet report a pull."""
        event: State = {
            "pod": pod,
            "reason": reason,
            "count": count,
            "last": last,
            "message": f'Pulling image "{image}"',
        }
        self.timeline.add(at, "Event", f"{pod}.1", event)
        return self

    def resource(self, at: float, status: str, reason: str = "", version: str = "1") -> "Scenario":
        """Have an operator write its status."""
        state = {"condition:Ready": [status, reason, None, ""], "version": version}
        self.timeline.add(at, "Resource", "Shop main", state_of(state))
        return self

    def judge(self, ended: float = 100, **facts: Any) -> Judgement:
        """Return the verdict on it."""
        return judge(json.loads(json.dumps(self.timeline.to_json(ended))), Facts("web", **{**self.facts, **facts}))


def resilient() -> Scenario:
    """Return a scenario without any defect: the fault lasts 60 s, the recovery takes one."""
    return Scenario().corrupted().restored().recovered()


def results(found: Judgement) -> str:
    """Return the rows that the timeline decides as letters, by section: Pass, Violation, Not observed."""
    sections: dict[str, str] = {}
    for each in found.rubric:
        if each.section == "Hypothesis":
            continue
        sections[each.section] = sections.get(each.section, "") + each.result[0].upper()
    return " ".join(sections.values())


def healer(found: Judgement) -> str | None:
    """Return the field manager that put the image back, None when this run did, or when that is not known."""
    healed_by = found.recovery["healed_by"]
    return None if healed_by is None else healed_by["manager"]


class Decided(NamedTuple):
    """How a row of the rubric is decided, and why."""

    result: str
    why: str


def row(found: Judgement, name: str) -> Decided:
    """Return how a row is decided."""
    return next(Decided(r.result, r.why) for r in found.rubric if r.row == name)
