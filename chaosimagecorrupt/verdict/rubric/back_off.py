"""The row `back-off-grows`: whether the pauses between the pulls of a corrupt image grow."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ...duration import duration_text
from ...timeline.timeline import Change
from ..model import Criterion, Evidence, Row
from ..observed import Observed
from ..pulls import pull_events

__all__ = ["Pull", "Pulls", "back_off_grows", "pulls_of"]

_BACK_OFF = Criterion("Expected", "back-off-grows", "The pauses between pulls grow")

# kubernetes/pkg/kubelet/kubelet.go: imageBackOffPeriod, MaxImageBackOff; near the maximum the pauses stop growing
_LONGEST_PAUSE = 300.0
_NEAR_LONGEST = 0.9 * _LONGEST_PAUSE
# two pauses, the second of which can be longer than the first
_FEWEST_PULLS = 3


class Pull(NamedTuple):
    """One attempt to pull a corrupt image.

    Attributes:
        number: which attempt of its pod it is, from 1 on.
        at: seconds after the timeline's beginning.
        time: when it was by the API server's clock, RFC 3339; None when that is not known.
        event: the change of the Event `Pulling` that reports it.
    """

    number: int
    at: float
    time: str | None
    event: Change


class Pulls(NamedTuple):
    """Consecutive pulls of one pod.

    Attributes:
        pulls: the pulls, none of them missing between the first and the last one.
    """

    pulls: Sequence[Pull]

    @property
    def pauses(self) -> list[int]:
        """The seconds between each pull and the next one; Events have whole seconds."""
        return [round(b.at - a.at) for a, b in pairwise(self.pulls)]

    @property
    def enough(self) -> bool:
        """Whether there are enough pulls to decide whether the pauses grow."""
        return len(self.pulls) >= _FEWEST_PULLS

    @property
    def grow(self) -> bool:
        """Whether each pause is longer than the one before, or near the longest that the kubelet makes."""
        return self.enough and all(b > a or b >= _NEAR_LONGEST for a, b in pairwise(self.pauses))


def back_off_grows(observed: Observed) -> Row:
    """Return the row `back-off-grows` of the section Expected."""
    if "Event" in observed.missing:
        return _BACK_OFF.not_observed(f"events could not be followed: {observed.missing['Event']}")
    found = pulls_of(observed)
    evidence = [_evidence(observed, pull) for pull in found.pulls]
    if not found.enough:
        seconds = duration_text(round(observed.fault_seconds))
        why = f"consecutive pulls within {seconds}: {len(found.pulls)}; growth shows from {_FEWEST_PULLS} on"
        return _BACK_OFF.not_observed(why, *evidence)
    why = f"pauses of {', '.join(map(str, found.pauses))} s between {len(found.pulls)} pulls"
    return _BACK_OFF.met(why, *evidence) if found.grow else _BACK_OFF.violated(f"{why} do not grow", *evidence)


def pulls_of(observed: Observed) -> Pulls:
    """Return the longest series of pulls of one pod without a missing one.

    One Event counts all pulls of a pod: each change of it has the number and the time of the last pull. The first one
    of them has the time of the first pull, too.
    """
    latest: dict[str, list[Pull]] = {}
    longest: list[Pull] = []
    for event in pull_events(observed, "Pulling"):
        number, series = event.state["count"], latest.get(event.name, [])
        pull = _pull(observed, event, number, event.state.get("last"))
        if series and number == series[-1].number:
            continue
        follows = series and number == series[-1].number + 1
        latest[event.name] = series = [*(series if follows else _first_of_two(observed, event)), pull]
        longest = max(longest, series, key=len)
    return Pulls(longest)


def _first_of_two(observed: Observed, event: Change) -> list[Pull]:
    """Return the first pull when only the second was observed: the Event has the times of both."""
    first = event.state.get("first")
    return [_pull(observed, event, 1, first)] if event.state["count"] == 2 and first is not None else []


def _pull(observed: Observed, event: Change, number: int, time: str | None) -> Pull:
    return Pull(number, observed.seconds_at(time, event.at), time, event)


def _evidence(observed: Observed, pull: Pull) -> Evidence:
    pod = f"Pod {pull.event.state['pod']}"
    return observed.evidence(pull.event, f"Pulling, number {pull.number}", pull.time, pod)
