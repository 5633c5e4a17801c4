"""The short-lived pod that shows whether an image can be pulled: what it is made of, and what its status says. Pure."""

from enum import StrEnum
from typing import NamedTuple

from ..duration import from_rfc3339
from ..errors import one_line
from ..kube.types import Deployment, Json, Object, Pod
from .kinds import kind_of
from .pull_failures import pull_failure

__all__ = ["PULL_CHECK", "PullOutcome", "PullState", "is_left_over", "pull_pod", "pull_state"]

PULL_CHECK = "chaos.operatorchaos.io/pull-check"
"""The only label of such a pod; its value is the Deployment's uid."""

# The pull is the proof, and not the start: no image has such a command, so nothing of the workload ever runs
_COMMAND = "/nonexistent/only-the-pull-counts"
# What decides on which nodes a pod may run, and by which credentials and which runtime its image is pulled. Affinity to
# pods is left out: it spreads the workload's pods, and would keep this one away from their nodes. So is the
# PriorityClass: this pod must not preempt another
_KEPT = ("imagePullSecrets", "serviceAccountName", "nodeName", "nodeSelector", "tolerations", "runtimeClassName")
# What Pod Security's level `restricted` asks for. An image that runs as root is refused by the kubelet for it, but only
# after the pull
_POD_SECURITY = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_CONTAINER_SECURITY = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
# Why a container waits once its image is there: kubernetes/pkg/kubelet/kuberuntime, kubernetes/pkg/kubelet/container
_AFTER_THE_PULL = frozenset(
    {
        "CreateContainerConfigError",
        "PreCreateHookError",
        "CreateContainerError",
        "PreStartHookError",
        "RunContainerError",
        "PostStartHookError",
        "CrashLoopBackOff",
    }
)
# characters of the Deployment's name in the pod's; the whole is the host name, so that it may have 63
_LONGEST_PREFIX = 40


class PullOutcome(StrEnum):
    """What the status of such a pod says of the pull."""

    PULLED = "pulled"
    FAILED = "failed"
    PULLING = "pulling"
    NOT_STARTED = "not started"
    ENDED = "ended"


class PullState(NamedTuple):
    """The state of a pull.

    Attributes:
        outcome: PULLED or FAILED decides; PULLING as long as the pull may be under way, NOT_STARTED before that; ENDED
            when the pod ended, or is being deleted, without an answer.
        text: the same in the words of the kubelet or the scheduler.
    """

    outcome: PullOutcome
    text: str


def pull_pod(
    deployment: Deployment, container: str, image: str, *, unique: str, deadline: int, resources: Json
) -> Object:
    """Return a pod that pulls an image as the pods of a Deployment do, and starts nothing.

    Args:
        deployment: the Deployment as it was read, or another workload; it owns the pod.
        container: the name of the container whose image it is.
        image: the image.
        unique: ends the pod's name: lower case letters and digits.
        deadline: seconds after which the kubelet ends the pod, whatever became of the process that made it.
        resources: requests and limits of its container, as few as its namespace demands.
    """
    metadata, template = deployment["metadata"], deployment["spec"]["template"]["spec"]
    kept = {key: value for key, value in template.items() if key in _KEPT and value}
    node_affinity = (template.get("affinity") or {}).get("nodeAffinity")
    if node_affinity:
        kept["affinity"] = {"nodeAffinity": node_affinity}
    owner = {
        "apiVersion": "apps/v1",
        "kind": kind_of(deployment).name,
        "name": metadata["name"],
        "uid": metadata["uid"],
    }
    return {
        "metadata": {
            "name": f"{metadata['name'][:_LONGEST_PREFIX].rstrip('-.')}-pull-check-{unique}",
            "labels": {PULL_CHECK: metadata["uid"]},
            "ownerReferences": [{**owner, "controller": False, "blockOwnerDeletion": False}],
        },
        "spec": {
            **kept,
            "restartPolicy": "Never",
            "activeDeadlineSeconds": deadline,
            "terminationGracePeriodSeconds": 1,  # with 0, the object would go before its sandbox
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": _POD_SECURITY,
            "containers": [
                {
                    "name": container,
                    "image": image,
                    "imagePullPolicy": "Always",
                    "command": [_COMMAND],
                    "securityContext": _CONTAINER_SECURITY,
                    "resources": dict(resources),
                }
            ],
        },
    }


def pull_state(pod: Pod, container: str) -> PullState:
    """Return what a pod's status says of the pull of a container's image.

    Args:
        pod: the pod, to which admission may have added other containers.
        container: the container's name.
    """
    failure = pull_failure(pod, {container: None})
    if failure is not None:
        return PullState(PullOutcome.FAILED, _text(failure.reason, failure.message))
    status = pod.get("status") or {}
    found = _status_of(status, container)
    waiting = (found.get("state") or {}).get("waiting") or {}
    # the runtime makes a container only of an image that is there
    if found.get("containerID") or waiting.get("reason") in _AFTER_THE_PULL:
        return PullState(PullOutcome.PULLED, "the image is pulled")
    return _ended(pod, status) or _before_the_answer(status, waiting)


def is_left_over(pod: Pod, made: Pod) -> bool:
    """Return whether a check that was killed left a pod behind: it has ended, or outlived its own deadline.

    A pod that no node took does not end by its deadline. Both times are the API server's.

    Args:
        pod: another check's pod.
        made: the pod that was made now.
    """
    if (pod.get("status") or {}).get("phase") in ("Failed", "Succeeded"):
        return True
    age = _created(made) - _created(pod)
    return age > (pod["spec"].get("activeDeadlineSeconds") or 0)


def _status_of(status: Json, container: str) -> Json:
    return next((s for s in status.get("containerStatuses") or [] if s["name"] == container), {})


def _ended(pod: Pod, status: Json) -> PullState | None:
    if status.get("phase") in ("Failed", "Succeeded"):
        return PullState(PullOutcome.ENDED, _text(status.get("reason") or "it ended", status.get("message")))
    if pod["metadata"].get("deletionTimestamp"):
        return PullState(PullOutcome.ENDED, "it was deleted")
    return None


def _before_the_answer(status: Json, waiting: Json) -> PullState:
    conditions = {c.get("type"): c for c in status.get("conditions") or []}
    scheduled = conditions.get("PodScheduled") or {}
    if scheduled.get("status") == "False":
        return PullState(PullOutcome.NOT_STARTED, _text(scheduled.get("reason"), scheduled.get("message")))
    text = _text(waiting.get("reason") or "the kubelet has not reported yet", waiting.get("message"))
    # kubernetes/pkg/kubelet/kuberuntime: SyncPod pulls once the sandbox and its network are there
    has_sandbox = (conditions.get("PodReadyToStartContainers") or {}).get("status") == "True"
    return PullState(PullOutcome.PULLING if has_sandbox else PullOutcome.NOT_STARTED, text)


def _created(pod: Pod) -> float:
    return from_rfc3339(pod["metadata"]["creationTimestamp"])


def _text(reason: object, message: object) -> str:
    return one_line(f"{reason or ''}: {message or ''}".strip(": "), 500)
