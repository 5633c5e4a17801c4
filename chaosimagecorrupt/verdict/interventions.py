"""Interventions: what others did to the Deployment while the fault was in place, or before it recovered.

An intervention means that the run shows something else than the recovery from the fault: a third image, a Deployment
that was created again, one that was scaled to 0. An owner that put the original image back is none: that is a result.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from ..duration import duration_text
from ..errors import one_line
from ..kube.requests import FIELD_MANAGER
from ..timeline.fields import ImageWriter, image_in, images_in, last_writer_in, replicas_writer_in, writer_in
from ..timeline.states import MOST_IMAGE, State
from ..timeline.timeline import Change, changes
from .healing import healer_of
from .model import Evidence
from .observed import Observed
from .pulls import first_pull_failure, pull_events
from .recovery_time import recovery_seconds, recovery_text

__all__ = ["Intervention", "healing_text", "interventions_of", "left_stuck_text"]

# characters of a text that lists images
_MOST_TEXT = 400
_NAMED = 3  # pods that a text names


class Intervention(NamedTuple):
    """What someone did to the Deployment, so that the recovery from the fault cannot be judged.

    Attributes:
        at: seconds after the timeline's beginning.
        text: what, who and when, in one sentence.
        evidence: the observation.
    """

    at: float
    text: str
    evidence: Evidence


def interventions_of(observed: Observed) -> list[Intervention]:
    """Return the interventions between the corruption and the recovery, the first one first.

    For a Deployment that was created again, only that counts: other images and replicas are part of it.
    """
    during = _until_recovered(observed)
    recreated = _recreated(observed, during)
    if recreated is not None:
        return [recreated]
    found = (_scaled_to_zero(observed, during), _superseded(observed, during))
    return sorted((i for i in found if i is not None), key=lambda i: i.at)


def healing_text(observed: Observed) -> str | None:
    """Say which owner put the original image back, after how long, and whether a pull was tried before.

    Returns:
        None when this tool did, when it is not known who did, or when another image is there.
    """
    healer = healer_of(observed)
    if healer is None or healer.manager == FIELD_MANAGER or interventions_of(observed):
        return None
    tried = "after a pod had tried" if _pull_was_tried(observed) else "before a pod tried"
    seconds = f"{duration_text(observed.fault_seconds)} after the corruption"
    return f"{healer.manager} put the original image back {seconds}, {tried} to pull the corrupt one"


def left_stuck_text(observed: Observed) -> str | None:
    """Say that pods still had the corrupt image when an owner had put the original back, if none would replace them.

    A StatefulSet leaves such a pod as it is unless it is Parallel, and with OnDelete nothing replaces a pod: see
    `WorkloadKind.leaves_stuck_pods`. The guard and this run's restore delete them.

    Returns:
        None when this tool put the image back, when the controller replaces such pods, or when there were none.
    """
    healer, restored = healer_of(observed), observed.restored
    if healer is None or restored is None or healing_text(observed) is None or not _leaves_pods(observed, restored):
        return None
    left = _not_started_at(observed, restored)
    if not left:
        return None
    pods = f"pod{'s' if len(left) > 1 else ''} {', '.join(left[:_NAMED])}{' and others' if len(left) > _NAMED else ''}"
    return (
        f"{pods} still had the corrupt image then, and this tool deletes what a {observed.kind.name} does not replace "
        f"by itself: whether {healer.manager} would have is not known"
    )


def _leaves_pods(observed: Observed, restored: Change) -> bool:
    workload: Any = {"spec": {"updateStrategy": {"type": restored.state.get("strategy")}}}
    return observed.kind.leaves_stuck_pods(workload)


def _not_started_at(observed: Observed, restored: Change) -> list[str]:
    """Return the names of the pods with the corrupt image that were there at a moment, or came after it."""
    latest, later = dict[str, Change](), list[Change]()
    for change in changes(observed.timeline, "Pod"):
        if change.at <= restored.at:
            latest[change.name] = change
        else:
            later.append(change)
    return sorted({c.name for c in (*latest.values(), *later) if _never_started(observed, c.state)})


def _never_started(observed: Observed, pod: State) -> bool:
    over = pod.get("gone") or pod.get("deleting") or pod.get("ready")
    return not over and bool(observed.corrupt_containers(pod))


def _until_recovered(observed: Observed) -> list[Change]:
    """Return the Deployment's changes from the corruption to the recovery, or to the timeline's end."""
    if observed.corrupted is None:
        return []
    end = observed.recovered.at if observed.recovered is not None else observed.ended
    return [c for c in observed.since(observed.corrupted, observed.deployment) if c.at <= end]


def _recreated(observed: Observed, during: Sequence[Change]) -> Intervention | None:
    known, gone = _known_uids(observed), False
    for change in during:
        if change.state.get("gone"):
            gone = True
        elif gone or _is_another(change.state, known):
            what = f"deleted and created again{_by(last_writer_in(change.state))}, with {_images_text(change.state)}"
            return _intervention(observed, change, what)
    return None


def _known_uids(observed: Observed) -> set[str]:
    """Return the uids of the Deployment that the fault was put into."""
    seen = (observed.before, observed.corrupted)
    recorded = {e.uid for e in observed.facts.entries if e.uid}
    return recorded | {c.state["uid"] for c in seen if c is not None and "uid" in c.state}


def _is_another(state: State, known: Collection[str]) -> bool:
    """Return whether a state is of a Deployment of the same name that was created later."""
    return bool(known) and "uid" in state and state["uid"] not in known


def _scaled_to_zero(observed: Observed, during: Sequence[Change]) -> Intervention | None:
    change = next((c for c in during if c.state.get("replicas") == 0), None)
    before = observed.before or observed.corrupted
    if change is None or before is None or not before.state["replicas"]:
        return None
    writer = replicas_writer_in(change.state) or last_writer_in(change.state)
    consequence = "so no pod shows a recovery"
    if observed.recovered is not None:
        consequence = f"it was scaled up again, and recovered {recovery_text(observed)}"
    return _intervention(observed, change, f"scaled to 0 replicas{_by(writer)}", consequence)


def _superseded(observed: Observed, during: Sequence[Change]) -> Intervention | None:
    expected = {container: _expected_images(observed, container) for container in observed.images}
    for change in (c for c in during if not c.state.get("gone")):
        images = images_in(change.state)
        for container, known in expected.items():
            image = images.get(container)
            if image is None:
                who = _by(last_writer_in(change.state))
                left = _images_text(change.state)
                what = f"superseded: the container {container} was removed or renamed{who}, which leaves {left}"
                return _intervention(observed, change, what)
            if known and image not in known:
                who = _by(writer_in(change.state, container) or last_writer_in(change.state))
                return _intervention(observed, change, f"superseded: the image of {container} was set to {image}{who}")
    return None


def _intervention(observed: Observed, change: Change, what: str, consequence: str | None = None) -> Intervention:
    assert observed.corrupted is not None
    seconds = f"{duration_text(change.at - observed.corrupted.at)} after the corruption"
    text = f"{what}, {seconds}; {consequence or _outcome(observed)}"
    return Intervention(change.at, text, observed.evidence(change, one_line(what, _MOST_TEXT)))


def _outcome(observed: Observed) -> str:
    """Say what became of the rollout that followed an intervention."""
    if observed.recovered is None:
        return "that rollout was not observed to complete"
    seconds = recovery_seconds(observed)
    return "that rollout completed" + ("" if seconds is None else f" after {duration_text(seconds)}")


def _expected_images(observed: Observed, container: str) -> set[str]:
    """Return the corrupt images and the original ones of a container; empty when the original is not known."""
    entries = [e for e in observed.facts.entries if e.container == container]
    before = image_in(observed.before.state, container) if observed.before is not None else None
    originals = {one_line(e.original, MOST_IMAGE) for e in entries if e.original} | ({before} if before else set())
    corrupt = {one_line(e.image, MOST_IMAGE) for e in entries if e.image}
    return originals | corrupt if originals else set()


def _images_text(state: State) -> str:
    return one_line(", ".join(f"{container} {image}" for container, image in images_in(state).items()), _MOST_TEXT)


def _by(writer: ImageWriter | None) -> str:
    if writer is None:
        return " by a manager that is not known"
    return f" by {writer.manager}" + (f" at {writer.at}" if writer.at else "")


def _pull_was_tried(observed: Observed) -> bool:
    return first_pull_failure(observed) is not None or any(pull_events(observed, "Pulling"))
