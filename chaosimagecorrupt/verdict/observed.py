"""The moments of a fault that a timeline shows: corrupted, restored, recovered; and the states between them."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from math import inf
from typing import NamedTuple

from ..duration import from_rfc3339
from ..errors import one_line
from ..timeline.journal import TimelineJson
from ..timeline.states import MOST_IMAGE, State
from ..timeline.timeline import Change, changes, moment
from ..workload.pull_failures import PULL_FAILURES
from .model import Evidence, Facts
from .thresholds import Limits, limits_of

__all__ = ["SKEW", "Observed"]

# seconds by which changes of one kind may arrive before older ones of another: each kind has a connection of its own
SKEW = 1.0


class _Phases(NamedTuple):
    """A Deployment's changes before the first corrupt state, from there to the last one, and after it."""

    before: Sequence[Change]
    fault: Sequence[Change]
    after: Sequence[Change]


class Observed:
    """What a timeline shows of a fault.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.

    Attributes:
        ended: when the timeline ends, seconds after its beginning.
        missing: the kinds that could not be followed, and why.
        kind: of the workload.
        deployment: all changes of the workload.
        before: its last state before the fault; None when the timeline shows none.
        corrupted: its first state with the corrupt image; None when the timeline shows no fault.
        last_corrupt: its last state with the corrupt image.
        restored: its first state without the corrupt image after the fault, also if it was created again.
        recovered: its first complete state after the fault, in which no pod that it counts is being deleted.
        gone: whether it was deleted during the fault and never recovered.
        images: the corrupt image of each container.
        limits: the thresholds for this Deployment.
    """

    def __init__(self, timeline: TimelineJson, facts: Facts) -> None:
        self.timeline, self.facts = timeline, facts
        self.ended, self.missing = timeline["ended"], timeline["missing"]
        self.kind = facts.workload
        self.deployment = list(changes(timeline, self.kind.name))
        self.images = {e.container: one_line(e.image, MOST_IMAGE) for e in facts.entries if e.image}
        self.limits = _limits(self.deployment, facts)
        before, fault, after = _phases(self.deployment, self.is_corrupt)
        self.before = _last(before) if fault else None
        self.corrupted = next(iter(fault), None)
        self.last_corrupt = _last(fault)
        self.restored = next((c for c in after if not c.state.get("gone")), None)
        self.recovered = next((c for c in after if self._is_recovered(c)), None)
        self.gone = bool(after) and bool(after[-1].state.get("gone")) and self.recovered is None

    def is_corrupt(self, state: State) -> bool:
        """Return whether a Deployment or ReplicaSet has a corrupt image."""
        return any(state.get(f"image:{c}") == image for c, image in self.images.items())

    def corrupt_containers(self, pod: State) -> list[str]:
        """Return the containers whose image is corrupt in a pod or in the template that it was made from.

        Admission may give a pod another image than its template has, such as a registry's mirror.
        """
        holder = pod.get("replicaSet") or pod.get("controllerRevision") or ""
        template = self._templates.get(holder, {})
        return [c for c, image in self.images.items() if image in (pod.get(f"image:{c}"), template.get(f"image:{c}"))]

    def has_record(self, state: State) -> bool:
        """Return whether a Deployment carries a record of the fault."""
        return any(e.container in (state.get("record") or {}) for e in self.facts.entries)

    def failing_container(self, pod: State) -> str | None:
        """Return the container of a pod that cannot pull a corrupt image, None when there is none."""
        if pod.get("deleting"):
            return None
        return next((c for c in self.corrupt_containers(pod) if pod.get(f"waiting:{c}") in PULL_FAILURES), None)

    def _is_recovered(self, change: Change) -> bool:
        """Return whether a state of the workload is complete, also by its pods where it counts those that are lost."""
        return bool(change.state.get("complete")) and not any(a - SKEW <= change.at < b for a, b in self._deletions)

    @cached_property
    def _deletions(self) -> list[tuple[float, float]]:
        """From when to when each pod was being deleted that the workload's status counts until it is gone."""
        if not self.kind.counts_deleted_pods:
            return []
        begun, found = dict[str, float](), list[tuple[float, float]]()
        for pod in changes(self.timeline, "Pod"):
            ends = pod.state.get("gone") or not pod.state.get("ready")
            if ends and pod.name in begun:
                found.append((begun.pop(pod.name), pod.at))
            elif pod.state.get("deleting") and not ends:
                begun.setdefault(pod.name, pod.at)
        return [*found, *((at, inf) for at in begun.values())]

    @cached_property
    def _templates(self) -> dict[str, State]:
        """The revisions' states by name; the template of a revision never changes."""
        found = changes(self.timeline, self.kind.revision_name)
        return {c.name: c.state for c in found if not c.state.get("gone")}

    def since(self, first: Change, found: Iterable[Change], until: Change | None = None) -> list[Change]:
        """Return the changes from one moment on, and before another if one is given.

        Args:
            first: the change at which they begin; it is one of them.
            found: the changes to choose from.
            until: the change before which they end; it is none of them.
        """
        return [c for c in found if c.at >= first.at and (until is None or c.at < until.at)]

    @property
    def fault_states(self) -> list[Change]:
        """The Deployment's states while the fault was in place; at least the first one, even if that took no time."""
        if self.corrupted is None:
            return []
        return self.since(self.corrupted, self.deployment, self.restored) or [self.corrupted]

    @property
    def fault_seconds(self) -> float:
        """How long the fault was in place, in seconds; up to the timeline's end when there was no restore."""
        end = self.restored.at if self.restored else self.ended
        return end - self.corrupted.at if self.corrupted else 0.0

    def seconds_at(self, server_time: str | None, default: float) -> float:
        """Return an RFC 3339 time as seconds after the timeline's beginning, or the default without one."""
        return default if server_time is None else from_rfc3339(server_time) - from_rfc3339(self.timeline["started"])

    def time_of(self, change: Change | None) -> str | None:
        """Return the moment of a change as RFC 3339."""
        return None if change is None else moment(self.timeline["started"], change.at)

    def evidence(self, change: Change, what: str, at: str | None = None, name: str | None = None) -> Evidence:
        """Return what a change shows.

        Args:
            change: the change.
            what: what it shows.
            at: the API server's time of it; None takes the time when the change arrived.
            name: kind and name of the object; None takes those of the change.
        """
        default = change.name if change.kind == "Resource" else f"{change.kind} {change.name}"
        return Evidence(name or default, what, at or self.time_of(change))


def _limits(states: Sequence[Change], facts: Facts) -> Limits:
    """Return the thresholds for the Deployment with the longest minReadySeconds that it had."""
    return limits_of(facts.thresholds, max((c.state.get("minReadySeconds") or 0 for c in states), default=0))


def _phases(states: Sequence[Change], is_corrupt: Callable[[State], bool]) -> _Phases:
    corrupt = [index for index, change in enumerate(states) if is_corrupt(change.state)]
    if not corrupt:
        return _Phases(states, [], [])
    first, last = corrupt[0], corrupt[-1] + 1
    return _Phases(states[:first], states[first:last], states[last:])


def _last(found: Sequence[Change]) -> Change | None:
    return found[-1] if found else None
