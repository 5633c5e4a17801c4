"""When a StatefulSet is synced, and in which steps (stateful_set.go, stateful_set_control.go)."""

from collections.abc import Sequence
from functools import partial

from ...clock import Clock
from ...label_selector import matches_label_selector
from ...types import Object
from ..client import Client
from ..controller_ref import adopt, is_up_for_adoption
from ..controller_revisions import REVISIONS, unneeded
from ..errors import StatusError
from ..events import EventRecorder
from ..informer import Informer, controller_of
from ..randomness import Randomness
from ..replicaset.active_pods import is_ready
from ..workqueue import Key, Work, WorkQueue
from .history import Revisions, sync_revisions
from .pod_control import PodControl
from .pods import ordinal_of, revision_of
from .rollout import Rollout
from .status import completed, is_outdated

__all__ = ["StatefulSetController"]

STATEFUL_SETS = "statefulsets.apps"

# How often a status is written that conflicts, and after how many seconds each (client-go/util/retry: DefaultRetry)
STATUS_ATTEMPTS, STATUS_RETRY = 5, 0.01


class StatefulSetController:
    """Keeps each StatefulSet's Pods, ControllerRevisions and status as its spec says.

    Args:
        informer: of StatefulSets, ControllerRevisions and Pods.
        client: sends the writes.
        recorder: records events.
        clock: the time, and callbacks at a later time.
        randomness: how long requests take.
    """

    def __init__(
        self, informer: Informer, client: Client, recorder: EventRecorder, clock: Clock, randomness: Randomness
    ) -> None:
        self._informer = informer
        self._client = client
        self._queue = WorkQueue(clock, randomness, self._sync)
        self._rollout = Rollout(PodControl(client, recorder), clock)
        informer.on(STATEFUL_SETS, self._stateful_set_changed)
        informer.on("pods", self._pod_changed)

    def _stateful_set_changed(self, old: Object | None, new: Object | None) -> None:
        obj = new or old
        if obj is not None:
            self._queue.add((obj["metadata"]["namespace"], obj["metadata"]["name"]))

    def _pod_changed(self, old: Object | None, new: Object | None) -> None:
        if new is not None and is_up_for_adoption(old, new):
            self._offer(new)
        for owner, namespace in map(_owner_of, filter(None, (old, new))):
            if owner:
                self._queue.add((namespace, owner))
        if old and new and not is_ready(old) and is_ready(new):
            self._await_availability(new)

    def _offer(self, pod: Object) -> None:
        """Queue the StatefulSets that might adopt a Pod without a controller."""
        namespace, labels = pod["metadata"]["namespace"], pod["metadata"].get("labels") or {}
        for stateful_set in self._informer.list(STATEFUL_SETS, namespace):
            if matches_label_selector(stateful_set["spec"]["selector"], labels):
                self._queue.add((namespace, stateful_set["metadata"]["name"]))

    def _await_availability(self, pod: Object) -> None:
        """Queue a StatefulSet for when a Pod that is ready now becomes available."""
        owner, namespace = _owner_of(pod)
        stateful_set = self._informer.get(STATEFUL_SETS, namespace, owner)
        seconds = stateful_set["spec"].get("minReadySeconds", 0) if stateful_set else 0
        if seconds:
            # a second more, because the time since when a Pod is ready is in whole seconds
            self._queue.add_after((namespace, owner), seconds + 1)

    def _sync(self, key: Key) -> Work:
        stateful_set = self._informer.get(STATEFUL_SETS, *key)
        if stateful_set is None:
            return
        selector = stateful_set["spec"]["selector"]
        known = yield from adopt(self._informer, self._client, REVISIONS, stateful_set, selector)
        is_member = partial(_is_member, stateful_set)
        pods = yield from adopt(self._informer, self._client, "pods", stateful_set, selector, is_member)
        revisions = yield from sync_revisions(self._client, stateful_set, known)
        outcome = yield from self._rollout.update(stateful_set, revisions, pods)
        status = completed(stateful_set, outcome.status)
        yield from self._write_status(stateful_set, status)
        if outcome.failure is not None:
            raise outcome.failure
        yield from self._truncate_history(stateful_set, revisions, known, pods)
        seconds = stateful_set["spec"].get("minReadySeconds", 0)
        if seconds and status["availableReplicas"] != stateful_set["spec"]["replicas"]:
            self._queue.add_after(key, seconds)

    def _write_status(self, stateful_set: Object, status: Object) -> Work:
        if not is_outdated(stateful_set, status):
            return
        key = stateful_set["metadata"]["namespace"], stateful_set["metadata"]["name"]
        for left in reversed(range(STATUS_ATTEMPTS)):
            try:
                yield partial(self._client.update_status, STATEFUL_SETS, {**stateful_set, "status": status})
                return
            except StatusError as error:
                if error.reason != "Conflict" or not left:
                    raise
            yield STATUS_RETRY
            stateful_set = self._informer.get(STATEFUL_SETS, *key) or stateful_set

    def _truncate_history(
        self, stateful_set: Object, revisions: Revisions, known: Sequence[Object], pods: Sequence[Object]
    ) -> Work:
        """Delete the oldest ControllerRevisions that are neither of the rollout nor of a Pod."""
        live = [each["metadata"]["name"] for each in (revisions.current, revisions.update)]
        live += map(revision_of, pods)
        for revision in unneeded(known, live, stateful_set["spec"].get("revisionHistoryLimit", 10)):
            metadata = revision["metadata"]
            yield partial(self._client.delete, REVISIONS, metadata["namespace"], metadata["name"])


def _is_member(stateful_set: Object, pod: Object) -> bool:
    return ordinal_of(stateful_set, pod) is not None


def _owner_of(pod: Object) -> tuple[str, str]:
    """Return the name of the StatefulSet that controls a Pod, empty for no such; and the namespace."""
    owner = controller_of(pod)
    name = owner["name"] if owner and owner["kind"] == "StatefulSet" else ""
    return name, pod["metadata"]["namespace"]
