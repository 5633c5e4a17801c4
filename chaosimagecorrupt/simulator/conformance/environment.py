"""What a recording's cluster was given: what users did, and what chance did, as far as it can be seen."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ..types import Json
from .deletions import removed_by_users
from .ordinals import Place, Places
from .recording import Observation, Recording, Unusable

__all__ = [
    "Action",
    "actions",
    "clock_offset",
    "deletions",
    "missing_images",
    "phase_of",
    "stubborn_images",
    "sync_times",
]

REVISION = "deployment.kubernetes.io/revision"
KILLED = 137
# Seconds between two events from which on the second one is known to come from a resync
RESYNC_LEAST = 5

NOT_PULLED = ("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull")


@dataclass(frozen=True)
class Action:
    """Something that a user did.

    Attributes:
        t: when, in seconds since the recorder started.
        verb: what.
        object: the object afterwards; when deleted, its last state. Only Deployments are created and changed.
    """

    t: float
    verb: Literal["create", "change", "delete"]
    object: Json


def actions(recording: Recording) -> list[Action]:
    """Return what was done: the differences of the Deployments' specs and metadata, and what was deleted.

    Args:
        recording: the recording.
    """
    removed = [Action(seen.t, "delete", seen.object) for seen in removed_by_users(recording)]
    return sorted([*_actions(recording.observations), *removed], key=lambda action: action.t)


def _actions(observations: Iterable[Observation]) -> Iterator[Action]:
    before: dict[str, Json] = {}
    for seen in observations:
        if seen.kind != "Deployment":
            continue
        old = before.get(seen.name)
        if seen.type == "DELETED":
            before.pop(seen.name, None)
            if old is None or "deletionTimestamp" not in old["metadata"]:
                yield Action(seen.t, "delete", seen.object)
            continue
        before[seen.name] = seen.object
        if old is None:
            yield Action(seen.t, "create", seen.object)
        elif "deletionTimestamp" in seen.object["metadata"]:
            if "deletionTimestamp" not in old["metadata"]:
                yield Action(seen.t, "delete", seen.object)
        elif given(old) != given(seen.object):
            yield Action(seen.t, "change", seen.object)


def given(deployment: Json) -> tuple[Any, ...]:
    """Return the parts of a Deployment that users write.

    Args:
        deployment: the Deployment.
    """
    metadata = deployment["metadata"]
    annotations = {k: v for k, v in (metadata.get("annotations") or {}).items() if k != REVISION}
    return deployment["spec"], metadata.get("labels") or {}, annotations


def clock_offset(recording: Recording) -> float:
    """Return what to add to a recorded time to get seconds since 1970.

    The times of creations and events, in whole seconds, narrow it down to a few hundredths of a second.

    Args:
        recording: the recording.

    Raises:
        Unusable: nothing is created in it.
    """
    known = [(_epoch(time), seen.t) for seen in recording.observations if (time := _moment(seen))]
    if not known:
        raise Unusable("nothing is created in it")
    return (max(time - t for time, t in known) + min(time + 1 - t for time, t in known)) / 2


def _moment(seen: Observation) -> str | None:
    """Return the time of day, in whole seconds, at which something happened that was seen a moment later."""
    if seen.kind == "Event":
        return seen.object.get("lastTimestamp")
    return str(seen.object["metadata"]["creationTimestamp"]) if seen.type == "ADDED" else None


def missing_images(recording: Recording) -> set[str]:
    """Return the images that the recorded node did not have and could not get.

    Args:
        recording: the recording.
    """
    return {
        str(status["image"])
        for seen in recording.observations
        if seen.kind == "Pod"
        for status in _containers(seen.object)
        if status["state"].get("waiting", {}).get("reason") in NOT_PULLED
    }


def stubborn_images(recording: Recording) -> set[str]:
    """Return the images whose containers had to be killed when their Pods were deleted.

    Args:
        recording: the recording.
    """
    found = set()
    for seen in recording.observations:
        if seen.kind != "Pod" or "deletionTimestamp" not in seen.object["metadata"]:
            continue
        spec = seen.object["spec"]
        images = {each["name"]: each["image"] for each in [*spec.get("initContainers", ()), *spec["containers"]]}
        for status in _containers(seen.object):
            ended = status["state"].get("terminated")
            if ended and ended.get("finishedAt") and ended["exitCode"] == KILLED:
                found.add(str(images[status["name"]]))
    return found


def sync_times(recording: Recording) -> dict[Place, list[float]]:
    """Return when the kubelet looked at each Pod, as its events and changes of waiting reasons show.

    Args:
        recording: the recording.
    """
    places, ends = Places(recording.observations), deletions(recording)
    times: dict[Place, list[float]] = defaultdict(list)
    reasons: dict[str, list[Any]] = {}
    for seen in recording.observations:
        if seen.kind == "Event" and seen.object.get("source", {}).get("component") == "kubelet":
            about = seen.object["involvedObject"]["name"]
        elif seen.kind == "Pod" and seen.type == "MODIFIED":
            now = [status["state"].get("waiting", {}).get("reason") for status in _containers(seen.object)]
            if reasons.get(seen.name) == now:
                continue
            reasons[seen.name] = now
            about = seen.name
        else:
            continue
        if (place := places.of(about)) and seen.t < ends.get(place, math.inf):
            times[place].append(seen.t)
    return dict(times)


def deletions(recording: Recording) -> dict[Place, float]:
    """Return when each Pod that was deleted was, by its place.

    Args:
        recording: the recording.
    """
    places = Places(recording.observations)
    found: dict[Place, float] = {}
    for seen in recording.observations:
        place = places.of(seen.name) if seen.kind == "Pod" else None
        if place and "deletionTimestamp" in seen.object["metadata"]:
            found.setdefault(place, seen.t)
    return found


def phase_of(recording: Recording, work: str) -> float | None:
    """Return when in a second the kubelet's periodic work is done, `None` when it cannot be seen.

    Args:
        recording: the recording.
        work: `relist`, whose first result shows as soon as an image could not be pulled; or `resync`, at which
            events are counted up.
    """
    waited: set[str] = set()
    for seen in recording.observations:
        if work == "resync" and seen.kind == "Event" and seen.object.get("source", {}).get("component") == "kubelet":
            first, last = _epoch(seen.object["firstTimestamp"]), _epoch(seen.object["lastTimestamp"])
            if last - first > RESYNC_LEAST:
                return seen.t
        if work == "relist" and seen.kind == "Pod":
            for status in _containers(seen.object):
                reason = status["state"].get("waiting", {}).get("reason")
                if reason not in (None, "ContainerCreating", "PodInitializing") and seen.name not in waited:
                    return seen.t
    return None


def _containers(pod: Json) -> list[Json]:
    status = pod.get("status", {})
    return [*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())]


def _epoch(time: str) -> float:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()
