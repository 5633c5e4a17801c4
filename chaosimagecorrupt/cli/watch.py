"""`chaos image-corrupt watch`: a live view of one rollout."""

import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import click
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..duration import from_rfc3339
from ..errors import ClusterError, NotFound, one_line
from ..kube.client import Cluster
from ..kube.informer import Informer
from ..kube.names import check_target
from ..kube.requests import get_request
from ..kube.resources import DEPLOYMENTS, EVENTS
from ..kube.waiting import WatchSet
from ..record.annotations import read_record
from ..workload.rollout import newest_replica_set, pull_failure, recovered
from ..workload.view import Rollout, every_pod
from .completion import complete_deployment
from .options import Reached, guarded, output_option, reach_options
from .output import IMPATIENT, as_json_line, live_view, on_terminal, say, words_of

__all__ = ["watch"]

TICK = 1.0  # seconds between two refreshes of the clocks
HEARTBEAT = 2.0  # seconds between two requests that show whether the API server is there

Object = dict[str, Any]


@dataclass
class _Seen:
    """What was seen so far."""

    corrupted_at: float | None = None
    restored_at: float | None = None
    was_recorded: bool = False


@click.command()
@click.argument("name", shell_complete=complete_deployment)
@click.option("--stay", is_flag=True, help="Go on after the recovery, until Ctrl-C.")
@output_option
@guarded
@reach_options
def watch(reached: Reached, name: str, stay: bool, output: str) -> None:
    """Follow the rollout of the Deployment NAME until it has recovered, or until Ctrl-C.

    JSON is a line for each change.
    """
    namespace = reached.namespace or reached.default_namespace
    check_target(name, namespace)
    watched = _Watched(reached.cluster, namespace, name)
    with live_view() if on_terminal() and output == "text" else nullcontext() as live:
        shown = _Lines(output) if live is None else _Screen(live)
        while True:
            state = watched.look()
            shown.update(state)
            if state["recovered"] and not stay:
                sys.exit(0)
            watched.wait()


class _Watched:
    """The Deployment, followed anew after each time in which the API server was away."""

    def __init__(self, cluster: Cluster, namespace: str, name: str) -> None:
        self._cluster, self._namespace, self._name = cluster, namespace, name
        self._watch_set = WatchSet(cluster)
        self._begin()
        cluster.patience = IMPATIENT
        self._seen = _Seen()
        self._state: Object = {}
        self._asked = time.monotonic()

    def look(self) -> Object:
        """Return the present state; while the API server is away, the last one, and the error."""
        try:
            if time.monotonic() >= self._asked + HEARTBEAT:
                self._ask()
            if self._rollout is None:
                self._begin()
            assert self._rollout is not None
            self._state = {**_state(self._rollout, list(self._events.objects.values()), self._seen), "error": None}
        except NotFound as x:
            self._lose()
            self._state = {**_nothing(str(x), self._seen), "error": None}
        except ClusterError as x:
            if not x.is_transient:
                raise
            self._lose()
            self._state = {**self._state, "recovered": False, "error": one_line(x, 500)}
        return self._state

    def wait(self) -> None:
        """Wait for the next change, or for the next tick of the clocks."""
        if self._rollout is None:
            time.sleep(TICK)
        else:
            self._watch_set.next_change(time.monotonic() + TICK)

    def _ask(self) -> None:
        """Ask for the Deployment: a connection that was cut silently ends a watch only after its timeout."""
        self._asked = time.monotonic()
        self._cluster.send(get_request(DEPLOYMENTS, self._namespace, self._name))

    def _begin(self) -> None:
        self._rollout: Rollout | None = Rollout(
            self._watch_set, self._namespace, self._name, replica_sets=True, proof=every_pod
        )
        query = {"fieldSelector": "involvedObject.kind=Pod,reason=Pulling"}
        self._events: Informer = self._watch_set.add(EVENTS, self._namespace, query)

    def _lose(self) -> None:
        self._watch_set.drop_all()
        self._rollout = None


class _Screen:
    """The view on a terminal."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def update(self, state: Object) -> None:
        """Show the state."""
        self._live.update(_picture(state), refresh=True)


class _Lines:
    """The view without a terminal: a line for each change."""

    def __init__(self, output: str) -> None:
        self._output, self._before = output, ""

    def update(self, state: Object) -> None:
        """Print the state when it differs from the one before in more than its clocks."""
        text = _text(state)
        if (text if state["error"] is None else "error") == self._before:
            return
        self._before = text if state["error"] is None else "error"
        if self._output == "json":
            as_json_line(state)
        else:
            say(f"{time.strftime('%H:%M:%S')} {text}")


def _state(rollout: Rollout, events: list[Object], seen: _Seen) -> Object:
    now = time.time()
    view, text = rollout.look()
    if view is None:
        return _nothing(text, seen)
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


def _nothing(text: str, seen: _Seen) -> Object:
    return {"text": text, "corrupted": seen.was_recorded, "recovered": False, "pulls": 0}


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
    if state["error"] is not None:
        return f"{state['error']}; trying again"
    said = state["text"]
    if state["corrupted"]:
        said += ", corrupted"
    if state["recovered"]:
        said += ", recovered"
    if state["pulls"]:
        said += f", {_many(state['pulls'], 'pull')} tried"
    return str(said)


def _picture(state: Object) -> Group:
    away = [Text(f"{state['error']}; trying again. What was seen last:", style="bold red")] if state["error"] else []
    if "templates" not in state:
        return Group(*away, Text(state["text"]))
    what = "CORRUPTED" if state["corrupted"] else "recovered" if state["recovered"] else "not recovered yet"
    clocks = [
        f"{words_of(state[key])} since the {what}"
        for key, what in (("seconds_since_corruption", "corruption"), ("seconds_since_restore", "restore"))
        if state[key] is not None
    ]
    table = Table(box=None, pad_edge=False)
    for title in ("REPLICASET", "", "WANTED", "PODS", "READY", "IMAGES"):
        table.add_column(title, overflow="fold")
    for t in state["templates"]:
        counts = (str(t[k]) for k in ("wanted", "pods", "ready"))
        images = Text(one_line(", ".join(t["images"])))
        table.add_row(t["replica_set"], "newest" if t["newest"] else "", *counts, images)
    conditions = ", ".join(f"{one_line(k, 60)}={one_line(v, 20)}" for k, v in state["conditions"].items())
    failing = ", ".join(
        f"{n} {'pod' if n == 1 else 'pods'} {one_line(reason, 60)}" for reason, n in state["failing"].items()
    )
    return Group(
        *away,
        Text(f"{state['deployment']}: {what}", style="bold red" if state["corrupted"] else "bold green"),
        *(Text(line) for line in (", ".join(clocks), conditions, failing) if line),
        table,
        Text(_many(state["pulls"], "pull") + " tried"),
    )


def _many(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
