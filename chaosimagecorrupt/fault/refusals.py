"""Refusals and warnings: why a Deployment must not be corrupted, or what to know before. Shared with the preflight."""

from ..errors import Refused, one_line
from ..kube.types import Deployment
from ..record.annotations import DEFAULT_IMAGE, LABEL, LABEL_VALUE, OPERATOR_CHAOS_CONTAINER
from ..record.entry import OPERATOR_CHAOS, Entry, is_by_operator_chaos
from ..record.snapshot import Snapshot
from ..restore.command import restore_command
from ..workload.containers import Located, container_of
from ..workload.kinds import called as describe
from ..workload.kinds import kind_of
from ..workload.made_up_images import is_made_up
from ..workload.rollout import NO_DEADLINE
from ..workload.rollout_text import rollout_text
from ..workload.stop_condition import why_stopped

__all__ = [
    "check_image",
    "deadline_for",
    "deadline_warnings",
    "refuse_image",
    "refuse_recorded",
    "refuse_stop_below",
    "refuse_stopped",
    "rollout_warnings",
    "target_container",
]


def target_container(deployment: Deployment, name: str | None) -> Located:
    """Find the container to corrupt.

    Args:
        deployment: the Deployment.
        name: a container or init container; None for the first container.

    Returns:
        The container, with the list that it is in.

    Raises:
        Refused: the Deployment has no container of that name.
    """
    pod = deployment["spec"]["template"]["spec"]
    if name is None:
        return Located("containers", pod["containers"][0])
    found = container_of(deployment, name)
    if found is None:
        there = ", ".join(c["name"] for c in pod["containers"])
        init = ", ".join(c["name"] for c in pod.get("initContainers") or [])
        raise Refused(
            f"{describe(deployment)} has no container '{one_line(name, 80)}'; it has {there}"
            + (f" and the init containers {init}" if init else "")
        )
    return found


def refuse_stop_below(deployment: Deployment, stop_below: str) -> None:
    """Refuse a Deployment whose stop condition is met before the fault.

    Raises:
        Refused: fewer pods are ready than it demands.
    """
    why = why_stopped(stop_below, deployment)
    if why:
        raise Refused(f"{describe(deployment)}: {why}, before anything is corrupted")


def refuse_recorded(snapshot: Snapshot, container: str) -> None:
    """Refuse a container that is corrupted already, and a Deployment with another fault of operator-chaos.

    Args:
        snapshot: the Deployment as it was read.
        container: the name of the container to corrupt.

    Raises:
        Refused: with since when it is corrupted, by whom, and what to do.
    """
    called, metadata = snapshot.name, snapshot.deployment["metadata"]
    entry = snapshot.record.get(container)
    if entry is not None:
        since = f" since {one_line(entry.at, 40)}, until {one_line(entry.expires, 40)}" if entry.at else ""
        original = f"'{one_line(entry.original)}' stays recorded" if entry.original else "is not recorded"
        raise Refused(
            f"{called}: container {container} is already corrupted{since}, by {_injector(entry)}; "
            f"its original image {original}; restore it first: {_restore(snapshot.deployment)}"
        )
    label = (metadata.get("labels") or {}).get(LABEL)
    if OPERATOR_CHAOS_CONTAINER in (metadata.get("annotations") or {}) or label not in (None, LABEL_VALUE):
        raise Refused(
            f"{called} already carries a fault of operator-chaos ({LABEL}: {one_line(label, 63)}); undo that one first"
        )


def _injector(entry: Entry) -> str:
    if is_by_operator_chaos(entry):
        return OPERATOR_CHAOS
    return f"injection {one_line(entry.id, 40)} by {one_line(entry.by, 80)}" if entry.id else "an unknown injection"


def refuse_stopped(deployment: Deployment, *, allow_on_delete: bool = False) -> None:
    """Refuse a workload of which no rollout can start: being deleted, paused, without pods, or without effect on them.

    Args:
        deployment: the Deployment, or another workload.
        allow_on_delete: whether it is meant that no pod is replaced until someone deletes it.

    Raises:
        Refused: with which of these it is, and what to do.
    """
    called, metadata = describe(deployment), deployment["metadata"]
    if metadata.get("deletionTimestamp"):
        raise Refused(f"{called} is being deleted since {metadata['deletionTimestamp']}; no rollout can start")
    why = kind_of(deployment).why_no_rollout(deployment, allow_on_delete=allow_on_delete)
    if why:
        raise Refused(f"{called} {why}")


