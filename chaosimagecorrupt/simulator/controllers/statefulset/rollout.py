"""One look at the Pods of a StatefulSet, and what follows from it (stateful_set_control.go: updateStatefulSet)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from ...clock import Clock
from ...types import Object
from ..controller_revisions import template_of
from ..errors import StatusError
from ..replicaset.active_pods import has_ended
from ..workqueue import Request, Work
from .history import Revisions
from .pod_control import PodControl
from .pods import (
    is_created,
    is_running_and_available,
    is_terminating,
    is_unavailable,
    new_pod,
    ordinal_of,
    revision_of,
    start_of,
)
from .status import status_of, written

__all__ = ["Outcome", "Rollout"]

# The greatest number of requests that are sent at once
MAX_BATCH = 500


class Step(Enum):
    """What has to happen to one replica next."""

    NONE = "none"
    CREATE = "create"
    DELETE = "delete"
    WAIT = "wait"


@dataclass
class Outcome:
    """What a look led to.

    Attributes:
        status: the status to write.
        failure: why a request failed, `None` when none did.
    """

    status: Object
    failure: StatusError | None = None


class Rollout:
    """Creates, replaces and deletes Pods.

    Args:
        control: sends the requests about Pods.
        clock: the time.
    """

    def __init__(self, control: PodControl, clock: Clock) -> None:
        self._control = control
        self._clock = clock

    def update(self, stateful_set: Object, revisions: Revisions, pods: Sequence[Object]) -> Work:
        """Do what is next, and return an `Outcome`.

        Args:
            stateful_set: the StatefulSet.
            revisions: the ends of its rollout.
            pods: its Pods.
        """
        replicas, condemned = _partition(stateful_set, revisions, pods)
        status = partial(self._status, stateful_set, revisions)
        if "deletionTimestamp" in stateful_set["metadata"]:
            return Outcome(status(pods))
        try:
            blocked = yield from self._process(stateful_set, replicas)
            blocked = blocked or (yield from self._scale_down(stateful_set, replicas, condemned))
        except StatusError as error:
            return Outcome(status([*replicas, *condemned]), error)
        outcome = Outcome(status([*replicas, *condemned]))
        if not blocked and stateful_set["spec"]["updateStrategy"]["type"] != "OnDelete":
            yield from self._replace(stateful_set, replicas, revisions.update["metadata"]["name"], outcome)
        return outcome

    def _status(self, stateful_set: Object, revisions: Revisions, pods: Iterable[Object]) -> Object:
        current, update = (each["metadata"]["name"] for each in (revisions.current, revisions.update))
        return status_of(stateful_set, pods, current, update, revisions.collisions, self._clock.now())

    def _process(self, stateful_set: Object, replicas: Sequence[Object]) -> Work:
        """Create what is missing and delete what has ended; returns whether the rest has to wait (processReplica)."""
        steps = [(self._step(stateful_set, replica), replica) for replica in replicas]
        if not _is_monotonic(stateful_set):
            yield from _in_batches([self._requests(stateful_set, *each) for each in steps])
            return False
        step, replica = next((each for each in steps if each[0] is not Step.NONE), (Step.NONE, None))
        if replica is not None:
            yield from self._requests(stateful_set, step, replica)
        return step is not Step.NONE

    def _step(self, stateful_set: Object, replica: Object) -> Step:
        if has_ended(replica):
            return Step.WAIT if is_terminating(replica) else Step.DELETE
        if not is_created(replica):
            return Step.CREATE
        return Step.WAIT if self._is_unavailable(stateful_set, replica) else Step.NONE

    def _requests(self, stateful_set: Object, step: Step, replica: Object) -> list[Request]:
        requests = {Step.CREATE: self._control.create, Step.DELETE: self._control.delete}
        return [partial(requests[step], stateful_set, replica)] if step in requests else []

    def _is_unavailable(self, stateful_set: Object, pod: Object) -> bool:
        return is_unavailable(pod, stateful_set["spec"].get("minReadySeconds", 0), self._clock.now())

    def _scale_down(self, stateful_set: Object, replicas: Sequence[Object], condemned: Sequence[Object]) -> Work:
        """Delete the Pods beyond the last ordinal; returns whether the rest has to wait (processCondemned)."""
        if not _is_monotonic(stateful_set):
            going = [pod for pod in condemned if not is_terminating(pod)]
            yield from _in_batches([[partial(self._control.delete, stateful_set, pod)] for pod in going])
            return False
        if condemned and self._may_go(stateful_set, replicas, condemned):
            yield partial(self._control.delete, stateful_set, condemned[0])
        return bool(condemned)

    def _may_go(self, stateful_set: Object, replicas: Sequence[Object], condemned: Sequence[Object]) -> bool:
        """Return whether the last Pod may be deleted: it serves, or is the first one that does not."""
        pod, seconds = condemned[0], stateful_set["spec"].get("minReadySeconds", 0)
        if is_terminating(pod):
            return False
        every = [*replicas, *reversed(condemned)]
        unavailable = next((each for each in every if self._is_unavailable(stateful_set, each)), None)
        return is_running_and_available(pod, seconds, self._clock.now()) or pod is unavailable

    def _replace(self, stateful_set: Object, replicas: Sequence[Object], update: str, outcome: Outcome) -> Work:
        """Delete the last Pod of another revision, unless one after it is not available yet."""
        partition = (stateful_set["spec"]["updateStrategy"].get("rollingUpdate") or {}).get("partition", 0)
        for replica in reversed(replicas[partition:]):
            if revision_of(replica) != update and not is_terminating(replica):
                try:
                    yield partial(self._control.delete, stateful_set, replica)
                except StatusError as error:
                    if error.reason != "NotFound":
                        outcome.failure = error
                        return
                left = outcome.status.get("currentReplicas", 0) - 1
                outcome.status = written({**outcome.status, "currentReplicas": left})
                return
            if self._is_unavailable(stateful_set, replica):
                return


def _is_monotonic(stateful_set: Object) -> bool:
    return bool(stateful_set["spec"]["podManagementPolicy"] != "Parallel")


def _partition(stateful_set: Object, revisions: Revisions, pods: Iterable[Object]) -> tuple[list[Object], list[Object]]:
    """Return the replicas by ordinal, those to be created among them; and the others, the last ordinal first."""
    start, count = start_of(stateful_set), int(stateful_set["spec"]["replicas"])
    by_ordinal = {ordinal: pod for pod in pods if (ordinal := ordinal_of(stateful_set, pod)) is not None}
    wanted = range(start, start + count)
    replicas = [by_ordinal.get(each) or _versioned(stateful_set, revisions, each) for each in wanted]
    return replicas, [by_ordinal[each] for each in sorted(by_ordinal, reverse=True) if each not in wanted]


def _versioned(stateful_set: Object, revisions: Revisions, ordinal: int) -> Object:
    """Return a new Pod of the revision that its ordinal is to have (newVersionedStatefulSetPod)."""
    strategy = stateful_set["spec"]["updateStrategy"]
    partition = (strategy.get("rollingUpdate") or {}).get("partition", 0)
    is_old = strategy["type"] == "RollingUpdate" and ordinal < start_of(stateful_set) + partition
    revision = revisions.current if is_old else revisions.update
    return new_pod(stateful_set, template_of(revision), revision["metadata"]["name"], ordinal)


def _in_batches(requests: Sequence[Sequence[Request]]) -> Work:
    """Send the requests about one Pod, then about twice as many each time until one fails (slowStartBatch)."""
    size, done = 1, 0
    while done < len(requests):
        batch = [request for each in requests[done : done + size] for request in each]
        answers = (yield batch) if batch else []
        failure = next((answer for answer in answers if isinstance(answer, StatusError)), None)
        if failure is not None:
            raise failure
        done, size = done + size, min(2 * size, MAX_BATCH)
