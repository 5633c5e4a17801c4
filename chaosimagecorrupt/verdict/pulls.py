"""What a recovery has shown of the original image: pods need not start for it."""

from ..timeline.states import State
from ..timeline.timeline import Change, changes
from .observed import SKEW, Observed

__all__ = ["exercised"]


def exercised(seen: Observed) -> str:
    """Say whether pods started with the original image after the restore, and whether it was pulled."""
    started = _started(seen)
    if started is None:
        return "whether a pod had to start is not known"
    if not started:
        return "no pod had to start; the original image's pull was not exercised"
    events = changes(seen.timeline, "Event")
    pulled = any(_pulls(seen, started.get(e.state["pod"], {}), e.state) for e in events)
    pull = "its pull was seen" if pulled else "no pull was seen, as of an image that a node has already"
    return f"pods that started with the original image: {len(started)}; {pull}"


def _started(seen: Observed) -> dict[str, State] | None:
    """Return the pods, by name, that were made after the restore and before the recovery; None when not known."""
    if seen.restored is None or seen.recovered is None or "Pod" in seen.missing:
        return None
    begun, ended = seen.restored.at - SKEW, seen.recovered.at + SKEW
    first: dict[str, Change] = {}
    for pod in changes(seen.timeline, "Pod"):
        first.setdefault(pod.name, pod)
    found = {p.name: p.state for p in first.values() if begun < p.at < ended and not p.state.get("gone")}
    started = {name: pod for name, pod in found.items() if not seen.corrupt_containers(pod)}
    lost = any((kind, how) == ("Pod", "lost") and a < ended and b > begun for a, b, kind, how in seen.timeline["gaps"])
    return None if lost and not started else started


def _pulls(seen: Observed, pod: State, event: State) -> bool:
    images = [pod[f"image:{e.container}"] for e in seen.facts.entries if f"image:{e.container}" in pod]
    about = any(f'image "{image}"' in event.get("message", "") for image in images)
    return event.get("reason") == "Pulling" and about
