"""Whether a pod cannot pull an image, and why."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..kube.types import Json, Pod
from .containers import pod_containers
from .pull_causes import PullCause, cause_text, pull_cause

__all__ = ["PULL_FAILURES", "PullFailure", "about_pulling", "never_started", "pull_failure", "unschedulable"]

# Why a container waits because of its image: kubernetes/pkg/kubelet/images/types.go. ErrImagePull and
# ImagePullBackOff take turns; the others are final or follow the same two.
PULL_FAILURES = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "ImageInspectError",
        "RegistryUnavailable",
        "SignatureValidationFailed",
    }
)

_STATUS_FIELDS = ("initContainerStatuses", "containerStatuses")


class PullFailure(NamedTuple):
    """A container that waits because its image cannot be pulled."""

    container: str
    reason: str
    message: str

    @property
    def cause_text(self) -> str:
        """Why it cannot be pulled, see `pull_causes.cause_text`."""
        return cause_text(self.message, self.reason)


def pull_failure(
    pod: Pod, images: Mapping[str, str | None] | None = None, cause: PullCause | None = None
) -> PullFailure | None:
    """Return why a pod cannot pull an image.

    Args:
        pod: the pod.
        images: the containers that are meant, init containers included, and the image that one must have in the pod,
            None for any: admission may give a pod another image than its template has. None for any container.
        cause: the only cause that counts; None for any, also one that is not said.

    Returns:
        The first container that waits for such a reason, None when there is none or the pod is being deleted.
    """
    if pod["metadata"].get("deletionTimestamp"):
        return None
    pod_images = {c["name"]: c["image"] for _, c in pod_containers(pod["spec"])}
    for failure in _failures(pod):
        name = failure.container
        asked_for = images is None or (name in images and images[name] in (None, pod_images.get(name)))
        if asked_for and cause in (None, pull_cause(failure.message, failure.reason)):
            return failure
    return None


def never_started(pod: Pod) -> bool:
    """Return whether a container of a pod has never started, so that the pod was never ready.

    A pod is Pending as long as that is so: kubernetes/pkg/kubelet: getPhase.
    """
    return (pod.get("status") or {}).get("phase") == "Pending"


def unschedulable(pod: Pod) -> bool:
    """Return whether the scheduler finds no node for a pod."""
    conditions = (pod.get("status") or {}).get("conditions") or []
    return any(c.get("type") == "PodScheduled" and c.get("status") == "False" for c in conditions)


def _failures(pod: Pod) -> Iterator[PullFailure]:
    for status in _container_statuses(pod):
        waiting = (status.get("state") or {}).get("waiting") or {}
        if waiting.get("reason") in PULL_FAILURES:
            yield PullFailure(status["name"], waiting["reason"], waiting.get("message", ""))


def _container_statuses(pod: Pod) -> Iterator[Json]:
    status = pod.get("status") or {}
    for field in _STATUS_FIELDS:
        yield from status.get(field) or []


def about_pulling(pod: Pod) -> dict[str, Any]:
    """Return what `pull_failure` looks at: a small part of a pod, of which there may be thousands."""
    spec, status, metadata = pod["spec"], pod.get("status") or {}, pod["metadata"]
    return {
        "metadata": {k: metadata[k] for k in ("name", "namespace", "deletionTimestamp") if k in metadata},
        "spec": {"containers": [{k: c[k] for k in ("name", "image")} for _, c in pod_containers(spec)]},
        "status": {f: status.get(f) or [] for f in _STATUS_FIELDS},
    }
