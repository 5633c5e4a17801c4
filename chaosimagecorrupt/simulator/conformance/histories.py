"""The histories of objects: the distinct states that each goes through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .intermediate_states import optional
from .recording import Observation
from .states import GONE, Timed, state_of

__all__ = ["History", "histories"]


@dataclass
class History:
    """The states of one object.

    Attributes:
        kind: its kind.
        name: its name.
        group: objects of one kind and group are interchangeable: Pods of one ReplicaSet. Other objects are known by
            the order in which they were created.
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
    """Return the history of each Deployment, ReplicaSet and Pod, repeats left out, in the order of creation.

    Args:
        observations: of any objects.
    """
    found: dict[tuple[str, str], History] = {}
    for observation in observations:
        if observation.kind == "Event":
            continue
        key = (observation.kind, str(observation.object["metadata"]["uid"]))
        if key not in found:
            found[key] = History(observation.kind, observation.name, _group(observation, found))
        state = GONE if observation.type == "DELETED" else state_of(observation.kind, observation.object)
        states = found[key].states
        if not states or states[-1][1] != state:
            states.append((observation.t, state))
    return list(found.values())


def _group(observation: Observation, found: Mapping[tuple[str, str], History]) -> str:
    if observation.kind != "Pod":
        return str(sum(kind == observation.kind for kind, _ in found))
    owners = [each["uid"] for each in observation.object["metadata"].get("ownerReferences", ())]
    return f"{_group_of_owner(owners, found)}"


def _group_of_owner(owners: list[str], found: Mapping[tuple[str, str], History]) -> str:
    for owner in owners:
        if ("ReplicaSet", owner) in found:
            return found["ReplicaSet", owner].group
    return "none"
