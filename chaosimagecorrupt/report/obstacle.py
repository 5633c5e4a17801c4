"""Why a fault had no effect, or why a Deployment did not recover: in the words of the condition or the Event."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..errors import one_line
from ..timeline.fields import ConditionState
from ..timeline.hanging import hanging_pull
from ..timeline.states import MOST_TEXT, State
from ..timeline.timeline import Change
from ..verdict.obstacles import NO_REPLICA_SET
from ..workload.kinds import WORKLOADS
from ..workload.pull_causes import pull_error_text
from ..workload.pull_failures import PULL_FAILURES

__all__ = ["Moments", "Obstacle", "find_obstacle", "first_pull_error"]

_WAITING = "waiting:"
_IMAGE = "image:"


class Moments(NamedTuple):
    """The steps of the fault, in seconds after the beginning of the timeline; None when one was not observed."""

    corrupted: float | None
    pull_failed: float | None
    restored: float | None
    recovered: float | None


class Obstacle(NamedTuple):
    """What stands in the way of a rollout.

    Attributes:
        about: what says so: a condition, a pod.
        words: its own words.
    """

    about: str
    words: str

    def __str__(self) -> str:
        return f"{self.about}: {self.words}"


def find_obstacle(changes: Sequence[Change], moments: Moments, *, slow: bool) -> Obstacle | None:
    """Find what stood in the way: of the recovery, if there was none or it was slow, else of the fault.

    Args:
        changes: of the timeline, in order.
        moments: the steps of the fault.
        slow: whether the recovery took longer than it may.

    Returns:
        None when nothing was in the way, or when that is not known.
    """
    if moments.corrupted is None:
        return None
    restored = moments.restored
    if restored is not None and (slow or moments.recovered is None):
        return _in_the_way_of_recovery(changes, restored, moments.recovered)
    if moments.pull_failed is None:
        until = [c for c in changes if restored is None or c.at <= restored]
        found = _obstacle_in(_latest(until), after=moments.corrupted, recovering=False)
        return found or _hanging(until, moments.corrupted)
    return None


def _in_the_way_of_recovery(changes: Sequence[Change], restored: float, recovered: float | None) -> Obstacle | None:
    if recovered is None:
        return _hanging(changes, restored) or _obstacle_in(_latest(changes), after=0.0, recovering=True)
    # The middle of the recovery: what is in the way at its beginning or its end may only be there for a moment
    middle = [c for c in changes if c.at <= (restored + recovered) / 2]
    return _hanging(middle, restored) or _obstacle_in(_latest(middle), after=0.0, recovering=True)


def first_pull_error(changes: Iterable[Change], corrupted: float | None) -> str:
    """Return why the first pull after the corruption failed, with the pod's name; empty when that is not known."""
    for change in changes:
        if corrupted is not None and change.at >= corrupted:
            error = _pull_error(change)
            if error:
                return f"Pod {_text(change.state, 'pod')}: {error}"
    return ""


class _Snapshot(NamedTuple):
    """The objects at a moment: the latest change of each that exists, the newest last, and when each was first seen."""

    latest: list[Change]
    created: dict[tuple[str, str], float]

    def of(self, kind: str) -> list[Change]:
        return [c for c in self.latest if c.kind == kind]

    @property
    def workloads(self) -> list[Change]:
        """What the fault was put into: one Deployment, StatefulSet or DaemonSet."""
        return [c for c in self.latest if c.kind in WORKLOADS]

    def pods(self, after: float = 0.0) -> list[Change]:
        """Return the pods that were first seen after a moment, but for those that are being deleted."""
        found = self.of("Pod")
        return [p for p in found if self.created[p[1:3]] >= after and not p.state.get("deleting")]

    def current_pods(self) -> list[Change]:
        """Return the pods with the images that the Deployment has now; the others are to go."""
        images = {k: v for d in self.workloads for k, v in d.state.items() if k.startswith(_IMAGE)}
        return [p for p in self.pods() if all(p.state.get(k, v) == v for k, v in images.items())]


