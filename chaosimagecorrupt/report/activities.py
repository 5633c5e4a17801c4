"""The activities of a run, from Chaos Toolkit's journal."""

import json
from dataclasses import dataclass

from ..errors import one_line
from .journal import Part

__all__ = ["Activity", "read_activities"]

# characters; the journal has the whole output
_LONGEST_OUTPUT = 240


@dataclass(frozen=True)
class Activity:
    """An activity of a run.

    Attributes:
        phase: `steady state before`, `method`, `steady state during`, `steady state after`, `rollbacks`.
        name: of the activity.
        type: action or probe.
        status: of Chaos Toolkit: succeeded, failed, skipped or aborted.
        met: whether its tolerance was met, None when it has none.
        start: seconds since 1970, None when it was not started.
        seconds: how long it took.
        output: its return value as JSON, shortened.
        error: the last line of its exception, empty when there is none.
    """

    phase: str
    name: str
    type: str
    status: str
    met: bool | None
    start: float | None
    seconds: float | None
    output: str
    error: str


def read_activities(journal: Part) -> tuple[Activity, ...]:
    """Read the activities, in the order of the experiment.

    Args:
        journal: the whole journal.
    """
    states = journal.part("steady_states")
    phases = {
        "steady state before": states.part("before").parts("probes"),
        "method": journal.parts("run"),
        "steady state during": [probe for state in states.parts("during") for probe in state.parts("probes")],
        "steady state after": states.part("after").parts("probes"),
        "rollbacks": journal.parts("rollbacks"),
    }
    return tuple(_activity(phase, part) for phase, parts in phases.items() for part in parts)


def _activity(phase: str, part: Part) -> Activity:
    activity = part.part("activity")
    output = part.value.get("output")
    exception = part.texts("exception")
    return Activity(
        phase=phase,
        name=activity.text("name"),
        type=activity.text("type"),
        status=part.text("status"),
        met=part.flag("tolerance_met"),
        start=part.time("start"),
        seconds=part.number("duration"),
        output="" if output is None else one_line(json.dumps(output, ensure_ascii=False), _LONGEST_OUTPUT),
        error=exception[-1] if exception else "",
    )
