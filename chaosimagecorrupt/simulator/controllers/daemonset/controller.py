"""When a DaemonSet is synced, and how its Pods are created and deleted (daemon_controller.go)."""

from collections.abc import Sequence
from functools import partial

from ...clock import Clock
from ...label_selector import matches_label_selector
from ...types import Object
from ..client import Client
from ..controller_ref import adopt, is_up_for_adoption
from ..controller_revisions import REVISION_HASH, REVISIONS
from ..errors import StatusError
from ..events import EventRecorder, reference
from ..informer import Informer, controller_of
from ..randomness import Randomness
from ..replicaset.active_pods import is_ready
from ..workqueue import Key, Request, Work, WorkQueue
from .expectations import Expectations
from .history import DAEMON_SETS, excess, sync_history
from .pods import new_pod, should_run
from .rollout import Changes, Look
from .status import is_outdated, status_of

__all__ = ["DaemonSetController"]

# The greatest number of Pods that one sync creates or deletes
BURST_REPLICAS = 250

# Seconds from the effect of the last write to its answer: meanwhile a watch delivers it
ANSWER = (0.001, 0.004)


class DaemonSetController:
    """Keeps each DaemonSet's Pods, ControllerRevisions and status as its spec says.

    Args:
        informer: of DaemonSets, ControllerRevisions, Pods and nodes.
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
        self._expected = Expectations()
        informer.on(DAEMON_SETS, self._daemon_set_changed)
        informer.on(REVISIONS, self._revision_changed)
        informer.on("pods", self._pod_changed)
        informer.on("nodes", self._node_changed)

    def _daemon_set_changed(self, old: Object | None, new: Object | None) -> None:
        obj = new or old
        if obj is None:
            return
        if new is None:
            self._expected.forget(obj["metadata"]["uid"])
        self._add(obj)

    def _add(self, daemon_set: Object) -> None:
        self._queue.add((daemon_set["metadata"]["namespace"], daemon_set["metadata"]["name"]))

    def _owner_of(self, obj: Object | None) -> Object | None:
        """Return the DaemonSet that controls an object."""
        owner = controller_of(obj) if obj else None
        if obj is None or owner is None or owner["kind"] != "DaemonSet":
            return None
        found = self._informer.get(DAEMON_SETS, obj["metadata"]["namespace"], owner["name"])
        return found if found and found["metadata"]["uid"] == owner["uid"] else None

    def _revision_changed(self, old: Object | None, new: Object | None) -> None:
        if new is not None and is_up_for_adoption(old, new):
            self._offer(new)
        for each in (old, new) if old is not None else ():
            if (daemon_set := self._owner_of(each)) is not None:
                self._add(daemon_set)

    def _pod_changed(self, old: Object | None, new: Object | None) -> None:
        if new is not None and is_up_for_adoption(old, new):
            self._offer(new)
        for each in (old, new):
            if (daemon_set := self._owner_of(each)) is not None:
                self._add(daemon_set)
        daemon_set = self._owner_of(new or old)
        if daemon_set is not None:
            self._observe(daemon_set, old, new)

    def _observe(self, daemon_set: Object, old: Object | None, new: Object | None) -> None:
        """Count down what was expected, and wait until a Pod that is ready now becomes available."""
        metadata, seconds = daemon_set["metadata"], daemon_set["spec"].get("minReadySeconds", 0)
        if new is None or "deletionTimestamp" in new["metadata"]:
            self._expected.observe(metadata["uid"], deletions=1)
        elif old is None:
            self._expected.observe(metadata["uid"], creations=1)
        elif seconds and not is_ready(old) and is_ready(new):
            # a second more, because the time since when a Pod is ready is in whole seconds
            self._queue.add_after((metadata["namespace"], metadata["name"]), seconds + 1)

    def _offer(self, obj: Object) -> None:
        """Queue the DaemonSets that might adopt an object without a controller."""
        labels = obj["metadata"].get("labels") or {}
        for daemon_set in self._informer.list(DAEMON_SETS, obj["metadata"]["namespace"]):
            if matches_label_selector(daemon_set["spec"]["selector"], labels):
                self._add(daemon_set)

    def _node_changed(self, old: Object | None, new: Object | None) -> None:
        """Queue the DaemonSets for which a node is new, or has changed in what matters."""
        for daemon_set in self._informer.all(DAEMON_SETS):
            before, after = (should_run(daemon_set, node) if node else (False, False) for node in (old, new))
            if before != after:
                self._add(daemon_set)

    def _sync(self, key: Key) -> Work:
        daemon_set = self._informer.get(DAEMON_SETS, *key)
        if daemon_set is None or "deletionTimestamp" in daemon_set["metadata"]:
            return
        selector, uid = daemon_set["spec"]["selector"], daemon_set["metadata"]["uid"]
        known = yield from adopt(self._informer, self._client, REVISIONS, daemon_set, selector)
        current, old = yield from sync_history(self._client, daemon_set, known)
        revision_hash = current["metadata"]["labels"][REVISION_HASH]
        satisfied, failure = self._expected.are_met(uid), None
        if satisfied:
            failure = yield from self._update(daemon_set, revision_hash, old)
        look = yield from self._look(daemon_set, revision_hash)
        yield from self._write_status(daemon_set, status_of(look, raise_generation=satisfied))
        if failure is not None:
            raise failure
        seconds, status = daemon_set["spec"].get("minReadySeconds", 0), status_of(look, raise_generation=False)
        if seconds and status["numberReady"] != status.get("numberAvailable", 0):
            self._queue.add_after(key, seconds)

    def _look(self, daemon_set: Object, revision_hash: str) -> Work:
        selector = daemon_set["spec"]["selector"]
        pods = yield from adopt(self._informer, self._client, "pods", daemon_set, selector)
        return Look(daemon_set, pods, list(self._informer.all("nodes")), revision_hash, self._clock.now())

    def _update(self, daemon_set: Object, revision_hash: str, old: Sequence[Object]) -> Work:
        """Create and delete Pods, and old revisions; returns the first failure, if any (updateDaemonSet)."""
        look = yield from self._look(daemon_set, revision_hash)
        failure = yield from self._apply(daemon_set, revision_hash, look.manage())
        is_rolling = daemon_set["spec"]["updateStrategy"]["type"] == "RollingUpdate"
        if failure is None and is_rolling and self._expected.are_met(daemon_set["metadata"]["uid"]):
            look = yield from self._look(daemon_set, revision_hash)
            failure = yield from self._apply(daemon_set, revision_hash, look.roll())
        if failure is None:
            for revision in excess(daemon_set, old, look.pods):
                metadata = revision["metadata"]
                yield partial(self._client.delete, REVISIONS, metadata["namespace"], metadata["name"])
        return failure

    def _apply(self, daemon_set: Object, revision_hash: str, changes: Changes) -> Work:
        """Create and delete Pods; returns the first failure, if any (syncNodes)."""
        uid = daemon_set["metadata"]["uid"]
        nodes, pods = changes.nodes[:BURST_REPLICAS], changes.pods[:BURST_REPLICAS]
        self._expected.expect(uid, len(nodes), len(pods))
        failures = yield from self._create_all(daemon_set, revision_hash, nodes)
        refused = yield from self._send([partial(self._delete, daemon_set, pod) for pod in pods])
        self._expected.observe(uid, deletions=len(refused))
        if nodes or pods:
            yield self._randomness.between(*ANSWER)
        # what fails in a namespace that is going away always will, and what is gone need not be deleted
        failures = [each for each in [*failures, *refused] if each.reason not in ("NamespaceTerminating", "NotFound")]
        return failures[0] if failures else None

    def _create_all(self, daemon_set: Object, revision_hash: str, nodes: Sequence[str]) -> Work:
        """Create Pods, one first, then twice as many each time until one fails; returns the failures."""
        failures: list[StatusError] = []
        size, done = 1, 0
        while done < len(nodes) and not failures:
            batch = nodes[done : done + size]
            made = [new_pod(daemon_set, node, revision_hash, self._randomness.suffix()) for node in batch]
            failures += yield from self._send([partial(self._create, daemon_set, pod) for pod in made])
            done, size = done + len(batch), 2 * size
        self._expected.observe(daemon_set["metadata"]["uid"], creations=len(failures) + len(nodes) - done)
        return failures

    def _send(self, requests: list[Request]) -> Work:
        """Send requests at once, and return those that failed."""
        answers = (yield requests) if requests else []
        return [answer for answer in answers if isinstance(answer, StatusError)]

    def _create(self, daemon_set: Object, pod: Object) -> None:
        about = reference(daemon_set)
        try:
            self._client.create("pods", pod)
        except StatusError as error:
            if error.reason != "NamespaceTerminating":
                self._recorder.event(about, "Warning", "FailedCreate", f"Error creating: {error}")
            raise
        self._recorder.event(about, "Normal", "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}")

    def _delete(self, daemon_set: Object, pod: Object) -> None:
        name = pod["metadata"]["name"]
        self._client.delete("pods", pod["metadata"]["namespace"], name)
        self._recorder.event(reference(daemon_set), "Normal", "SuccessfulDelete", f"Deleted pod: {name}")

    def _write_status(self, daemon_set: Object, status: Object) -> Work:
        """Write the status if anything changed, once more on a conflict (storeDaemonSetStatus)."""
        if not is_outdated(daemon_set, status):
            return
        update = partial(self._client.update_status, DAEMON_SETS)
        try:
            yield partial(update, {**daemon_set, "status": status})
        except StatusError:
            metadata = daemon_set["metadata"]
            newest = self._client.get(DAEMON_SETS, metadata["namespace"], metadata["name"])
            yield partial(update, {**newest, "status": status})
