"""Whether a fault's stop condition ended it: its guard restored because fewer pods were ready than `stop_below`."""

from dataclasses import dataclass

from ..timeline.timeline import Change
from ..workload.stop_condition import stop_text
from .healing import is_expired, undone_elsewhere
from .journal import StopJson
from .observed import Observed

__all__ = ["Stop", "stop_of"]


@dataclass(frozen=True)
class Stop:
    """The stop condition that ended a fault.

    Attributes:
        measured: how many pods were ready, and how many had to be.
        state: the state of the Deployment that shows it.
        at: when it was observed, RFC 3339.
    """

    measured: str
    state: Change
    at: str | None

    def to_json(self) -> StopJson:
        """Return it as the journal keeps it."""
        return {"condition": "stop_below", "measured": self.measured, "at": self.at}

    def __str__(self) -> str:
        when = f" at {self.at}" if self.at else ""
        return f"the stop condition stop_below ended the fault{when}: {self.measured}"


def stop_of(observed: Observed) -> Stop | None:
    """Return the stop condition that ended the fault; None when none did.

    The guard leaves no mark on the Deployment, so this follows from what was observed: the condition was met while the
    fault was in place, and then this tool, but not this run, put the image back before the ttl was over.
    """
    if not undone_elsewhere(observed) or is_expired(observed):
        return None
    return next(filter(None, (_met(observed, change) for change in observed.fault_states)), None)


def _met(observed: Observed, change: Change) -> Stop | None:
    """Return the first stop condition of the injections that a state of the Deployment meets."""
    ready, replicas = change.state.get("readyReplicas") or 0, change.state.get("replicas") or 0
    texts = (stop_text(entry.stop_below, ready, replicas) for entry in observed.facts.entries)
    measured = next(filter(None, texts), None)
    return Stop(measured, change, observed.time_of(change)) if measured is not None else None
