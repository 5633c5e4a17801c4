"""`chaos image-corrupt watch`: a live view of one rollout."""

import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import click
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..duration import from_rfc3339
from ..errors import plain
from ..fault import check_target
from ..record import read_record
from ..requests import Resource
from ..rollout import newest_replica_set, pull_failure, recovered
from ..waiting import Followed, Rollout, every_pod
from .common import Reached, as_json, console, guarded, output_option, reach_options, say

__all__ = ["watch"]

EVENTS = Resource("", "v1", "events")
TICK = 1.0  # seconds between two refreshes of the clocks

Object = dict[str, Any]


@dataclass
class _Seen:
    """What was seen so far."""

    corrupted_at: float | None = None
    restored_at: float | None = None
    was_recorded: bool = False
    lines: list[str] = field(default_factory=list)


@click.command()
@click.argument("name")
@click.option("--stay", is_flag=True, help="Go on after the recovery, until Ctrl-C.")
@output_option
@guarded
@reach_options
def watch(reached: Reached, name: str, stay: bool, output: str) -> None:
    """Follow the rollout of the Deployment NAME until it has recovered, or until Ctrl-C."""
    namespace = reached.namespace or reached.default_namespace
    check_target(name, namespace)
    followed = Followed(reached.cluster)
    rollout = Rollout(followed, namespace, name, replica_sets=True, proof=every_pod)
    events = followed.add(EVENTS, namespace, {"fieldSelector": "involvedObject.kind=Pod,reason=Pulling"})
    seen = _Seen()
    with _Screen() if console().is_terminal and output == "text" else _Lines(output) as shown:
        while True:
            state = _state(rollout, list(events.objects.values()), seen)
            shown.update(state)
            if state["recovered"] and not state["corrupted"] and not stay:
                sys.exit(0)
            followed.next_change(time.monotonic() + TICK)


class _Screen:
    """The view on a terminal."""

    def __init__(self) -> None:
        self._live = Live(console=console(), auto_refresh=False)

    def __enter__(self) -> "_Screen":
        self._live.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._live.__exit__(*raised)

    def update(self, state: Object) -> None:
        """Show the state."""
        self._live.update(_picture(state), refresh=True)


class _Lines:
    """The view without a terminal: a line for each change."""

    def __init__(self, output: str) -> None:
        self._output, self._before = output, ""

    def __enter__(self) -> "_Lines":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def update(self, state: Object) -> None:
        """Print the state when it differs from the one before in more than its clocks."""
        text = _text(state)
        if text == self._before:
            return
        self._before = text
        if self._output == "json":
            as_json(state)
        else:
            say(f"{time.strftime('%H:%M:%S')} {text}")


def _state(rollout: Rollout, events: list[Object], seen: _Seen) -> Object:
    now = time.time()
    view, text = rollout.look()
    if view is None:
        return {"text": text, "corrupted": seen.was_recorded, "recovered": False, "pods": {}, "pulls": 0}
    record = read_record(view.deployment)
    if record and not seen.was_recorded:
        seen.was_recorded = True
        seen.corrupted_at = min((from_rfc3339(e.at) for e in record.values() if e.at), default=now)
    elif not record and seen.was_recorded:
        seen.was_recorded, seen.restored_at = False, now
    newest = newest_replica_set(view.deployment, view.replica_sets)
    pods = {p["metadata"]["name"] for p in view.pods}
    return {
        "deployment": f"{view.deployment['metadata']['namespace']}/{view.deployment['metadata']['name']}",
        "text": text,
        "corrupted": bool(record),
        "recovered": not record and recovered(view.deployment, view.replica_sets),
        "seconds_since_corruption": round(now - seen.corrupted_at, 1) if seen.corrupted_at else None,
        "seconds_since_restore": round(now - seen.restored_at, 1) if seen.restored_at else None,
        "conditions": {c["type"]: c["status"] for c in view.deployment["status"].get("conditions") or []},
        "templates": [_template(r, r is newest) for r in view.replica_sets if _counts(r)],
        "failing": dict(Counter(f.reason for p in view.pods if (f := pull_failure(p)))),
        "pulls": sum(e.get("count") or 1 for e in events if e["involvedObject"]["name"] in pods),
    }


def _counts(replica_set: Mapping[str, Any]) -> bool:
    return bool(replica_set["spec"].get("replicas") or replica_set["status"].get("replicas"))


def _template(replica_set: Any, newest: bool) -> Object:
    status = replica_set["status"]
    return {
        "replica_set": replica_set["metadata"]["name"],
        "newest": newest,
        "images": [c["image"] for c in replica_set["spec"]["template"]["spec"]["containers"]],
        "wanted": replica_set["spec"].get("replicas", 0),
        "pods": status.get("replicas", 0),
        "ready": status.get("readyReplicas", 0),
    }


def _text(state: Object) -> str:
    said = state["text"]
    if state["corrupted"]:
        said += ", corrupted"
    if state["recovered"]:
        said += ", recovered"
    if state["pulls"]:
        said += f", {state['pulls']} pulls tried"
    return str(said)


def _picture(state: Object) -> Group:
    if "templates" not in state:
        return Group(Text(state["text"]))
    head = f"{state['deployment']}: " + (
        "CORRUPTED" if state["corrupted"] else "recovered" if state["recovered"] else ""
    )
    clocks = [
        f"{state[key]:.0f} s since the {what}"
        for key, what in (("seconds_since_corruption", "corruption"), ("seconds_since_restore", "restore"))
        if state[key] is not None
    ]
    table = Table(box=None, pad_edge=False)
    for title in ("REPLICASET", "", "WANTED", "PODS", "READY", "IMAGES"):
        table.add_column(title, overflow="fold")
    for t in state["templates"]:
        counts = (str(t[k]) for k in ("wanted", "pods", "ready"))
        images = Text(plain(", ".join(t["images"])))
        table.add_row(t["replica_set"], "newest" if t["newest"] else "", *counts, images)
    conditions = ", ".join(f"{plain(k, 60)}={plain(v, 20)}" for k, v in state["conditions"].items())
    failing = ", ".join(f"{n} pods {plain(reason, 60)}" for reason, n in state["failing"].items())
    return Group(
        Text(f"{state['deployment']}: {head}", style="bold red" if state["corrupted"] else "bold green"),
        *(Text(line) for line in (", ".join(clocks), conditions, failing) if line),
        table,
        Text(f"{state['pulls']} pulls tried"),
    )
