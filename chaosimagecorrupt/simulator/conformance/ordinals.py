"""Objects of two runs correspond by their ordinals: the order in which they were created."""

from collections import defaultdict
from collections.abc import Iterable

from .recording import Observation

__all__ = ["Ordinal", "Ordinals"]

# Number of a ReplicaSet, and of one of its Pods, `None` for the ReplicaSet itself
Ordinal = tuple[int, int | None]


class Ordinals:
    """The ordinals of the ReplicaSets and Pods of a run.

    Args:
        observations: those so far.
    """

    def __init__(self, observations: Iterable[Observation] = ()) -> None:
        self._sets: dict[str, int] = {}
        self._pods: dict[int, int] = defaultdict(int)
        self._found: dict[str, Ordinal] = {}
        self._names: dict[Ordinal, str] = {}
        for observation in observations:
            self.add(observation)

    def add(self, observation: Observation) -> None:
        """Add an observation.

        Args:
            observation: the observation.
        """
        if observation.type != "ADDED" or observation.name in self._found:
            return
        metadata = observation.object["metadata"]
        if observation.kind == "ReplicaSet":
            self._sets[metadata["uid"]] = len(self._sets)
            self._put(observation.name, (self._sets[metadata["uid"]], None))
        elif observation.kind == "Pod":
            owners = [each["uid"] for each in metadata.get("ownerReferences", ())]
            owner = next((self._sets[uid] for uid in owners if uid in self._sets), -1)
            self._put(observation.name, (owner, self._pods[owner]))
            self._pods[owner] += 1

    def _put(self, name: str, ordinal: Ordinal) -> None:
        self._found[name] = ordinal
        self._names[ordinal] = name

    def of(self, name: str) -> Ordinal | None:
        """Return the ordinal of a ReplicaSet or Pod, `None` when its creation was not observed.

        Args:
            name: its name.
        """
        return self._found.get(name)

    def name_at(self, ordinal: Ordinal) -> str | None:
        """Return the name of what is at a ordinal, `None` when nothing is.

        Args:
            ordinal: the ordinal.
        """
        return self._names.get(ordinal)
