"""What differs between two runs of the same cluster: latencies, phases of periodic work, names."""

import random

from ..store import NAME_CHARACTERS
from ..types import Object

__all__ = ["RESYNC", "START", "Randomness"]

# Seconds from sending a write to its effect, as measured on the recorded cluster; some take longer
REQUEST = (0.003, 0.009)

SLOW_REQUEST = (0.009, 0.03)
SLOW_SHARE = 0.2

# Seconds from a change until a watch delivers it
LAG = (0.0005, 0.003)

# Seconds until the kubelet syncs a pod again whose sync failed (kubelet: backOffPeriod and its jitter)
RESYNC = (10.0, 15.0)


# Seconds from a container being created to its being started
START = (0.05, 0.13)


class Randomness:
    """Draws everything that is random; the same seed gives the same run.

    Args:
        seed: what the draws follow from; `None` for a different run each time.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)

    def reseed(self, seed: int) -> None:
        """Draw differently from now on.

        Args:
            seed: what the draws follow from.
        """
        self._random.seed(seed)

    def between(self, low: float, high: float) -> float:
        """Return a number between two others.

        Args:
            low: least.
            high: greatest.
        """
        return low + (high - low) * self._random.random()

    def request(self) -> float:
        """Return how many seconds a write takes."""
        return self.between(*(SLOW_REQUEST if self._random.random() < SLOW_SHARE else REQUEST))

    def lag(self) -> float:
        """Return after how many seconds a watch delivers a change."""
        return self.between(*LAG)

    def phase(self, work: str) -> float:
        """Return when periodic work that is done once a second is done, as a fraction of the second.

        Args:
            work: `relist`: the kubelet lists the containers of the runtime; `resync`: it syncs the pods that are due.
        """
        del work
        return self.between(0, 1)

    def resync(self, pod: Object, now: float) -> float:
        """Return in how many seconds the kubelet syncs a pod again whose sync failed.

        Args:
            pod: the pod.
            now: seconds since 1970.
        """
        del pod, now
        return self.between(*RESYNC)

    def start(self, pod: Object, container: str, now: float) -> float:
        """Return how many seconds pass from a container being created to its being started.

        Args:
            pod: the pod.
            container: the container's name.
            now: seconds since 1970.
        """
        del pod, container, now
        return self.between(*START)

    def rank(self, pod: Object) -> str:
        """Return what decides between pods that are equally good to delete: their random uid.

        Args:
            pod: the pod.
        """
        return str(pod["metadata"]["uid"])

    def suffix(self) -> str:
        """Return what the name of a new pod ends in."""
        return "".join(self._random.choices(NAME_CHARACTERS, k=5))
