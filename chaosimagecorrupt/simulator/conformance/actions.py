"""What users did to a recorded cluster, as far as the recording shows it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..types import Object
from .recording import WORKLOADS, Observation, Recording

__all__ = ["REVISION", "Action", "actions"]

REVISION = "deployment.kubernetes.io/revision"

# How many seconds before and after a deletion the Event about it may be seen: the watches are not in step
REPORTED_EARLY, REPORTED_LATE = 0.5, 1.0


@dataclass(frozen=True)
class Action:
    """Something that a user did.

    Attributes:
        t: when, in seconds since the recorder started.
        verb: what.
        object: the object afterwards; when deleted, its last state. Only workloads are created and changed.
    """

    t: float
    verb: Literal["create", "change", "delete"]
    object: Object


def actions(recording: Recording) -> list[Action]:
    """Return what was done: the differences of the workloads' specs and metadata, and what was deleted.

    Args:
        recording: the recording.
    """
    removed = [Action(observation.t, "delete", observation.object) for observation in _removed_by_users(recording)]
    return sorted([*_changes_of_workloads(recording.observations), *removed], key=lambda action: action.t)


def _changes_of_workloads(observations: Iterable[Observation]) -> Iterator[Action]:
    before: dict[tuple[str, str], Object] = {}
    for observation in observations:
        if observation.kind not in WORKLOADS:
            continue
        key = (observation.kind, observation.name)
        old = before.get(key)
        if observation.type == "DELETED":
            before.pop(key, None)
            if old is None or "deletionTimestamp" not in old["metadata"]:
                yield Action(observation.t, "delete", observation.object)
            continue
        before[key] = observation.object
        if old is None:
            yield Action(observation.t, "create", observation.object)
        elif "deletionTimestamp" in observation.object["metadata"]:
            if "deletionTimestamp" not in old["metadata"]:
                yield Action(observation.t, "delete", observation.object)
        elif _given(old) != _given(observation.object):
            yield Action(observation.t, "change", observation.object)


def _given(workload: Object) -> tuple[Any, ...]:
    """Return the parts of a workload that users write.

    Args:
        workload: the workload.
    """
    metadata = workload["metadata"]
    annotations = {k: v for k, v in (metadata.get("annotations") or {}).items() if k != REVISION}
    return workload["spec"], metadata.get("labels") or {}, annotations


def _removed_by_users(recording: Recording) -> Iterator[Observation]:
    """Yield the first sign of each deletion of a Pod, ReplicaSet or ControllerRevision that was a user's.

    The controllers delete Pods that are too many or out of date, and history beyond `revisionHistoryLimit`; the garbage
    collector deletes what has lost its owner. Whatever else goes, a user deleted.

    Args:
        recording: the recording.
    """
    objects: dict[str, Object] = {}
    reports = [each for each in recording.observations if _is_report_of_deletion(each)]
    # the versions say in which order things happened, also across kinds
    for observation in sorted(recording.observations, key=lambda each: int(each.object["metadata"]["resourceVersion"])):
        if observation.kind == "Event":
            continue
        uid = observation.object["metadata"]["uid"]
        before = objects.get(uid)
        if before is not None and _begins_to_go(observation, before) and _is_by_user(observation, objects, reports):
            yield observation
        if observation.type == "DELETED":
            objects.pop(uid, None)
        else:
            objects[uid] = observation.object


def _is_report_of_deletion(observation: Observation) -> bool:
    """Return whether a StatefulSet's or DaemonSet's controller says that it has deleted a Pod."""
    if observation.kind != "Event" or observation.object["reason"] != "SuccessfulDelete":
        return False
    return observation.object["involvedObject"]["kind"] in ("StatefulSet", "DaemonSet")


def _reports(event: Observation, deletion: Observation) -> bool:
    """Return whether an Event is about the deletion of a Pod: it names it, and came soon after it."""
    is_named = deletion.kind == "Pod" and deletion.name in event.object["message"].split()
    return is_named and -REPORTED_EARLY <= event.t - deletion.t <= REPORTED_LATE


def _is_by_user(deletion: Observation, objects: Mapping[str, Object], reports: Iterable[Observation]) -> bool:
    """Return whether neither the garbage collector nor the owner's controller had a reason to delete an object."""
    kind, uid = deletion.kind, _owner_of(deletion.object)
    owner = objects.get(uid)
    if owner is None or "deletionTimestamp" in owner["metadata"]:
        return False
    siblings = [each for each in objects.values() if each["kind"] == kind and _owner_of(each) == uid]
    is_reported = any(_reports(each, deletion) for each in reports)
    return not is_reported and not _controller_had_reason(kind, owner, siblings)


def _begins_to_go(observation: Observation, before: Object) -> bool:
    going = observation.type == "DELETED" or "deletionTimestamp" in observation.object["metadata"]
    return going and "deletionTimestamp" not in before["metadata"]


def _owner_of(obj: Object) -> str:
    return next((str(each["uid"]) for each in obj["metadata"].get("ownerReferences", ())), "")


def _controller_had_reason(kind: str, owner: Object, siblings: list[Object]) -> bool:
    if kind == "Pod":
        # the controllers of StatefulSets and DaemonSets report each deletion
        return owner["kind"] == "ReplicaSet" and _too_many_pods(owner, siblings)
    # the newest one is not history
    return len(siblings) - 1 > _history_limit(owner)


def _too_many_pods(replica_set: Object, pods: list[Object]) -> bool:
    active = [
        pod
        for pod in pods
        if "deletionTimestamp" not in pod["metadata"] and pod["status"].get("phase") not in ("Failed", "Succeeded")
    ]
    return len(active) > int(replica_set["spec"].get("replicas", 1))


def _history_limit(workload: Object) -> int:
    limit = workload["spec"].get("revisionHistoryLimit", 10)
    return 10 if limit is None else int(limit)
