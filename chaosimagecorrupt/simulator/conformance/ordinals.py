"""How objects of two runs are told to be the same: by their ordinals, in the order of creation."""

from collections import defaultdict
from collections.abc import Iterable

from .recording import Observation

__all__ = ["Ordinal", "Ordinals"]

# Number of a ReplicaSet, and of one of its Pods, `None` for the ReplicaSet itself
Ordinal = tuple[int, int | None]


class Ordinals:
    """Where the ReplicaSets and Pods of a run have their ordinals, by the order in which they are created.

    Args:
        observations: what was seen.
    """

    def __init__(self, observations: Iterable[Observation] = ()) -> None:
        self._sets: dict[str, int] = {}
        self._pods: dict[int, int] = defaultdict(int)
        self._found: dict[str, Ordinal] = {}
        self._names: dict[Ordinal, str] = {}
        for seen in observations:
            self.see(seen)

    def see(self, seen: Observation) -> None:
        """Take one more observation.

        Args:
            seen: what was seen.
        """
        if seen.type != "ADDED" or seen.name in self._found:
            return
        metadata = seen.object["metadata"]
        if seen.kind == "ReplicaSet":
            self._sets[metadata["uid"]] = len(self._sets)
            self._put(seen.name, (self._sets[metadata["uid"]], None))
        elif seen.kind == "Pod":
            owners = [each["uid"] for each in metadata.get("ownerReferences", ())]
            owner = next((self._sets[uid] for uid in owners if uid in self._sets), -1)
            self._put(seen.name, (owner, self._pods[owner]))
            self._pods[owner] += 1

    def _put(self, name: str, ordinal: Ordinal) -> None:
        self._found[name] = ordinal
        self._names[ordinal] = name

    def of(self, name: str) -> Ordinal | None:
        """Return the ordinal of a ReplicaSet or Pod, `None` when it was not seen being created.

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
