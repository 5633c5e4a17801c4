"""Pulls that hang: a registry that accepts and never answers leaves no more than the Event `Pulling`. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..duration import duration_text
from .fields import images_in, waiting_in
from .states import State
from .timeline import Change

__all__ = ["HANGS_AFTER", "HangingPull", "hanging_pull", "pod_of"]

# seconds without any answer; a name that does not resolve, or an image that is not found, shows within one
HANGS_AFTER = 30.0

# why a container waits that is not created yet: kubernetes/pkg/kubelet/kubelet_pods.go
_NOT_CREATED = frozenset({"ContainerCreating", "PodInitializing"})
_PULLED_IMAGE = re.compile(r'image "([^"]*)"')


class HangingPull(NamedTuple):
    """A pull without an answer; the kubelet reports the same of one that waits for such a pull.

    Attributes:
        pod: its name.
        event: the change of the Event `Pulling`.
        seconds: for how long there was no answer.
    """

    pod: str
    event: Change
    seconds: float

    @property
    def words(self) -> str:
        """What is known of it, for people."""
        return (
            f"nothing has come of its pull for {duration_text(round(self.seconds))}: it hangs, or waits for one that "
            "does, since a pull that hangs blocks every other pull of its node"
        )

    def __str__(self) -> str:
        return f"Pod {self.pod}: {self.words}"


def hanging_pull(found: Iterable[Change], end: float) -> HangingPull | None:
    """Return the first pull that hangs.

    Args:
        found: changes of pods and of their Events, in order.
        end: seconds on the same clock, at which pulls are still under way.

    Returns:
        None when none hangs, or when that is not known: without the pods, nothing shows that a pull succeeded.
    """
    pulls = _Pulls()
    for change in found:
        if change.at > end:
            break
        hung = pulls.until_its_end(change)
        if hung is not None:
            return hung
        pulls.take(change)
    return pulls.hanging(end)


def pod_of(change: Change) -> str | None:
    """Return the pod that a change is of, or that an Event is about; None for any other object."""
    if change.kind == "Pod":
        return change.name
    return str(change.state["pod"]) if change.kind == "Event" and "pod" in change.state else None


class _Pulls:
    """The pulls without an answer, and the pods."""

    def __init__(self) -> None:
        self._pulls: dict[str, Change] = {}
        self._pods: dict[str, State] = {}

    def take(self, change: Change) -> None:
        pod = pod_of(change)
        if pod is None:
            return
        if change.kind == "Pod":
            self._pods[pod] = change.state
        elif change.state.get("reason") == "Pulling":
            self._pulls[pod] = change
        else:
            self._pulls.pop(pod, None)

    def until_its_end(self, change: Change) -> HangingPull | None:
        """Return the pull of a pod that hung until the pod was deleted."""
        return self._hanging(change.name, change.at) if change.kind == "Pod" and _is_over(change.state) else None

    def hanging(self, now: float) -> HangingPull | None:
        return next((hung for pod in self._pulls if (hung := self._hanging(pod, now)) is not None), None)

    def _hanging(self, pod: str, now: float) -> HangingPull | None:
        pull, state = self._pulls.get(pod), self._pods.get(pod)
        if pull is None or state is None or now - pull.at < HANGS_AFTER or _is_over(state):
            return None
        image = _PULLED_IMAGE.search(str(pull.state.get("message")))
        containers = [c for c, i in images_in(state).items() if image is not None and i == image[1]]
        waits = any(str(waiting_in(state, c)) in _NOT_CREATED for c in containers)
        return HangingPull(pod, pull, now - pull.at) if waits else None


def _is_over(state: State) -> bool:
    return bool(state.get("gone") or state.get("deleting"))
