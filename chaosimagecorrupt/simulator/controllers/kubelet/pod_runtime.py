"""The sandbox and the containers of a Pod, as the container runtime knows them."""

import math
from dataclasses import dataclass, field

from ...types import Object

__all__ = ["Container", "PodRuntime", "is_sidecar", "ready_at"]


@dataclass
class Container:
    """One container that was started.

    Attributes:
        id: its id, with the runtime's scheme.
        started: when, in seconds since 1970.
        finished: when it ended, `None` while it runs.
        exit_code: what it ended with.
        reason: why it ended; empty for what its exit code says.
        message: the same in the runtime's words.
    """

    id: str
    started: float
    finished: float | None = None
    exit_code: int = 0
    reason: str = ""
    message: str = ""


@dataclass
class PodRuntime:
    """The sandbox and the containers of one Pod.

    Attributes:
        sandbox: whether its sandbox is there.
        ip: its address, once it is known.
        containers: by name, those that were started.
        reasons: by name, why others were not: reason and message.
        lost: names of containers that never started and now never will.
    """

    sandbox: bool = False
    ip: str | None = None
    containers: dict[str, Container] = field(default_factory=dict)
    reasons: dict[str, tuple[str, str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def runs(self, name: str) -> bool:
        """Return whether a container is running.

        Args:
            name: its name.
        """
        container = self.containers.get(name)
        return container is not None and container.finished is None

    def started_since(self, when: float) -> bool:
        """Return whether a container was started after some time.

        Args:
            when: seconds since 1970.
        """
        return any(container.started > when for container in self.containers.values())

    def ended(self, name: str) -> bool:
        """Return whether a container was started, or failed to start, and has ended.

        Args:
            name: its name.
        """
        container = self.containers.get(name)
        return container is not None and container.finished is not None

    def succeeded(self, name: str) -> bool:
        """Return whether a container has ended with exit code 0.

        Args:
            name: its name.
        """
        container = self.containers.get(name)
        return container is not None and self.ended(name) and not container.exit_code


def is_sidecar(container: Object) -> bool:
    """Return whether an init container stays running beside the others (restartPolicy Always).

    Args:
        container: its specification.
    """
    return bool(container.get("restartPolicy") == "Always")


def ready_at(container: Object, started: float) -> tuple[float, float]:
    """Return when a container counts as started and when as ready: probes succeed at their first attempt.

    Args:
        container: its specification.
        started: when it was started, in seconds since 1970.
    """
    up = started + _first_attempt(container.get("startupProbe"))
    return up, up + _first_attempt(container.get("readinessProbe"))


def _first_attempt(probe: Object | None) -> float:
    if not probe:
        return 0.0
    period = float(probe.get("periodSeconds", 10))
    delay = float(probe.get("initialDelaySeconds", 0))
    attempts = max(1, int(probe.get("successThreshold", 1))) - 1
    # the worker of a probe starts with the container and looks once per period whether the delay is over
    return math.ceil(delay / period) * period + attempts * period
