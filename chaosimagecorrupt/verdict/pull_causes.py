"""Which cause the kubelet reported for the corrupt image, and whether it was the intended one."""

from ..record.entry import Entry
from ..timeline.fields import cause_in
from ..timeline.states import State
from ..timeline.timeline import Change, changes
from ..workload.pull_causes import INTENDED, PullCause, cause_text, is_failed_pull
from .observed import SKEW, Observed

__all__ = ["reported_cause", "unintended_causes"]


def reported_cause(observed: Observed, container: str) -> str:
    """Return why the corrupt image of a container could not be pulled.

    Args:
        observed: what the timeline shows.
        container: one of the corrupted containers.

    Returns:
        As `cause_text` does; empty when that was not observed. The first cause that is known counts: an attempt can
        also fail for a reason of the node's own.
    """
    found = [*_by_pods(observed, container), *_by_events(observed, container)]
    known = (text for text in found if not text.startswith(PullCause.UNKNOWN))
    return next(known, found[0] if found else "")


def unintended_causes(observed: Observed) -> list[str]:
    """Say for which containers the kubelet reported another cause than the intended one, one sentence each."""
    found = []
    for entry in observed.facts.entries:
        text = reported_cause(observed, entry.container)
        if _differs(entry, text):
            intended = INTENDED[entry.intended]
            found.append(
                f"the image of {entry.container} could not be pulled for another cause: {text}, not {intended}"
            )
    return found


def _differs(entry: Entry, text: str) -> bool:
    """Return whether another cause is known to be reported; an unknown message may mean the intended one."""
    if not text or entry.intended not in INTENDED:
        return False
    return not text.startswith(PullCause.UNKNOWN) and text != INTENDED[entry.intended]


def _by_pods(observed: Observed, container: str) -> list[str]:
    pods = (p.state for p in _in_fault(observed, "Pod"))
    failing = (state for state in pods if _is_corrupt(observed, state, container))
    return [text for text in (cause_in(state, container) for state in failing) if text]


def _by_events(observed: Observed, container: str) -> list[str]:
    """Return what the kubelet's Events say, which are there without the right to read pods too."""
    messages = (e.state.get("message", "") for e in _in_fault(observed, "Event") if e.state.get("reason") == "Failed")
    about = f'image "{observed.images.get(container)}"'
    return [cause_text(message) for message in messages if is_failed_pull(message) and about in message]


def _is_corrupt(observed: Observed, pod: State, container: str) -> bool:
    return not pod.get("deleting") and container in observed.corrupt_containers(pod)


def _in_fault(observed: Observed, kind: str) -> list[Change]:
    if observed.corrupted is None:
        return []
    begin = observed.corrupted.at - SKEW
    return [c for c in changes(observed.timeline, kind) if c.at > begin]
