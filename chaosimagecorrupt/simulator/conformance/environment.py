"""What is particular about a recorded cluster: its clock, its images, and when its kubelet looked at Pods."""

import math
from collections import defaultdict
from typing import Any

from ..timestamps import seconds_of
from ..types import Json
from .ordinals import Ordinal, Ordinals
from .recording import Observation, Recording, UnusableRecording

__all__ = [
    "clock_offset",
    "deletions",
    "missing_images",
    "phase_of",
    "stubborn_images",
    "sync_times",
]

KILLED = 137
# Seconds between two events from which on the second one is known to come from a resync
RESYNC_LEAST = 5

NOT_PULLED = ("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull")


def clock_offset(recording: Recording) -> float:
    """Return what to add to a recorded time to get seconds since 1970.

    The times of creations and events, in whole seconds, narrow it down to a few hundredths of a second.

    Args:
        recording: the recording.

    Raises:
        UnusableRecording: nothing is created in it.
    """
    known = [(seconds_of(time), seen.t) for seen in recording.observations if (time := _moment(seen))]
    if not known:
        raise UnusableRecording("nothing is created in it")
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


def sync_times(recording: Recording) -> dict[Ordinal, list[float]]:
    """Return when the kubelet looked at each Pod, as its events and changes of waiting reasons show.

    Args:
        recording: the recording.
    """
    ordinals, ends = Ordinals(recording.observations), deletions(recording)
    times: dict[Ordinal, list[float]] = defaultdict(list)
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
        if (ordinal := ordinals.of(about)) and seen.t < ends.get(ordinal, math.inf):
            times[ordinal].append(seen.t)
    return dict(times)


def deletions(recording: Recording) -> dict[Ordinal, float]:
    """Return when each Pod that was deleted was, by its ordinal.

    Args:
        recording: the recording.
    """
    ordinals = Ordinals(recording.observations)
    found: dict[Ordinal, float] = {}
    for seen in recording.observations:
        ordinal = ordinals.of(seen.name) if seen.kind == "Pod" else None
        if ordinal and "deletionTimestamp" in seen.object["metadata"]:
            found.setdefault(ordinal, seen.t)
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
            first, last = seconds_of(seen.object["firstTimestamp"]), seconds_of(seen.object["lastTimestamp"])
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
