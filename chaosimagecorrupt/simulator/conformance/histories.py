"""The histories of objects: the distinct states that each goes through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .intermediate_states import optional
from .ordinals import OWNERS
from .recording import Observation
from .states import GONE, Timed, state_of

__all__ = ["History", "histories"]


@dataclass
class History:
    """The states of one object.

    Attributes:
        kind: its kind.
        name: its name.
        group: objects of one kind and group are interchangeable: Pods of one ReplicaSet or DaemonSet, and those of one
            StatefulSet and name. Other objects are known by the order in which they were created.
        states: when each state began, in seconds, and the state.
    """

    kind: str
    name: str
    group: str
    states: list[Timed] = field(default_factory=list)

    @cached_property
    def steps(self) -> list[bool]:
        """Return for each state whether it is a step of a ramp, once all states are there."""
        return optional(self.states)


def histories(observations: Iterable[Observation]) -> list[History]:
    """Return the history of each object that is no Event, repeats left out, in the order of creation.

    Args:
        observations: of any objects.
    """
    found: dict[tuple[str, str], History] = {}
    seen = list(observations)
    revisions = _revisions(seen)
    for observation in seen:
        if observation.kind == "Event":
            continue
        key = (observation.kind, str(observation.object["metadata"]["uid"]))
        if key not in found:
            found[key] = History(observation.kind, observation.name, _group(observation, found))
        state = GONE if observation.type == "DELETED" else state_of(observation.kind, observation.object, revisions)
        states = found[key].states
        if not states or states[-1][1] != state:
            states.append((observation.t, state))
    return list(found.values())


def _revisions(observations: Iterable[Observation]) -> dict[str, int]:
    """Return the how manyth each ControllerRevision was, by its name and by its hash: hashes differ between runs."""
    found: dict[str, int] = {}
    created = (each for each in observations if each.kind == "ControllerRevision" and each.type == "ADDED")
    for number, observation in enumerate(created, 1):
        labels = observation.object["metadata"].get("labels") or {}
        for name in (observation.name, labels.get("controller-revision-hash")):
            found.setdefault(name or "", number)
    return found


def _group(observation: Observation, found: Mapping[tuple[str, str], History]) -> str:
    if observation.kind != "Pod":
        return str(sum(kind == observation.kind for kind, _ in found))
    owners = [each["uid"] for each in observation.object["metadata"].get("ownerReferences", ())]
    owner = next((found[kind, uid] for uid in owners for kind in OWNERS if (kind, uid) in found), None)
    if owner is None:
        return "none"
    name = observation.name if owner.kind == "StatefulSet" else ""
    return f"{owner.kind} {owner.group} {name}"
