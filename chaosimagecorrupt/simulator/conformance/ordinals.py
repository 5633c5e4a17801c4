"""Objects of two runs correspond by their ordinals: the order in which they were created."""

from collections import defaultdict
from collections.abc import Iterable

from .recording import Observation

__all__ = ["UNKNOWN", "Ordinal", "Ordinals"]

# The series that an object belongs to, and its place in it. One series are all ReplicaSets, or the Pods of one of them
Ordinal = tuple[str, int]

# The ordinal of what was not seen to be created
UNKNOWN: Ordinal = ("", -1)

# The kinds that own Pods or ControllerRevisions
OWNERS = ("ReplicaSet", "StatefulSet", "DaemonSet")


class Ordinals:
    """The ordinals of the ReplicaSets, ControllerRevisions and Pods of a run.

    Args:
        observations: those so far.
    """

    def __init__(self, observations: Iterable[Observation] = ()) -> None:
        self._sizes: dict[str, int] = defaultdict(int)
        self._found: dict[str, Ordinal] = {}
        self._names: dict[Ordinal, str] = {}
        for observation in observations:
            self.add(observation)

    def add(self, observation: Observation) -> None:
        """Add an observation.

        Args:
            observation: the observation.
        """
        metadata = observation.object["metadata"]
        if observation.type != "ADDED" or metadata["uid"] in self._found:
            return
        if observation.kind in (*OWNERS, "ControllerRevision"):
            self._put(observation, observation.kind)
        elif observation.kind == "Pod":
            self._put(observation, self._series_of_pod(observation))

    def _series_of_pod(self, pod: Observation) -> str:
        """Return the series of a Pod: those of its owner, or those of its name where the name is its identity."""
        owners = [each["uid"] for each in pod.object["metadata"].get("ownerReferences", ())]
        kind, number = next((self._found[uid] for uid in owners if uid in self._found), UNKNOWN)
        return f"Pod {pod.name} of {kind} {number}" if kind == "StatefulSet" else f"Pod of {kind} {number}"

    def _put(self, observation: Observation, series: str) -> None:
        ordinal = (series, self._sizes[series])
        self._sizes[series] += 1
        self._found[observation.object["metadata"]["uid"]] = ordinal
        self._names[ordinal] = observation.name

    def of(self, uid: str) -> Ordinal:
        """Return the ordinal of an object, `UNKNOWN` when its creation was not observed.

        Args:
            uid: its uid.
        """
        return self._found.get(uid, UNKNOWN)

    def name_at(self, ordinal: Ordinal) -> str | None:
        """Return the name of what is at an ordinal, `None` when nothing is.

        Args:
            ordinal: the ordinal.
        """
        return self._names.get(ordinal)
