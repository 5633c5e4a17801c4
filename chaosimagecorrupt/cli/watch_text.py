"""The state of a rollout as `watch` prints it: one line, or the view on a terminal. Pure."""

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from ..errors import one_line
from .fitting import cut, cut_start, error_lines, wrapped
from .json_types import TemplateState, WatchState
from .kubectl_table import columns_that_fit, table_lines, table_width, widths_of
from .output import short_duration

__all__ = ["line_of", "view_of"]

_MOST_LINES = 3  # of a text of the cluster
_TITLES, _RANKS = ("REPLICASET", "", "READY", "PODS", "IMAGES"), (0, 2, 0, 3, 1)
_LEAST_IMAGES = 16  # characters; with fewer, an image tells nothing


def line_of(state: WatchState) -> str:
    """Return the state as one line, without the durations that always change."""
    if state["error"] is not None:
        return f"{state['error']}; trying again"
    parts = [state["text"]]
    if state["corrupted"]:
        parts.append("corrupted")
    if (state.get("expires_in") or 0) < 0:
        parts.append("expired")
    if state["recovered"]:
        parts.append(_recovered(state))
    if state.get("waiting"):
        parts.append("waiting for a fault")
    if state["pulls"]:
        parts.append(_count(state["pulls"], "pull") + " tried")
    return ", ".join(parts)


def view_of(state: WatchState, width: int) -> Group:
    """Return the state as the view on a terminal, on which no line is wider than the terminal.

    Args:
        state: the state.
        width: of the terminal.
    """
    error = [Text(line, style="bold red") for line in error_lines(state["error"], width)]
    if "templates" not in state:
        return Group(*error, *map(Text, wrapped(state["text"], width, _MOST_LINES)))
    title = cut(f"{state['deployment']}: {_phase(state)}", width)
    pulls = "" if state.get("waiting") else _pulls(state)
    lines = [_durations(state), _conditions(state), _failing(state)]
    return Group(
        *error,
        Text(title, style="bold red" if state["corrupted"] else "bold green"),
        *(Text(cut(line, width)) for line in lines if line),
        *(Text(line) for problem in state.get("problems", []) for line in _problem(problem, width)),
        *map(Text, [*_table(state["templates"], width), *wrapped(pulls, width)]),
    )


def _phase(state: WatchState) -> str:
    if state["corrupted"]:
        return f"CORRUPTED{_ttl(state.get('expires_in'))}"
    if state.get("waiting"):
        return "waiting for a fault"
    return _recovered(state) if state["recovered"] else "not recovered yet"


def _ttl(left: float | None) -> str:
    if left is None:
        return ""
    return f", expires in {short_duration(left)}" if left > 0 else f", expired {short_duration(-left)} ago"


def _recovered(state: WatchState) -> str:
    seconds = state.get("recovery_seconds")
    return "recovered" if seconds is None else f"recovered {seconds:.1f} s after the restore"


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


def _problem(problem: str, width: int) -> list[str]:
    return wrapped(one_line(problem, _MOST_LINES * width), width, _MOST_LINES)


def _table(templates: Sequence[TemplateState], width: int) -> list[str]:
    rows = [_TITLES, *map(_cells, templates)]
    widths = widths_of(_TITLES, rows[1:])
    images = widths[-1]
    widths[-1] = min(images, _LEAST_IMAGES)
    chosen = columns_that_fit(widths, _RANKS, width)
    shown = [widths[p] for p in chosen]
    room = width - table_width(shown)
    if len(_TITLES) - 1 in chosen:
        shown[-1] = min(images, shown[-1] + max(room, 0))
        rows = [(*row[:-1], cut_start(row[-1], shown[-1])) for row in rows]
    shown[0] = max(shown[0] + min(room, 0), 1)
    return table_lines([[row[p] for p in chosen] for row in rows], shown)


def _cells(template: TemplateState) -> tuple[str, ...]:
    return (
        template["replica_set"],
        "newest" if template["newest"] else "",
        f"{template['ready']}/{template['wanted']}",
        str(template["pods"]),
        one_line(",".join(template["images"])),
    )


def _pulls(state: WatchState) -> str:
    tried, due = f"{_count(state['pulls'], 'pull')} tried", state.get("next_pull_in")
    if due is None:
        return tried
    return f"{tried}, the next in about {short_duration(due)}" if due else f"{tried}, the next is due"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
