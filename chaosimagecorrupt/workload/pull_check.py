"""Shows on the cluster whether an image can be pulled: makes a pod of its own, follows it, and deletes it."""

import math
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple, cast

from logzero import logger

from ..duration import duration_text
from ..errors import ClusterError, Conflict, Forbidden, ImageCorruptError, NotFound, Refused, one_line
from ..kube.labels import selects
from ..kube.requests import create_request, delete_by_name_request, list_request
from ..kube.resources import LIMIT_RANGES, PODS, QUOTAS, Resource
from ..kube.types import Deployment, Object, Pod
from ..kube.waiting import Seen, WatchSet, poll
from .pull_pod import PULL_CHECK, PullOutcome, PullState, is_left_over, pull_pod, pull_state
from .pull_resources import smallest_resources
from .target import Target

__all__ = ["PullAnswer", "check_pull"]

# seconds that the pod's own deadline is longer than the wait: it counts only when this process was killed
_SLACK = 30


class PullAnswer(NamedTuple):
    """Whether an image can be pulled.

    Attributes:
        pullable: whether it can.
        text: what shows that, in one line.
    """

    pullable: bool
    text: str


def check_pull(target: Target, deployment: Deployment, container: str, image: str, seconds: float) -> PullAnswer:
    """Have a pod of its own pull an image, on a node on which the Deployment's pods may run.

    The pod is deleted whatever happens. If this process is killed, the kubelet ends the pod by its deadline, the API
    server deletes it with the Deployment, and the next check deletes it as well.

    Args:
        target: the Deployment.
        deployment: the Deployment as it was read.
        container: the name of the container whose image it is.
        image: the image.
        seconds: how long to wait for an answer; more than 0.

    Returns:
        The answer. A pull that failed once is an answer too, and one that takes longer than the wait.

    Raises:
        Refused: the Deployment's selector would match the pod.
        ClusterError: the pod is refused, for example by a quota, a policy or the role.
        ImageCorruptError: no node took the pod, or it ended or was deleted before it could pull.
    """
    wanted = pull_pod(
        deployment,
        container,
        image,
        unique=uuid.uuid4().hex[:8],
        deadline=math.ceil(seconds) + _SLACK,
        resources=_smallest_resources(target),
    )
    if selects(deployment["spec"]["selector"], wanted["metadata"]["labels"]):
        raise Refused(f"{target}: its selector matches any pod, so that its ReplicaSets would adopt the check's pod")
    with _created(target, wanted) as made, closing(WatchSet(target.cluster)) as watch_set:
        changed = made["spec"]["containers"]
        if any(c["name"] == container and c.get("imagePullPolicy") != "Always" for c in changed):
            raise ImageCorruptError(
                f"{target}: admission changed imagePullPolicy of the check's pod, so that an image on the node is used"
            )
        subject = _PullSubject(target, watch_set, made, container)
        return _answer(target, watch_set, subject, image, seconds)


def _answer(target: Target, watch_set: WatchSet, subject: "_PullSubject", image: str, seconds: float) -> PullAnswer:
    called, last = f"{target}: the pull of '{one_line(image)}'", PullState(PullOutcome.NOT_STARTED, "")
    with closing(poll(watch_set, subject, called, seconds, "the answer")) as states:
        for last in states:
            if last.outcome in (PullOutcome.PULLED, PullOutcome.FAILED):
                return PullAnswer(last.outcome is PullOutcome.PULLED, last.text)
            if last.outcome is PullOutcome.ENDED:
                break
    if last.outcome is PullOutcome.PULLING:
        return PullAnswer(False, f"not pulled within {duration_text(seconds)}: {last.text}")
    raise ImageCorruptError(f"{called} was not tried by Pod {subject.name}: {last.text}")


class _PullSubject:
    """The pod, as its status says."""

    def __init__(self, target: Target, watch_set: WatchSet, made: Pod, container: str) -> None:
        self.name, self._container = made["metadata"]["name"], container
        self._namespace = target.namespace
        query = {"labelSelector": f"{PULL_CHECK}={made['metadata']['labels'][PULL_CHECK]}"}  # type: ignore[index]
        self._pods = watch_set.add(PODS, target.namespace, query)
        for pod in list(self._pods.objects.values()):
            if pod["metadata"]["name"] != self.name and is_left_over(pod, made):
                _delete(target, pod["metadata"]["name"], pod["metadata"]["uid"])

    def look(self) -> Seen[PullState]:
        """Return the state of the pull."""
        pod = self._pods.objects.get(f"{self._namespace}/{self.name}")
        gone = PullState(PullOutcome.ENDED, "it was deleted")
        state = gone if pod is None else pull_state(pod, self._container)
        return Seen(state, state.text)

    def no_answer(self, waited: float) -> ImageCorruptError:
        """Return the error for a wait without a state, which does not happen: there always is one."""
        return ImageCorruptError(f"Pod {self.name} was not observed within {duration_text(waited)}")


@contextmanager
def _created(target: Target, wanted: Object) -> Iterator[Pod]:
    """Create a pod, and delete it in the end. Its name is known before, so that a lost answer does not lose the pod."""
    name, uid, maybe_there = wanted["metadata"]["name"], None, True
    try:
        try:
            made = _create(target, wanted)
        except ClusterError as x:
            maybe_there = x.maybe_acted
            raise
        uid = made["metadata"]["uid"]
        yield made
    finally:
        if maybe_there:
            _delete(target, name, uid)


def _create(target: Target, wanted: Object) -> Pod:
    try:
        return cast(Pod, target.cluster.send(create_request(PODS, wanted, target.namespace)))
    except Conflict:
        # an earlier attempt, whose answer was lost, may have created it
        found = _list(target, PODS, {"fieldSelector": f"metadata.name={wanted['metadata']['name']}"})
        if not found:
            raise
        return cast(Pod, found[0])


def _delete(target: Target, name: str, uid: str | None) -> None:
    """Delete a pod of a check; that it cannot be deleted is a warning, since its deadline ends it."""
    try:
        target.cluster.send(delete_by_name_request(PODS, target.namespace, name, uid))
    except NotFound:
        pass
    except ImageCorruptError as x:
        again = f"kubectl delete pod {name} -n {target.namespace}"
        logger.warning(f"{target}: Pod {name}, which checked a pull, is not deleted: {one_line(x, 500)}; {again}")


def _smallest_resources(target: Target) -> dict[str, dict[str, str]]:
    return smallest_resources(*(_if_allowed(target, resource) for resource in (LIMIT_RANGES, QUOTAS)))


def _if_allowed(target: Target, resource: Resource) -> list[Object]:
    """List what decides on the pod's requests; without the right, the pod requests nothing because of it."""
    try:
        return _list(target, resource, {})
    except Forbidden as x:
        logger.warning(f"{target}: the check's pod requests nothing for {resource.plural}: {one_line(x)}")
        return []


def _list(target: Target, resource: Resource, query: dict[str, str]) -> list[Object]:
    return list(target.cluster.send(list_request(resource, target.namespace, query))["items"])
