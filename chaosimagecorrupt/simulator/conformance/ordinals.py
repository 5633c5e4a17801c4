"""How objects of two runs are told to be the same: by their places, in the order of creation."""

from collections import defaultdict
from collections.abc import Iterable

from .recording import Observation

__all__ = ["Place", "Places"]

# Number of a ReplicaSet, and of one of its Pods, `None` for the ReplicaSet itself
Place = tuple[int, int | None]


class Places:
    """Where the ReplicaSets and Pods of a run have their places, by the order in which they are created.

    Args:
        observations: what was seen.
    """

    def __init__(self, observations: Iterable[Observation] = ()) -> None:
        self._sets: dict[str, int] = {}
        self._pods: dict[int, int] = defaultdict(int)
        self._found: dict[str, Place] = {}
        self._names: dict[Place, str] = {}
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

    def _put(self, name: str, place: Place) -> None:
        self._found[name] = place
        self._names[place] = name

    def of(self, name: str) -> Place | None:
        """Return the place of a ReplicaSet or Pod, `None` when it was not seen being created.

        Args:
            name: its name.
        """
        return self._found.get(name)

    def name_at(self, place: Place) -> str | None:
        """Return the name of what is at a place, `None` when nothing is.

        Args:
            place: the place.
        """
        return self._names.get(place)
