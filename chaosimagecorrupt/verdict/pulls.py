"""What pods and Events show of pulls: that the corrupt image failed, and that the original one was pulled again."""

from collections.abc import Iterator
from typing import NamedTuple

from ..duration import from_rfc3339, rfc3339
from ..timeline.fields import image_in, waiting_in
from ..timeline.states import State
from ..timeline.timeline import Change, changes
from .model import Evidence
from .observed import SKEW, Observed

__all__ = ["PullProof", "first_pull_failure", "original_image_text", "original_pull", "pull_events"]


class PullProof(NamedTuple):
    """The proof that the corrupt image cannot be pulled.

    Attributes:
        at: seconds after the timeline's beginning.
        evidence: the observation.
    """

    at: float
    evidence: Evidence


def first_pull_failure(observed: Observed) -> PullProof | None:
    """Return the first proof that the corrupt image cannot be pulled: by a pod, an Event, or else by a probe."""
    if observed.corrupted is None:
        return None
    begin = observed.corrupted.at - SKEW
    return _failing_pod(observed, begin) or _failed_event(observed, begin) or _failing_by_probe(observed)


def pull_events(observed: Observed, reason: str) -> Iterator[Change]:
    """Return the Events with this reason that are about a corrupt image.

    Args:
        observed: the timeline.
        reason: of the kubelet's Event, such as `Pulling` or `Failed`.
    """
    images = _images_by_pod(observed)
    for event in changes(observed.timeline, "Event"):
        if event.state.get("reason") != reason:
            continue
        of_pod = images.get(event.state["pod"], set()) if images else observed.images.values()
        if any(_names_image(event.state, image) for image in of_pod):
            yield event


def original_image_text(observed: Observed) -> str:
    """Say whether pods started with the original image after the restore, and whether it was pulled."""
    started = _started_pods(observed)
    if started is None:
        return "it is not known whether a pod had to start"
    if not started:
        return "no pod had to start, so nothing shows that the original image can be pulled"
    events = changes(observed.timeline, "Event")
    pulled = any(_pulls_original(observed, started.get(e.state.get("pod", ""), {}), e.state) for e in events)
    pull = "a pull of it was observed" if pulled else "no pull of it was observed, as when a node has the image already"
    return f"pods that started with the original image: {len(started)}; {pull}"


def original_pull(observed: Observed) -> Evidence | None:
    """Return the first pull of the original image that a pod made after the restore and then became ready.

    Only `Pulling` shows a pull: the Event `Pulled` is also that of an image which is already present on the machine.

    Returns:
        None when no such pull was observed, or another image than the original followed on the corrupt one.
    """
    started = _started_pods(observed) or {}
    ready = {p.name for p in changes(observed.timeline, "Pod") if p.state.get("ready")}
    for event in changes(observed.timeline, "Event"):
        pod = event.state.get("pod", "")
        # of many pods only the Pending ones are followed, and all of them are ready once the rollout is complete
        succeeded = pod in ready or "Pod" in observed.timeline["limited"]
        if succeeded and _has_original(observed) and _pulls_original(observed, started.get(pod, {}), event.state):
            return observed.evidence(event, event.state["message"], event.state.get("first"), f"Pod {pod}")
    return None


def _has_original(observed: Observed) -> bool:
    """Return whether the Deployment got the original images back, and no others."""
    state = observed.restored.state if observed.restored is not None else State()
    return all(image_in(state, e.container) == e.original for e in observed.facts.entries)


def _failing_pod(observed: Observed, begin: float) -> PullProof | None:
    for pod in changes(observed.timeline, "Pod"):
        container = observed.failing_container(pod.state)
        if container is not None and pod.at > begin:
            reason = waiting_in(pod.state, container)
            return PullProof(pod.at, observed.evidence(pod, f"{container} waits: {reason}"))
    return None


def _failed_event(observed: Observed, begin: float) -> PullProof | None:
    for event in pull_events(observed, "Failed"):
        if event.at > begin:
            state, pod = event.state, f"Pod {event.state['pod']}"
            return PullProof(event.at, observed.evidence(event, state["message"], state.get("last"), pod))
    return None


def _failing_by_probe(observed: Observed) -> PullProof | None:
    at = observed.facts.pull_failed_at
    if at is None:
        return None
    what = "a probe observed a pod that cannot pull the image"
    evidence = Evidence(f"{observed.kind.name} {observed.facts.name}", what, rfc3339(at))
    return PullProof(at - from_rfc3339(observed.timeline["started"]), evidence)


def _images_by_pod(observed: Observed) -> dict[str, set[str]]:
    """Return the images of the corrupt containers of each pod, which admission may have changed."""
    images: dict[str, set[str]] = {}
    for pod in changes(observed.timeline, "Pod"):
        for container in observed.corrupt_containers(pod.state):
            images.setdefault(pod.name, set()).add(image_in(pod.state, container) or "")
    return images


def _started_pods(observed: Observed) -> dict[str, State] | None:
    """Return the pods, by name, that were created between the restore and the recovery; None when not known."""
    if observed.corrupted is None or observed.restored is None or observed.recovered is None:
        return None
    if "Pod" in observed.missing:
        return None
    # A pod's first change may arrive shortly before that of the restore; pods from before the corruption do not count
    begin, end = max(observed.restored.at - SKEW, observed.corrupted.at), observed.recovered.at + SKEW
    created = _created_pods(observed, begin, end)
    started = {p.name: p.state for p in created if not observed.corrupt_containers(p.state)}
    return started if started or not _pods_lost(observed, begin, end) else None


def _created_pods(observed: Observed, begin: float, end: float) -> list[Change]:
    """Return the first changes of the pods that were created between two times.

    A StatefulSet gives a pod the name of the one that it replaces.
    """
    created, there = list[Change](), set[str]()
    for pod in changes(observed.timeline, "Pod"):
        if pod.state.get("gone"):
            there.discard(pod.name)
        elif pod.name not in there:
            there.add(pod.name)
            created.append(pod)
    return [p for p in created if begin < p.at < end]


def _pods_lost(observed: Observed, begin: float, end: float) -> bool:
    """Return whether changes of pods may be lost between two times."""
    gaps = [(since, until) for since, until, kind, how in observed.timeline["gaps"] if (kind, how) == ("Pod", "lost")]
    return any(since < end and until > begin for since, until in gaps)


def _pulls_original(observed: Observed, pod: State, event: State) -> bool:
    images = [image_in(pod, e.container) for e in observed.facts.entries]
    return event.get("reason") == "Pulling" and any(_names_image(event, image) for image in images if image)


def _names_image(event: State, image: str) -> bool:
    return f'image "{image}"' in event.get("message", "")
