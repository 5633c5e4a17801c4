"""What is particular about a recorded cluster: its clock, images and quotas, and when its kubelet synced Pods."""

import math
import re
from collections import defaultdict
from typing import Any

from ..timestamps import seconds_of
from ..types import Object
from .ordinals import UNKNOWN, Ordinal, Ordinals
from .recording import Observation, Recording, UnusableRecording

__all__ = [
    "clock_offset",
    "deletions",
    "images_ignoring_sigterm",
    "missing_images",
    "phase_of",
    "quotas",
    "start_times",
    "sync_times",
]

KILLED = 137
# Seconds between two events from which on the second one is known to come from a resync
RESYNC_LEAST = 5

EXCEEDED = re.compile(r"is forbidden: exceeded quota: (\S+), requested: .* limited: pods=(\d+)$")

NOT_PULLED = ("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull")


def clock_offset(recording: Recording) -> float:
    """Return what to add to a recorded time to get seconds since 1970.

    The times of creations and events, in whole seconds, narrow it down to a few hundredths of a second.

    Args:
        recording: the recording.

    Raises:
        UnusableRecording: nothing is created in it.
    """
    known = [
        (seconds_of(time), observation.t) for observation in recording.observations if (time := _moment(observation))
    ]
    if not known:
        raise UnusableRecording("nothing is created in it")
    return (max(time - t for time, t in known) + min(time + 1 - t for time, t in known)) / 2


def _moment(observation: Observation) -> str | None:
    """Return the time of day, in whole seconds, of an event or a creation, which was observed a moment later."""
    if observation.kind == "Event":
        return observation.object.get("lastTimestamp")
    return str(observation.object["metadata"]["creationTimestamp"]) if observation.type == "ADDED" else None


def missing_images(recording: Recording) -> set[str]:
    """Return the images that the recorded node did not have and could not get.

    Args:
        recording: the recording.
    """
    return {
        str(status["image"])
        for observation in recording.observations
        if observation.kind == "Pod"
        for status in _containers(observation.object)
        if status["state"].get("waiting", {}).get("reason") in NOT_PULLED
    }


def images_ignoring_sigterm(recording: Recording) -> set[str]:
    """Return the images whose containers had to be killed when their Pods were deleted.

    Args:
        recording: the recording.
    """
    found = set()
    for observation in recording.observations:
        if observation.kind != "Pod" or "deletionTimestamp" not in observation.object["metadata"]:
            continue
        spec = observation.object["spec"]
        images = {each["name"]: each["image"] for each in [*spec.get("initContainers", ()), *spec["containers"]]}
        for status in _containers(observation.object):
            ended = status["state"].get("terminated")
            if ended and ended.get("finishedAt") and ended["exitCode"] == KILLED:
                found.add(str(images[status["name"]]))
    return found


def quotas(recording: Recording) -> list[Object]:
    """Return the ResourceQuotas that the creation of Pods failed by.

    Args:
        recording: the recording.
    """
    limits: dict[tuple[str, str], str] = {}
    for observation in recording.observations:
        exceeded = EXCEEDED.search(observation.object.get("message") or "") if observation.kind == "Event" else None
        if exceeded:
            limits[observation.object["metadata"]["namespace"], exceeded[1]] = exceeded[2]
    return [
        {"metadata": {"name": name, "namespace": namespace}, "spec": {"hard": {"pods": pods}}}
        for (namespace, name), pods in limits.items()
    ]


def sync_times(recording: Recording) -> dict[Ordinal, list[float]]:
    """Return when the kubelet synced each Pod, as its events and changes of waiting reasons show.

    Args:
        recording: the recording.
    """
    ordinals, ends = Ordinals(recording.observations), deletions(recording)
    times: dict[Ordinal, list[float]] = defaultdict(list)
    reasons: dict[str, list[Any]] = {}
    for observation in recording.observations:
        if _is_event_of_kubelet(observation):
            about = observation.object["involvedObject"]["uid"]
        elif observation.kind == "Pod" and observation.type == "MODIFIED":
            now = [status["state"].get("waiting", {}).get("reason") for status in _containers(observation.object)]
            about = observation.object["metadata"]["uid"]
            if reasons.get(about) == now:
                continue
            reasons[about] = now
        else:
            continue
        ordinal = ordinals.of(about)
        if ordinal != UNKNOWN and observation.t < ends.get(ordinal, math.inf):
            times[ordinal].append(observation.t)
    return dict(times)


def start_times(recording: Recording) -> dict[tuple[Ordinal, str], float]:
    """Return when each container of a Pod started, by the Pod's ordinal and the container's name.

    Args:
        recording: the recording.
    """
    ordinals = Ordinals(recording.observations)
    found: dict[tuple[Ordinal, str], float] = {}
    for observation in recording.observations:
        if not _is_event_of_kubelet(observation) or observation.object["reason"] != "Started":
            continue
        about = observation.object["involvedObject"]
        container = about["fieldPath"].split("{")[1].rstrip("}")
        found.setdefault((ordinals.of(about["uid"]), container), observation.t)
    return found


def deletions(recording: Recording) -> dict[Ordinal, float]:
    """Return when each Pod that was deleted was, by its ordinal.

    Args:
        recording: the recording.
    """
    ordinals = Ordinals(recording.observations)
    found: dict[Ordinal, float] = {}
    for observation in recording.observations:
        metadata = observation.object["metadata"]
        if observation.kind == "Pod" and "deletionTimestamp" in metadata:
            found.setdefault(ordinals.of(metadata["uid"]), observation.t)
    return found


def phase_of(recording: Recording, work: str) -> float | None:
    """Return at which fraction of a second the kubelet does periodic work, `None` if the recording does not show it.

    Args:
        recording: the recording.
        work: `relist`, whose first result shows as soon as an image could not be pulled; or `resync`, at which
            events are counted up.
    """
    shows = _is_resync if work == "resync" else _is_result_of_relist
    return next((observation.t for observation in recording.observations if shows(observation)), None)


def _is_resync(observation: Observation) -> bool:
    """Return whether an event of the kubelet is counted up, so late after the first that no relist causes it."""
    if not _is_event_of_kubelet(observation):
        return False
    first, last = (seconds_of(observation.object[member]) for member in ("firstTimestamp", "lastTimestamp"))
    return last - first > RESYNC_LEAST


def _is_result_of_relist(observation: Observation) -> bool:
    """Return whether a Pod shows why a container waits, other than for its turn."""
    if observation.kind != "Pod":
        return False
    reasons = [status["state"].get("waiting", {}).get("reason") for status in _containers(observation.object)]
    return any(reason not in (None, "ContainerCreating", "PodInitializing") for reason in reasons)


def _is_event_of_kubelet(observation: Observation) -> bool:
    return observation.kind == "Event" and observation.object.get("source", {}).get("component") == "kubelet"


def _containers(pod: Object) -> list[Object]:
    status = pod.get("status", {})
    return [*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())]
