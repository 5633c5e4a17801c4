"""When a ReplicaSet is synced, and how its Pods are created and deleted (replica_set.go)."""

from collections.abc import Sequence
from functools import partial

from ...clock import Clock
from ...label_selector import matches_label_selector
from ...types import Object
from ..client import Client
from ..controller_ref import adopt, is_up_for_adoption
from ..errors import StatusError
from ..events import EventRecorder, reference
from ..informer import Informer, controller_of
from ..randomness import Randomness
from ..workqueue import Key, Work, WorkQueue
from .active_pods import (
    is_active,
    is_ready,
    is_terminating,
    pods_to_delete,
    ready_since,
)
from .pods import FAILED_CREATE, pod_from_template, status_of

__all__ = ["ReplicaSetController"]

# The greatest number of Pods that one sync creates or deletes
BURST_REPLICAS = 500


class ReplicaSetController:
    """Creates and deletes the Pods of each ReplicaSet, and counts them.

    Args:
        informer: of ReplicaSets and Pods.
        client: sends the writes.
        recorder: records events.
        clock: the time, and callbacks at a later time.
        randomness: how long requests take, names of Pods.
    """

    def __init__(
        self, informer: Informer, client: Client, recorder: EventRecorder, clock: Clock, randomness: Randomness
    ) -> None:
        self._informer = informer
        self._client = client
        self._recorder = recorder
        self._clock = clock
        self._randomness = randomness
        self._queue = WorkQueue(clock, randomness, self._sync)
        self._expected: dict[str, tuple[int, set[str]]] = {}
        informer.on("replicasets.apps", self._replica_set_changed)
        informer.on("pods", self._pod_changed)

    def _replica_set_changed(self, old: Object | None, new: Object | None) -> None:
        obj = new or old
        if obj is None:
            return
        if new is None:
            self._expected.pop(obj["metadata"]["uid"], None)
        self._queue.add((obj["metadata"]["namespace"], obj["metadata"]["name"]))

    def _pod_changed(self, old: Object | None, new: Object | None) -> None:
        if new is not None and is_up_for_adoption(old, new):
            self._offer(new)
        pod, owner = new or old, _replica_set_of(old, new)
        if pod is None or owner is None:
            return
        if old is None:
            self._observe_creation(owner["uid"])
        if new is None or "deletionTimestamp" in new["metadata"]:
            self._observe_deletion(owner["uid"], pod["metadata"]["uid"])
        key = (pod["metadata"]["namespace"], owner["name"])
        self._queue.add(key)
        if _became_ready(old, new):
            self._await_availability(key)

    def _await_availability(self, key: Key) -> None:
        """Queue a ReplicaSet for when a Pod that is ready now becomes available (updatePod)."""
        replica_set = self._informer.get("replicasets.apps", *key)
        seconds = replica_set["spec"].get("minReadySeconds", 0) if replica_set else 0
        if seconds:
            # a second more, because the time since when a Pod is ready is in whole seconds
            self._queue.add_after(key, seconds + 1)

    def _offer(self, pod: Object) -> None:
        """Queue the ReplicaSets that might adopt a Pod without a controller."""
        namespace, labels = pod["metadata"]["namespace"], pod["metadata"].get("labels") or {}
        for replica_set in self._informer.list("replicasets.apps", namespace):
            if matches_label_selector(replica_set["spec"]["selector"], labels):
                self._queue.add((namespace, replica_set["metadata"]["name"]))

    def _observe_creation(self, uid: str) -> None:
        creations, deletions = self._expected.get(uid, (0, set()))
        self._expected[uid] = (max(0, creations - 1), deletions)

    def _observe_deletion(self, uid: str, pod: str) -> None:
        if uid in self._expected:
            self._expected[uid][1].discard(pod)

    def _sync(self, key: Key) -> Work:
        replica_set = self._informer.get("replicasets.apps", *key)
        if replica_set is None:
            return
        uid = replica_set["metadata"]["uid"]
        satisfied = not any(self._expected.get(uid, (0, ())))
        every = yield from adopt(self._informer, self._client, "pods", replica_set, replica_set["spec"]["selector"])
        pods = [pod for pod in every if is_active(pod)]
        terminating = sum(map(is_terminating, every))
        failure: StatusError | None = None
        if satisfied and "deletionTimestamp" not in replica_set["metadata"]:
            failure = yield from self._manage(replica_set, pods)
        updated = yield from self._update_status(replica_set, pods, terminating, failure)
        if failure is not None:
            raise failure
        self._plan_next_look(key, updated, pods)

    def _plan_next_look(self, key: Key, replica_set: Object, pods: Sequence[Object]) -> None:
        """Queue the ReplicaSet for when the next Pod becomes available."""
        seconds = replica_set["spec"].get("minReadySeconds", 0)
        status = replica_set["status"]
        if not seconds or status.get("readyReplicas", 0) == status.get("availableReplicas", 0):
            return
        now = self._clock.now()
        since = [ready for ready in map(ready_since, pods) if ready is not None and ready + seconds > now]
        self._queue.add_after(key, min(since) + seconds - now if since else seconds)

    def _manage(self, replica_set: Object, pods: Sequence[Object]) -> Work:
        """Create or delete Pods; returns the first failure, if any (manageReplicas)."""
        difference = len(pods) - int(replica_set["spec"].get("replicas", 1))
        if difference < 0:
            return (yield from self._create(replica_set, min(-difference, BURST_REPLICAS)))
        if difference > 0:
            return (yield from self._delete(replica_set, pods, min(difference, BURST_REPLICAS)))
        return None

    def _create(self, replica_set: Object, count: int) -> Work:
        """Create Pods, one first, then twice as many each time until one fails (slowStartBatch)."""
        uid = replica_set["metadata"]["uid"]
        self._expected[uid] = (count, set())
        batch, left = 1, count
        while left:
            batch = min(batch, left)
            requests = [partial(self._create_pod, replica_set, self._randomness.suffix()) for _ in range(batch)]
            answers = yield requests
            failures = [answer for answer in answers if isinstance(answer, StatusError)]
            left -= batch
            if failures:
                for _ in range(left + len(failures)):
                    self._observe_creation(uid)
                # creation fails for all of a namespace that is going away: trying again would not help
                return None if failures[0].reason == "NamespaceTerminating" else failures[0]
            batch *= 2
        return None

    def _create_pod(self, replica_set: Object, suffix: str) -> Object:
        about = reference(replica_set)
        try:
            pod = self._client.create("pods", pod_from_template(replica_set, suffix))
        except StatusError as error:
            if error.reason != "NamespaceTerminating":
                self._recorder.event(about, "Warning", FAILED_CREATE, f"Error creating: {error}")
            raise
        self._recorder.event(about, "Normal", "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}")
        return pod

    def _delete(self, replica_set: Object, pods: Sequence[Object], count: int) -> Work:
        uid = replica_set["metadata"]["uid"]
        doomed = pods_to_delete(pods, count, self._clock.now(), self._randomness.rank)
        self._expected[uid] = (0, {pod["metadata"]["uid"] for pod in doomed})
        answers = yield [partial(self._delete_pod, replica_set, pod) for pod in doomed]
        failures = []
        for pod, answer in zip(doomed, answers, strict=True):
            if isinstance(answer, StatusError):
                self._observe_deletion(uid, pod["metadata"]["uid"])
                if answer.reason != "NotFound":
                    failures.append(answer)
        return failures[0] if failures else None

    def _delete_pod(self, replica_set: Object, pod: Object) -> None:
        name = pod["metadata"]["name"]
        self._client.delete("pods", pod["metadata"]["namespace"], name)
        about = reference(replica_set)
        self._recorder.event(about, "Normal", "SuccessfulDelete", f"Deleted pod: {name}")

    def _update_status(
        self, replica_set: Object, pods: Sequence[Object], terminating: int, failure: StatusError | None
    ) -> Work:
        """Write the status if anything changed, once more on a conflict (updateReplicaSetStatus)."""
        status = status_of(replica_set, pods, terminating, failure, self._clock.now())
        before = replica_set.get("status", {})
        generation = replica_set["metadata"]["generation"]
        if {**status, "observedGeneration": generation} == before:
            return replica_set
        status["observedGeneration"] = generation
        update = partial(self._client.update_status, "replicasets.apps")
        try:
            return (yield partial(update, {**replica_set, "status": status}))
        except StatusError:
            metadata = replica_set["metadata"]
            newest = self._client.get("replicasets.apps", metadata["namespace"], metadata["name"])
            return (yield partial(update, {**newest, "status": status}))


def _replica_set_of(old: Object | None, new: Object | None) -> Object | None:
    """Return the reference to the ReplicaSet that controls a changed Pod, or did so until it released the Pod."""
    owner = (controller_of(new) if new else None) or (controller_of(old) if old else None)
    return owner if owner is not None and owner["kind"] == "ReplicaSet" else None


def _became_ready(old: Object | None, new: Object | None) -> bool:
    return bool(old and new and not is_ready(old) and is_ready(new))
