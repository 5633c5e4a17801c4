"""The state of a rollout as `watch` prints it: one line, or the view on a terminal."""

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ..errors import one_line
from .json_types import TemplateState, WatchState
from .output import short_duration

__all__ = ["line_of", "view_of"]


def line_of(state: WatchState) -> str:
    """Return the state as one line, without its durations."""
    if state["error"] is not None:
        return f"{state['error']}; trying again"
    parts = [state["text"]]
    if state["corrupted"]:
        parts.append("corrupted")
    if state["recovered"]:
        parts.append("recovered")
    if state.get("waiting"):
        parts.append("waiting for a fault")
    if state["pulls"]:
        parts.append(_pulls(state))
    return ", ".join(parts)


def view_of(state: WatchState) -> Group:
    """Return the state as the view on a terminal."""
    error = [Text(f"{state['error']}; trying again. The last state:", style="bold red")] if state["error"] else []
    if "templates" not in state:
        return Group(*error, Text(state["text"]))
    lines = (_durations(state), _conditions(state), _failing(state))
    return Group(
        *error,
        Text(f"{state['deployment']}: {_phase(state)}", style="bold red" if state["corrupted"] else "bold green"),
        *(Text(line) for line in lines if line),
        _table(state["templates"]),
        Text(_pulls(state)),
    )


def _phase(state: WatchState) -> str:
    if state["corrupted"]:
        return "CORRUPTED"
    if state.get("waiting"):
        return "waiting for a fault"
    return "recovered" if state["recovered"] else "not recovered yet"


def _durations(state: WatchState) -> str:
    spans = {
        "corruption": state.get("seconds_since_corruption"),
        "restore": state.get("seconds_since_restore"),
    }
    return ", ".join(f"{short_duration(span)} since the {step}" for step, span in spans.items() if span is not None)


def _conditions(state: WatchState) -> str:
    conditions = state.get("conditions", {})
    return ", ".join(f"{one_line(kind, 60)}={one_line(status, 20)}" for kind, status in conditions.items())


def _failing(state: WatchState) -> str:
    failing = state.get("failing", {})
    return ", ".join(f"{_count(number, 'pod')} {one_line(reason, 60)}" for reason, number in failing.items())


def _table(templates: Sequence[TemplateState]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("REPLICASET", "", "DESIRED", "PODS", "READY", "IMAGES"):
        table.add_column(title, overflow="fold")
    for template in templates:
        counts = (str(template["wanted"]), str(template["pods"]), str(template["ready"]))
        images = Text(one_line(", ".join(template["images"])))
        table.add_row(template["replica_set"], "newest" if template["newest"] else "", *counts, images)
    return table


def _pulls(state: WatchState) -> str:
    return f"{_count(state['pulls'], 'pull')} tried"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
