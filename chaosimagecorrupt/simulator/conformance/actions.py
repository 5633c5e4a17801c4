"""What users did to a recorded cluster, as far as the recording shows it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..types import Object
from .recording import Observation, Recording

__all__ = ["REVISION", "Action", "actions"]

REVISION = "deployment.kubernetes.io/revision"


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
    object: Object


def actions(recording: Recording) -> list[Action]:
    """Return what was done: the differences of the Deployments' specs and metadata, and what was deleted.

    Args:
        recording: the recording.
    """
    removed = [Action(observation.t, "delete", observation.object) for observation in _removed_by_users(recording)]
    return sorted([*_changes_of_deployments(recording.observations), *removed], key=lambda action: action.t)


def _changes_of_deployments(observations: Iterable[Observation]) -> Iterator[Action]:
    before: dict[str, Object] = {}
    for observation in observations:
        if observation.kind != "Deployment":
            continue
        old = before.get(observation.name)
        if observation.type == "DELETED":
            before.pop(observation.name, None)
            if old is None or "deletionTimestamp" not in old["metadata"]:
                yield Action(observation.t, "delete", observation.object)
            continue
        before[observation.name] = observation.object
        if old is None:
            yield Action(observation.t, "create", observation.object)
        elif "deletionTimestamp" in observation.object["metadata"]:
            if "deletionTimestamp" not in old["metadata"]:
                yield Action(observation.t, "delete", observation.object)
        elif _given(old) != _given(observation.object):
            yield Action(observation.t, "change", observation.object)


def _given(deployment: Object) -> tuple[Any, ...]:
    """Return the parts of a Deployment that users write.

    Args:
        deployment: the Deployment.
    """
    metadata = deployment["metadata"]
    annotations = {k: v for k, v in (metadata.get("annotations") or {}).items() if k != REVISION}
    return deployment["spec"], metadata.get("labels") or {}, annotations


def _removed_by_users(recording: Recording) -> Iterator[Observation]:
    """Yield the first sign of each Pod's and ReplicaSet's deletion that was a user's.

    The ReplicaSet controller deletes Pods that are too many, the Deployment controller ReplicaSets beyond
    `revisionHistoryLimit`, the garbage collector what has lost its owner. Whatever else goes, a user deleted.

    Args:
        recording: the recording.
    """
    objects: dict[str, Object] = {}
    # the versions say in which order things happened, also across kinds
    for observation in sorted(recording.observations, key=lambda each: int(each.object["metadata"]["resourceVersion"])):
        if observation.kind == "Event":
            continue
        uid = observation.object["metadata"]["uid"]
        before = objects.get(uid)
        if before is not None and _begins_to_go(observation, before) and _is_by_user(observation.kind, before, objects):
            yield observation
        if observation.type == "DELETED":
            objects.pop(uid, None)
        else:
            objects[uid] = observation.object


def _is_by_user(kind: str, obj: Object, objects: Mapping[str, Object]) -> bool:
    """Return whether neither the garbage collector nor the owner's controller had a reason to delete an object."""
    owner = objects.get(_owner_of(obj))
    if owner is None or "deletionTimestamp" in owner["metadata"]:
        return False
    siblings = [each for each in objects.values() if _owner_of(each) == _owner_of(obj)]
    return not _controller_had_reason(kind, owner, siblings)


def _begins_to_go(observation: Observation, before: Object) -> bool:
    going = observation.type == "DELETED" or "deletionTimestamp" in observation.object["metadata"]
    return going and "deletionTimestamp" not in before["metadata"]


def _owner_of(obj: Object) -> str:
    return next((str(each["uid"]) for each in obj["metadata"].get("ownerReferences", ())), "")


def _controller_had_reason(kind: str, owner: Object, siblings: list[Object]) -> bool:
    if kind == "Pod":
        return _too_many_pods(owner, siblings)
    # the newest one is not history
    return len(siblings) - 1 > _history_limit(owner)


def _too_many_pods(replica_set: Object, pods: list[Object]) -> bool:
    active = [
        pod
        for pod in pods
        if "deletionTimestamp" not in pod["metadata"] and pod["status"].get("phase") not in ("Failed", "Succeeded")
    ]
    return len(active) > int(replica_set["spec"].get("replicas", 1))


def _history_limit(deployment: Object) -> int:
    limit = deployment["spec"].get("revisionHistoryLimit", 10)
    return 10 if limit is None else int(limit)