def refuse_image(deployment: Deployment, container: str, original: str, image: str) -> None:
    """Refuse a corrupt image that would change nothing.

    Args:
        deployment: the Deployment.
        container: the container's name.
        original: its present image.
        image: the corrupt image.

    Raises:
        Refused: the container has this image already, or one that only a fault can have set, without a record.
    """
    called = describe(deployment)
    if is_made_up(original):
        raise Refused(
            f"{called}: container {container} has the corrupt image '{one_line(original)}' already, but no record; "
            f"restore the original one from the rollout history: {_restore(deployment)}"
        )
    if original == image:
        raise Refused(f"{called}: the image of container {container} is '{one_line(image)}' already; name another one")


def deadline_for(deployment: Deployment, wanted: int | None) -> tuple[int | None, list[str]]:
    """Decide what progressDeadlineSeconds is while the fault is in place.

    Args:
        deployment: the Deployment.
        wanted: what the user asks for, in seconds; None leaves it unchanged.

    Returns:
        The seconds, or None when the present ones stay; and warnings.

    Raises:
        Refused: it is not a whole number above 0, or not longer than minReadySeconds, which the API server refuses
            (kubernetes/pkg/apis/apps/validation: ValidateDeploymentSpec).
    """
    if wanted is None:
        return None, []
    kind = kind_of(deployment)
    if not kind.has_progress_deadline:
        raise Refused(f"progress_deadline: a {kind.name} has none; leave the argument out")
    spec = deployment["spec"]
    present, min_ready = spec.get("progressDeadlineSeconds", NO_DEADLINE), spec.get("minReadySeconds", 0)
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 1:
        raise Refused(f"progress_deadline: {one_line(repr(wanted), 80)} is not a number of whole seconds above 0")
    if wanted <= min_ready:
        raise Refused(
            f"progress_deadline: {wanted} s must be longer than minReadySeconds of "
            f"{describe(deployment)}, {min_ready} s"
        )
    if wanted >= present:
        return None, [f"progress_deadline of {wanted} s is not shorter than the present {present} s, which stays"]
    return wanted, []


def deadline_warnings(deployment: Deployment, ttl: float, deadline: int | None) -> list[str]:
    """Warn when a stuck rollout would not be reported within the fault.

    Args:
        deployment: the Deployment.
        ttl: seconds until the guard undoes the fault.
        deadline: progressDeadlineSeconds while the fault is in place; None: the present ones.
    """
    kind = kind_of(deployment)
    if not kind.has_progress_deadline:
        return [f"a {kind.name} has no progress deadline, so Kubernetes never reports that its rollout is stuck"]
    seconds = deadline or deployment["spec"].get("progressDeadlineSeconds", NO_DEADLINE)
    if seconds >= NO_DEADLINE:
        return ["no progress deadline is set, so the rollout never reports ProgressDeadlineExceeded"]
    if ttl <= seconds:
        return [
            f"ttl of {ttl:g} s is not longer than the progress deadline of {seconds} s, so ProgressDeadlineExceeded "
            "is not reached; see progress_deadline"
        ]
    return []


def rollout_warnings(deployment: Deployment) -> list[str]:
    """Warn when a rollout is in progress."""
    if kind_of(deployment).rollout_complete(deployment):
        return []
    return [f"a rollout is in progress already ({rollout_text(deployment)})"]


def _restore(deployment: Deployment) -> str:
    metadata = deployment["metadata"]
    return restore_command(metadata["namespace"], metadata["name"], kind_of(deployment))


def check_image(image: object) -> str:
    """Refuse an image that could not have the effect of this fault.

    Args:
        image: the corrupt image.

    Returns:
        The same image.

    Raises:
        Refused: it is empty, which the API server refuses; or it has white space at either end: then no pod can be
            created, so nothing is pulled.
    """
    if not isinstance(image, str) or not image:
        raise Refused(f"image: a reference is needed, such as {DEFAULT_IMAGE}; found {one_line(repr(image), 80)}")
    if image != image.strip():
        raise Refused(
            f"image: '{one_line(image)}' has white space at one end; then no pod can be created (ReplicaFailure) and "
            "nothing is ever pulled; remove it"
        )
    return image
