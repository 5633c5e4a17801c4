"""Recordings of a real cluster, event by event: what was there after each of them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["NAMES", "RECORDINGS", "Moment", "at", "changes", "flips", "managed_fields", "moments"]

RECORDINGS = Path(__file__).parent / "recordings"
# those of Deployments: api.jsonl holds requests and responses, not events
NAMES = sorted(p.stem for p in RECORDINGS.glob("*.jsonl") if p.stem != "api" and not p.stem.startswith(("sts-", "ds-")))

Object = Any  # objects of the API, which the tests change as they like


@dataclass(frozen=True)
class Moment:
    """What was there after one event.

    Attributes:
        t: seconds since the recorder started.
        step: what was done to the cluster last: create, corrupt, restore, heal, end.
        deployment: the Deployment.
        replica_sets: the ReplicaSets.
        pods: the pods.
    """

    t: float
    step: str
    deployment: Object
    replica_sets: list[Object]
    pods: list[Object]


def moments(name: str) -> Iterator[Moment]:
    """Replay a recording, from the moment at which the Deployment is there.

    The recorder's own trouble (a watch that ended with an ERROR event and was opened again) is left out.
    """
    step = ""
    there: dict[str, dict[str, Object]] = {"Deployment": {}, "ReplicaSet": {}, "Pod": {}}
    for event in _events(name):
        if "step" in event:
            step = event["step"]
            continue
        objects = there.get(event["kind"])
        if objects is None or event["type"] == "ERROR":
            continue
        uid = event["object"]["metadata"]["uid"]
        if event["type"] == "DELETED":
            del objects[uid]
        else:
            objects[uid] = event["object"]
        for deployment in there["Deployment"].values():
            yield Moment(event["t"], step, deployment, list(there["ReplicaSet"].values()), list(there["Pod"].values()))


def changes(name: str, look: Callable[[Moment], Any]) -> list[tuple[float, Any]]:
    """Return when what is seen changes, and what is seen from then on."""
    seen: list[tuple[float, Any]] = []
    for moment in moments(name):
        found = look(moment)
        if not seen or seen[-1][1] != found:
            seen.append((moment.t, found))
    return seen


def flips(name: str, decide: Callable[[Moment], bool]) -> list[float]:
    """Return when a decision, False at first, turns True, False, True, ..."""
    seen = changes(name, decide)
    return [t for t, found in seen[0 if seen[0][1] else 1 :]]


def at(name: str, t: float) -> Moment:
    """Return what was there at a time, after the last of the events that came until then."""
    return [m for m in moments(name) if m.t <= t][-1]


def managed_fields() -> list[Object]:
    """Return one Deployment as created by `installer`, corrupted by `chaosimagecorrupt`, healed by `my-operator`."""
    return [json.loads(json.dumps(r["object"])) for r in json.loads((RECORDINGS / "managed-fields.json").read_text())]


@cache
def _events(name: str) -> list[Object]:
    lines = (RECORDINGS / f"{name}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines[1:]]