def _latest(changes: Sequence[Change]) -> _Snapshot:
    latest: dict[tuple[str, str], Change] = {}
    created: dict[tuple[str, str], float] = {}
    for change in changes:
        key = change[1:3]
        created.setdefault(key, change.at)
        latest.pop(key, None)
        latest[key] = change
    return _Snapshot([c for c in latest.values() if not c.state.get("gone")], created)


def _obstacle_in(now: _Snapshot, after: float, *, recovering: bool) -> Obstacle | None:
    found = _not_created(now) or _not_scheduled(now.current_pods() if recovering else now.pods(after))
    if found is None and recovering and any(d.state.get("replicas") for d in now.workloads):
        found = _not_started(now) or _not_progressing(now)
    return found


def _not_created(now: _Snapshot) -> Obstacle | None:
    for change in [*now.workloads, *now.of("ReplicaSet")]:
        failure, progressing = _condition(change.state, "ReplicaFailure"), _condition(change.state, "Progressing")
        if failure is not None and failure.status == "True" and change.state.get("replicas") != 0:
            return Obstacle("ReplicaFailure", failure.message or failure.reason)
        if progressing is not None and progressing.reason == NO_REPLICA_SET:
            return Obstacle(NO_REPLICA_SET, progressing.message)
    return None


def _not_scheduled(pods: Iterable[Change]) -> Obstacle | None:
    """Return why no node takes a pod; the state has the scheduler's reason and message as one text."""
    for pod in pods:
        reason, _, message = _text(pod.state, "unscheduled").partition(": ")
        if reason:
            return Obstacle(reason, message or f"Pod {pod.name}")
    return None


def _not_started(now: _Snapshot) -> Obstacle | None:
    for pod in now.current_pods():
        for key, reason in pod.state.items():
            if not key.startswith(_WAITING) or not isinstance(reason, str):
                continue
            errors = [_pull_error(e) for e in now.of("Event") if e.state.get("pod") == pod.name]
            error = next(filter(None, reversed(errors)), "") if reason in PULL_FAILURES else ""
            container = one_line(key.removeprefix(_WAITING))
            return Obstacle(one_line(reason), error or f"Pod {pod.name}, container {container}")
    return None


def _not_progressing(now: _Snapshot) -> Obstacle | None:
    unready = next((p for p in now.current_pods() if p.state.get("ready") is False), None)
    if unready is not None:
        return Obstacle(f"Pod {unready.name}", f"{_text(unready.state, 'phase')}, but not Ready")
    for change in now.workloads:
        for condition in ("Progressing", "Available"):
            found = _condition(change.state, condition)
            if found is not None and found.status == "False":
                return Obstacle(found.reason or f"{condition}=False", found.message or f"{condition} is False")
    return None


def _hanging(changes: Sequence[Change], since: float) -> Obstacle | None:
    """Return the pull that began after a moment, and still hangs at the end of the changes."""
    found = hanging_pull((c for c in changes if c.at >= since), changes[-1].at) if changes else None
    return Obstacle(f"Pod {one_line(found.pod)}", found.words) if found is not None else None


def _pull_error(change: Change) -> str:
    is_failure = change.kind == "Event" and change.state.get("reason") == "Failed"
    return pull_error_text(_text(change.state, "message")) if is_failure else ""


def _condition(state: State, name: str) -> ConditionState | None:
    found = state.get(f"condition:{name}")
    if not isinstance(found, list) or len(found) < 2:
        return None
    status, reason = (one_line(text or "") for text in found[:2])
    return ConditionState(status, reason, None, one_line(found[3] or "", MOST_TEXT) if len(found) > 3 else "")


def _text(state: State, key: str) -> str:
    found = state.get(key)
    return one_line(found, MOST_TEXT) if isinstance(found, str) else ""
