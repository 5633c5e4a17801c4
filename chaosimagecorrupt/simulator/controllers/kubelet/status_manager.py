"""Writes a Pod's status to the API (kubernetes/pkg/kubelet/status: status_manager.go)."""

from functools import partial

from ...clock import Clock, Timer
from ...types import Object
from ..client import Client
from ..randomness import Randomness

__all__ = ["STATUS", "StatusManager"]

# Seconds from a new status to its write
STATUS = (0.004, 0.012)


class StatusManager:
    """Writes the status of one Pod; of several in a row only the last one.

    Args:
        client: sends the writes.
        clock: the time, and callbacks at a later time.
        randomness: how long writing takes.
        pod: the Pod.
    """

    def __init__(self, client: Client, clock: Clock, randomness: Randomness, pod: Object) -> None:
        self._client = client
        self._clock = clock
        self._randomness = randomness
        self._pod = pod
        self._timer: Timer | None = None
        self._waiting: Object | None = None
        # The newest status, written or not
        self.last: Object = pod["status"]

    def post(self, status: Object) -> None:
        """Have a status written soon.

        Args:
            status: the status.
        """
        self._waiting = self.last = status
        if self._timer is None:
            self._timer = self._clock.call_at(self._clock.now() + self._randomness.between(*STATUS), self.flush)

    def stop(self) -> None:
        """Stop writing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def flush(self) -> None:
        """Write what waits at once, unless the Pod is gone."""
        self.stop()
        status, self._waiting = self._waiting, None
        metadata = self._pod["metadata"]
        stored = self._client.store.get("pods", metadata["namespace"], metadata["name"])
        if status is not None and stored is not None and stored["metadata"]["uid"] == metadata["uid"]:
            change = partial(_with_status, status=status)
            self._client.patch_status("pods", metadata["namespace"], metadata["name"], change)


def _with_status(pod: Object, status: Object) -> Object:
    """Return the Pod with a status, keeping conditions that others set, such as readiness gates."""
    ours = {condition["type"] for condition in status["conditions"]}
    others = [each for each in pod["status"].get("conditions", ()) if each["type"] not in ours]
    return {**pod, "status": {**status, "conditions": [*status["conditions"], *others]}}
