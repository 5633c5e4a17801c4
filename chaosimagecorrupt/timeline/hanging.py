"""Pulls that hang: a registry that accepts and never answers leaves no more than the Event `Pulling`. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..duration import duration_text
from .fields import images_in, waiting_in
from .states import State
from .timeline import Change

__all__ = ["HANGS_AFTER", "HangingPull", "hanging_pull"]

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
    pulls: dict[str, Change] = {}
    pods: dict[str, State] = {}
    for change in found:
        if change.at > end:
            break
        pod = change.name if change.kind == "Pod" else str(change.state.get("pod"))
        if change.kind == "Event" and change.state.get("reason") == "Pulling":
            pulls[pod] = change
        elif change.kind == "Event":
            pulls.pop(pod, None)
        elif change.kind == "Pod":
            hanging = _hanging(pod, pulls.get(pod), pods.get(pod), change.at)
            if hanging is not None and _is_over(change.state):
                return hanging
            pods[pod] = change.state
    hung = (_hanging(pod, pull, pods.get(pod), end) for pod, pull in pulls.items())
    return next((each for each in hung if each is not None), None)


def _hanging(pod: str, pull: Change | None, state: State | None, now: float) -> HangingPull | None:
    if pull is None or state is None or now - pull.at < HANGS_AFTER or _is_over(state):
        return None
    image = _PULLED_IMAGE.search(str(pull.state.get("message")))
    containers = [c for c, i in images_in(state).items() if image is not None and i == image[1]]
    waits = any(str(waiting_in(state, c)) in _NOT_CREATED for c in containers)
    return HangingPull(pod, pull, now - pull.at) if waits else None


def _is_over(state: State) -> bool:
    return bool(state.get("gone") or state.get("deleting"))
